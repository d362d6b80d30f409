// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_pieces.hpp>

namespace nke {
namespace {

// The branch that every switch of e takes at a point. With the declaration that nothing switches between two
// breakpoints, this is σ on the whole interval.
class Resolved {
 public:
  Resolved(const Rational& at, std::string between)
      : precision_(Precision::digits(60)), at_(at, precision_), between_(std::move(between)) {}

  Expr operator()(const Expr& e) const {
    if (e.operands().empty()) return e;
    if (e.is(Expr::Kind::piecewise)) return branch(e);
    std::vector<Expr> operands;
    for (const Expr& operand : e.operands()) operands.push_back((*this)(operand));
    if (!e.is(Expr::Kind::function)) return rebuild(e, std::move(operands));
    switch (e.function()) {
      case Function::abs: return sign_of(operands[0]) < 0 ? -operands[0] : operands[0];
      case Function::sign: return Expr(sign_of(operands[0]));
      case Function::step: return Expr(Rational(1 + sign_of(operands[0]), 2));
      case Function::max: return sign_of(operands[0] - operands[1]) < 0 ? operands[1] : operands[0];
      case Function::min: return sign_of(operands[0] - operands[1]) < 0 ? operands[0] : operands[1];
      default: return rebuild(e, std::move(operands));
    }
  }

 private:
  int sign_of(const Expr& g) const {
    if (g.is_zero()) return 0;
    const Ball value = evaluate<Ball>(g, "x", at_, precision_);
    if (certainly_positive(value)) return 1;
    if (certainly_negative(value)) return -1;
    throw NotCertified("the sign of " + to_text(g) + " " + between_ + " could not be told at x = " + at_.to_decimal(6) +
                       ", although no breakpoint is declared there");
  }

  Expr branch(const Expr& e) const {
    const auto operands = e.operands();
    for (std::size_t k = 0; k + 1 < operands.size(); k += 2) {
      const Expr difference = (*this)(operands[k].operand(1)) - (*this)(operands[k].operand(0));
      const int sign = sign_of(difference);
      if (sign > 0 || (sign == 0 && !operands[k].strict())) return (*this)(operands[k + 1]);
    }
    return (*this)(operands.back());
  }

  Precision precision_;
  Ball at_;
  std::string between_;
};

std::string list_of(const std::vector<Rational>& points) {
  if (points.empty()) return "none";
  std::string text;
  for (const Rational& point : points) text += (text.empty() ? "" : ", ") + point.to_string();
  return text;
}

void use_declared_points(const Activation& sigma, std::vector<Rational> points, Precision precision,
                         CertifiedPieces& result) {
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  for (std::size_t i = 0; i <= points.size(); ++i) {
    // A sample that is no simple fraction, to stay off points where something touches.
    const Rational left = i > 0 ? points[i - 1] : points.empty() ? Rational(0) : points[0] - Rational(1);
    const Rational right = i < points.size() ? points[i] : left + Rational(1);
    const Rational sample = left + (right - left) * Rational(41, 97);
    result.pieces.push_back(Resolved(sample, "between the declared breakpoints")(sigma.expression()));
  }
  for (const Rational& point : points) result.points.emplace_back(point, precision);
  result.assumptions.push_back("sigma is analytic except at the declared breakpoints: " + list_of(points));
}

// Whoever differentiates σ looks for jumps among the breakpoints that are nothing worse.
void require_continuous(const Activation& sigma, const Breakpoint& point) {
  if (point.removable) return;
  const auto& analysis = sigma.breakpoint_analysis();
  const auto number = static_cast<std::size_t>(&point - analysis.points.data());
  const Ball zero = Ball(0).at_precision(Precision::digits(30));
  const auto limit = [&](std::size_t piece) {
    return evaluate<Ball>(analysis.pieces[piece], "x", zero, Precision::digits(30));
  };
  const Ball gap = limit(number + 1) - limit(number);
  if (gap.is_finite() && !certainly_nonzero(gap)) return;
  throw NotCertified(sigma.name() + " has a " + to_text(point) +
                     " and is not seen to be continuous there: integrals across it are not certified");
}

void use_proven_points(const Activation& sigma, Precision precision, Singularity allowed, CertifiedPieces& result) {
  const Breakpoints& analysis = sigma.breakpoint_analysis();
  if (!analysis.proven) {
    throw NotCertified("the breakpoints of " + sigma.name() + " are not proven: " + analysis.reason +
                       ". They may be declared: --breakpoints");
  }
  result.pieces = analysis.pieces;
  for (const Breakpoint& point : analysis.points) {
    if (point.kind == Breakpoint::Kind::singular) {
      const bool at_zero = point.exact && point.exact->is_zero();
      if (allowed == Singularity::refused || !at_zero) {
        throw NotCertified(sigma.name() + " has a " + to_text(point) + ": integrals across it are not certified" +
                           (at_zero ? " here" : ", except at 0"));
      }
      require_continuous(sigma, point);
      result.singular = true;
      result.removable = point.removable;
    }
    result.points.push_back(point.exact ? Ball(*point.exact, precision) : point.location);
    if (!point.exact) {
      result.location_log_error = std::max(result.location_log_error, std::log(point.location.radius()));
    }
  }
}

// The breakpoints of one half, mirrored if it is the left one, and the pieces from the axis outwards.
struct Half {
  std::vector<Ball> cuts;
  std::vector<std::size_t> pieces;
};

Half right_half(const CertifiedPieces& all) {
  Half half;
  const auto first = std::ranges::find_if(all.points, certainly_positive);
  half.cuts.assign(first, all.points.end());
  for (auto i = static_cast<std::size_t>(first - all.points.begin()); i < all.pieces.size(); ++i) {
    half.pieces.push_back(i);
  }
  return half;
}

Half left_half(const CertifiedPieces& all) {
  Half half;
  const auto end = std::ranges::find_if_not(all.points, certainly_negative);
  for (auto i = static_cast<std::size_t>(end - all.points.begin()); i > 0; --i) {
    half.pieces.push_back(i);
    half.cuts.push_back(-all.points[i - 1]);
  }
  half.pieces.push_back(0);
  return half;
}

void fold(CertifiedPieces& all) {
  const Half right = right_half(all);
  const Half left = left_half(all);
  std::size_t r = 0;
  std::size_t l = 0;
  while (true) {
    all.right.push_back(right.pieces[r]);
    all.left.push_back(left.pieces[l]);
    const bool more_right = r < right.cuts.size();
    const bool more_left = l < left.cuts.size();
    if (!more_right && !more_left) return;
    if (more_right && more_left && right.cuts[r].overlaps(left.cuts[l])) {
      all.cuts.push_back(right.cuts[r] == left.cuts[l] ? right.cuts[r] : hull(right.cuts[r], left.cuts[l]));
      ++r;
      ++l;
    } else if (more_right && (!more_left || certainly_less(right.cuts[r], left.cuts[l]))) {
      all.cuts.push_back(right.cuts[r++]);
    } else {
      all.cuts.push_back(left.cuts[l++]);
    }
  }
}

}  // namespace

CertifiedPieces certified_pieces(const Activation& sigma, const Declarations& declared, long bits,
                                 Singularity allowed) {
  const Precision precision = Precision::bits(bits);
  CertifiedPieces result;
  result.location_log_error = -std::numeric_limits<double>::infinity();
  if (declared.breakpoints) {
    use_declared_points(sigma, *declared.breakpoints, precision, result);
  } else {
    use_proven_points(sigma, precision, allowed, result);
    result.parity = sigma.parity();
  }
  if (declared.growth) {
    result.growth = *declared.growth;
    result.assumptions.push_back(to_text(*declared.growth) + " for all x, as declared");
  } else if (sigma.growth()) {
    result.growth = *sigma.growth();
  } else {
    throw NotCertified("the growth of " + sigma.name() + " is not proven: " + sigma.growth_reason() +
                       ". It may be declared: --growth");
  }
  fold(result);
  return result;
}

}  // namespace nke
