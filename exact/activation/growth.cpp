// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <sstream>

#include <nke/exact/activation/growth.hpp>
#include <nke/exact/activation/range.hpp>
#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/real/error.hpp>

#include "growth_rules.hpp"
#include "point.hpp"
#include "poles.hpp"

namespace nke {
namespace {

using detail::Bound;

constexpr double tail_start = 8;  // where half-lines are cut for a second, often sharper, try
constexpr int finest_depth = 24;  // of boxes near a removable singularity
constexpr int usual_depth = 5;    // boxes are halved this often even if their range is bounded
constexpr int factor_order_limit = 8;

// f = n/b^m near a simple root of b at which n vanishes m-fold: both follow from Taylor with one derivative,
// |n/b^m| ≤ sup|n^(m)|/m! / inf|b'|^m on the box, which has the root in it.
Bound quotient_at_root(const Expr& f, const Range& box, const Breakpoint& point) {
  if (!point.exact) return std::nullopt;
  const detail::Pole pole = detail::find_pole(f, *point.exact);
  if (pole.order < 1 || pole.order > factor_order_limit) return std::nullopt;
  const double slope = range_of(simplify(differentiate(pole.base, "x")), "x", box).mignitude();
  if (slope == 0) return std::nullopt;
  Expr n = detail::cleared_of(f, pole);
  Range quotient{1, 1};
  for (long k = 1; k <= pole.order; ++k) {
    const auto value = detail::value_at(n, *point.exact);
    if (!value || !detail::proves_zero(*value)) return std::nullopt;
    n = simplify(differentiate(n, "x"));
    quotient = quotient * reciprocal(Range::enclosing(Rational(k)) * Range{slope, slope});
  }
  return detail::bound_of_constant((quotient * range_of(n, "x", box)).magnitude());
}

class Search {
 public:
  Search(const Expr& sigma, const Breakpoints& breakpoints) : sigma_(sigma), breakpoints_(breakpoints) {}

  Growth run() {
    if (!breakpoints_.proven) return whole();
    Bound total = at_breakpoints();
    for (std::size_t i = 0; i < breakpoints_.pieces.size(); ++i) {
      const auto& points = breakpoints_.points;
      const Range x{i == 0 ? -Range::infinity : points[i - 1].location.lower(),
                    i == points.size() ? Range::infinity : points[i].location.upper()};
      const Bound bound = of_piece(breakpoints_.pieces[i], x);
      if (!bound) return none(breakpoints_.pieces[i], x);
      total = detail::join(total, bound);
    }
    return finish(total);
  }

 private:
  // Without proven pieces the rules see min, max and piecewise themselves.
  Growth whole() const {
    const Bound bound = detail::bound_on(sigma_, Range::everything());
    return bound ? finish(bound) : none(sigma_, Range::everything());
  }

  static Growth finish(Bound bound) {
    if (bound->amplitude.is_zero()) bound = detail::bound_of_constant(0);
    bound->linear = std::max(bound->linear, Rational(0));
    return {.bound = bound, .reason = ""};
  }

  static Growth none(const Expr& piece, const Range& x) {
    std::ostringstream reason;
    reason << "no bound A (1+|x|)^p exp(kappa |x| + alpha x^2) was found for "
           << (node_count(piece) < 100 ? to_text(piece) : "a long expression") << " on (" << x.low << ", " << x.high
           << ")";
    return {.bound = std::nullopt, .reason = reason.str()};
  }

  // The value at the breakpoint itself may belong to neither side: step(0) = 1/2.
  Bound at_breakpoints() const {
    Bound total = detail::bound_of_constant(0);
    for (const Breakpoint& point : breakpoints_.points) {
      const Precision precision = Precision::bits(128);
      const Ball at = point.exact ? Ball(*point.exact, precision) : point.location;
      const Ball value = evaluate<Ball>(sigma_, "x", at, precision);
      if (!value.is_finite()) continue;  // σ is not defined there
      total = detail::join(total, detail::bound_of_constant(Range::enclosing(value).magnitude()));
    }
    return total;
  }

  Bound of_piece(const Expr& piece, const Range& x) const {
    if (x.is_bounded()) {
      const Bound bound = on_bounded(piece, x, 0);
      return bound ? bound : detail::bound_on(piece, x);  // exp(1000 x) up to 2 is beyond the doubles
    }
    return detail::better_of(detail::bound_on(piece, x), in_parts(piece, x));
  }

  // Two tails, on which |x| ≥ 8 is known, and the middle.
  Bound in_parts(const Expr& piece, const Range& x) const {
    Bound total = detail::bound_of_constant(0);
    const double low = std::max(x.low, -tail_start);
    const double high = std::min(x.high, tail_start);
    if (x.low < -tail_start) {
      total = detail::join(total, detail::bound_on(piece, {x.low, std::min(x.high, -tail_start)}));
    }
    if (total && x.high > tail_start) {
      total = detail::join(total, detail::bound_on(piece, {std::max(x.low, tail_start), x.high}));
    }
    if (total && low < high) total = detail::join(total, on_bounded(piece, {low, high}, 0));
    return total;
  }

  Bound on_bounded(const Expr& piece, const Range& x, int depth) const {
    const Range values = range_of(piece, "x", x);
    const bool wide = x.high - x.low > 1;
    if (values.is_bounded() && (depth >= usual_depth || !wide || values.low == values.high)) {
      return detail::bound_of_constant(values.magnitude());
    }
    for (const Breakpoint& point : breakpoints_.points) {
      if (!wide && point.removable && x.contains(point.at())) {
        if (const Bound bound = quotient_at_root(piece, x, point)) return bound;
      }
    }
    const double middle = x.low / 2 + x.high / 2;
    if (depth >= finest_depth || middle <= x.low || middle >= x.high) return std::nullopt;
    const Bound left = on_bounded(piece, {x.low, middle}, depth + 1);
    return left ? detail::join(left, on_bounded(piece, {middle, x.high}, depth + 1)) : std::nullopt;
  }

  const Expr& sigma_;
  const Breakpoints& breakpoints_;
};

std::string coefficient_text(const Rational& q) {
  if (q == Rational(1)) return "";
  const std::string exact = q.to_string();
  constexpr std::size_t short_enough = 12;
  if (exact.size() <= short_enough) return exact + " ";
  std::ostringstream rounded;
  rounded.precision(6);
  rounded << q.to_double();
  return rounded.str() + " ";
}

}  // namespace

double GrowthBound::log_at(double x) const {
  if (amplitude.is_zero()) return -Range::infinity;
  const Precision precision = Precision::bits(80);
  const Ball size = Ball::from_double_exactly(std::fabs(x), precision);
  const Ball value = log(Ball(amplitude, precision)) + Ball(power, precision) * log1p(size) +
                     Ball(linear, precision) * size + Ball(quadratic, precision) * size * size;
  return value.upper();
}

bool GrowthBound::square_integrable(const Rational& variance) const {
  if (variance.sign() < 0) throw DomainError("a variance is not negative: " + variance.to_string());
  return amplitude.is_zero() || Rational(4) * variance * quadratic < Rational(1);
}

std::string to_text(const GrowthBound& bound) {
  if (bound.amplitude.is_zero()) return "sigma = 0";
  std::ostringstream out;
  const std::string amplitude = coefficient_text(bound.amplitude);
  const bool constant = bound.power.is_zero() && bound.linear.is_zero() && bound.quadratic.is_zero();
  out << "|sigma(x)| <= ";
  if (constant) {
    out << (amplitude.empty() ? "1" : amplitude.substr(0, amplitude.size() - 1));
    return out.str();
  }
  out << amplitude;
  if (!bound.power.is_zero()) {
    out << "(1+|x|)";
    if (!bound.power.is_integer()) out << "^(" << bound.power << ')';
    if (bound.power.is_integer() && bound.power != Rational(1)) out << '^' << bound.power;
  }
  if (bound.linear.is_zero() && bound.quadratic.is_zero()) return out.str();
  out << (bound.power.is_zero() ? "exp(" : " exp(");
  if (!bound.linear.is_zero()) out << coefficient_text(bound.linear) << "|x|";
  if (!bound.quadratic.is_zero()) {
    const bool negative = bound.quadratic.sign() < 0;
    if (!bound.linear.is_zero()) out << (negative ? " - " : " + ");
    if (bound.linear.is_zero() && negative) out << '-';
    out << coefficient_text(abs(bound.quadratic)) << "x^2";
  }
  out << ')';
  return out.str();
}

Growth find_growth(const Expr& sigma, const Breakpoints& breakpoints) {
  return Search(sigma, breakpoints).run();
}

}  // namespace nke
