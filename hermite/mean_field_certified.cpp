// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string>

#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/expr/substitute.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_coefficients.hpp>
#include <nke/hermite/certified_dual.hpp>
#include <nke/hermite/mean_field_certified.hpp>

namespace nke {
namespace {

constexpr int guard_digits = 6;
constexpr int slope_digits = 15;
constexpr int chord_digits = 10;  // more than asked for, so that a quotient of differences has some left

Rational power_of_ten(int exponent) {
  return pow(Rational(10), exponent);
}

// A fraction at the centre of x, with so many digits.
Rational near_centre(const Ball& x, int digits) {
  const Ball centre = x.center();
  return centre.contains_zero() ? Rational(0) : Rational::parse(centre.to_decimal(digits));
}

bool jumps(const Activation& sigma) {
  return std::any_of(sigma.breakpoints().begin(), sigma.breakpoints().end(), [](const Breakpoint& p) {
    return p.smoothness == 0 && !p.removable && p.kind != Breakpoint::Kind::kink;
  });
}

// (σ(1)² + σ(−1)²)/2 for σ homogeneous of degree 1, if it is a fraction: E σ(√q z)²/q and E σ'².
std::optional<Rational> linear_moment(const Activation& sigma) {
  if (!sigma.homogeneity() || !(*sigma.homogeneity() == Rational(1))) return std::nullopt;
  const Expr right = simplify(substitute(sigma.expression(), "x", Expr(1)));
  const Expr left = simplify(substitute(sigma.expression(), "x", Expr(-1)));
  const Expr moment = simplify((pow(right, Expr(2)) + pow(left, Expr(2))) / Expr(2));
  if (!moment.is_number()) return std::nullopt;
  return moment.number();
}

class Prover {
 public:
  Prover(const Activation& sigma, const CertifiedScales& scales, int digits)
      : sigma_(sigma),
        scales_(scales),
        digits_(digits),
        precision_(Precision::digits(digits + 2 * guard_digits)),
        weight_(scales.weight, precision_),
        bias_(scales.bias, precision_) {}

  CertifiedFieldPoint point(const FieldFixedPoint& fast) {
    CertifiedFieldPoint result = blank(fast);
    if (fast.variance == 0) {
      result.variance = Ball(0);
      // The search says so only where σ_b = 0; whether σ(0) = 0 is a question of balls.
      result.proven = scales_.bias.is_zero() && sigma_at_zero_is_zero();
      result.open.emplace_back("at q* = 0 the slopes are limits, and are not certified");
      return result;
    }
    enclose_variance(result);
    if (!result.proven) return result;
    attempt(result, "V'(q*)", [&] { enclose_slope(result); });
    attempt(result, "chi_1", [&] { enclose_chi(result); });
    attempt(result, "c*", [&] { enclose_correlation(result); });
    return result;
  }

  CertifiedFieldPoint linear_point(const FieldFixedPoint& fast, const Rational& moment) {
    CertifiedFieldPoint result = blank(fast);
    const Rational slope = scales_.weight * moment;
    result.slope = result.chi = Ball(slope, precision_);
    result.phase = slope < Rational(1) ? Phase::ordered : slope == Rational(1) ? Phase::critical : Phase::chaotic;
    result.proven = true;
    result.unique = !(slope == Rational(1));
    if (fast.variance == 0) {
      result.variance = Ball(0);
      return result;
    }
    result.variance = slope == Rational(1) ? Ball(1) : Ball(scales_.bias / (1 - slope), precision_);
    result.correlation = Ball(1);  // χ₁ ≤ 1: only then is there a fixed point above 0
    result.correlation_slope = result.chi;
    add_depths(result);
    return result;
  }

 private:
  CertifiedFieldPoint blank(const FieldFixedPoint& fast) const {
    CertifiedFieldPoint result;
    result.fast = fast;
    for (Ball* ball : {&result.variance, &result.slope, &result.chi, &result.correlation, &result.correlation_slope,
                       &result.depth_variance, &result.depth_correlation}) {
      *ball = Ball::indeterminate(precision_);
    }
    return result;
  }

  template <class Step>
  static void attempt(CertifiedFieldPoint& result, const std::string& what, const Step& step) {
    try {
      step();
    } catch (const Error& error) {
      result.open.push_back(what + ": " + error.what());
    }
  }

  bool sigma_at_zero_is_zero() const {
    const Expr at_zero = simplify(substitute(sigma_.expression(), "x", Expr(0)));
    return at_zero.is_zero();
  }

  Ball exact(const Rational& q) const { return {q, precision_}; }

  // V(q) − q.
  Ball excess(const Rational& q) const {
    const Ball norm = certified_norm(sigma_, exact(q), {.degree = 0, .digits = digits_ + guard_digits});
    return weight_ * norm + bias_ - exact(q);
  }

  void enclose_variance(CertifiedFieldPoint& result) const {
    const FieldFixedPoint& fast = result.fast;
    const double steep = fast.slope - 1;
    Rational q = Rational::from_double_exactly(fast.variance);
    try {
      Ball g = excess(q);
      const double enough = std::pow(10.0, -digits_ - 2);
      for (int step = 0; step < 12 && std::abs(g.mid()) > enough * fast.variance; ++step) {
        const Ball next = exact(q) - g / Ball::from_double_exactly(steep, precision_);
        const Rational candidate = near_centre(next, digits_ + guard_digits);
        if (candidate.sign() <= 0 || std::abs(candidate.to_double() / fast.variance - 1) > 1e-3) break;
        const Ball there = excess(candidate);
        if (!(std::abs(there.mid()) < std::abs(g.mid()))) break;
        q = candidate;
        g = there;
      }
      Rational half = q * power_of_ten(-digits_ - 1);
      const double slack = 4 * (std::abs(g.mid()) + g.radius()) / std::abs(steep);
      if (std::isfinite(slack) && slack > half.to_double()) half = Rational::from_double_exactly(slack);
      const Rational widest = q * Rational(1, 1000);
      for (; half < widest; half *= Rational(1000)) {
        const Ball below = excess(q - half), above = excess(q + half);
        const bool crosses = (certainly_positive(below) && certainly_negative(above)) ||
                             (certainly_negative(below) && certainly_positive(above));
        if (!crosses) continue;
        result.variance = Ball::from_interval(q - half, q + half, precision_);
        result.proven = true;
        return;
      }
      result.open.emplace_back("no change of sign of V(q) - q is proven near the root: V'(q*) is close to 1");
    } catch (const Error& error) {
      result.open.emplace_back(error.what());
    }
  }

  void enclose_slope(CertifiedFieldPoint& result) const {
    const Activation square(pow(sigma_.expression(), Expr(2)), "square of " + sigma_.name());
    const auto h = certified_coefficients(square, result.variance, {.degree = 2, .digits = slope_digits});
    // E f (z² − 1) = √2 h_2.
    result.slope = weight_ * h.values[2] / (sqrt(exact(2)) * result.variance);
    result.unique = certainly_nonzero(result.slope - Ball(1));
    result.depth_variance = depth_scale(abs(result.slope));
  }

  void enclose_chi(CertifiedFieldPoint& result) const {
    if (jumps(sigma_)) {
      result.chi_infinite = true;
      result.phase = Phase::chaotic;
      return;
    }
    if (!sigma_.breakpoints_proven()) throw NotCertified("the breakpoints of " + sigma_.name() + " are not proven");
    result.chi = weight_ * certified_norm(sigma_.derivative(), result.variance, {.degree = 0, .digits = digits_});
    if (certainly_less(result.chi, Ball(1))) result.phase = Phase::ordered;
    if (certainly_greater(result.chi, Ball(1))) result.phase = Phase::chaotic;
    if (!result.phase) result.open.emplace_back("chi_1 cannot be told from 1: the phase is not decided");
  }

  static Ball depth_scale(const Ball& slope) {
    if (!certainly_positive(slope) || !certainly_less(slope, Ball(1))) {
      return Ball::indeterminate(Precision::bits(std::max(slope.bits(), 53L)));
    }
    return -(Ball(1) / log(slope));
  }

  static void add_depths(CertifiedFieldPoint& result) {
    result.depth_variance = depth_scale(abs(result.slope));
    result.depth_correlation = depth_scale(result.correlation_slope);
  }

  void enclose_correlation(CertifiedFieldPoint& result) {
    if (!result.phase) return;
    if (*result.phase != Phase::chaotic) {
      result.correlation = Ball(1);
      result.correlation_slope = result.chi;
    } else if (scales_.bias.is_zero() && sigma_.parity() == Parity::odd) {  // C(0) = 0
      result.correlation = Ball(0);
      const auto h = certified_coefficients(sigma_, result.variance, {.degree = 1, .digits = digits_});
      result.correlation_slope = weight_ * h.values[1] * h.values[1] / result.variance;
    } else {
      cross_diagonal(result);
    }
    result.depth_correlation = depth_scale(result.correlation_slope);
  }

  // C(c) at q*: for homogeneous σ at variance 1, where it needs no ball.
  Ball correlation_map(const CertifiedDual& dual, const Ball& q, const Rational& c) const {
    Ball K;
    if (const auto& degree = sigma_.homogeneity()) {
      K = dual(1, 1, c).value * pow(q, exact(*degree));
    } else {
      K = dual.over(q, q, q * exact(c)).value;
    }
    return (weight_ * K + bias_) / q;
  }

  void cross_diagonal(CertifiedFieldPoint& result) const {
    const FieldFixedPoint& fast = result.fast;
    const CertifiedDual dual(sigma_, digits_ + 3);
    const auto pull = [&](const Rational& c) { return correlation_map(dual, result.variance, c) - exact(c); };
    const double steep = fast.correlation_slope - 1;
    Rational c = Rational::from_double_exactly(fast.correlation);
    Ball g = pull(c);
    for (int step = 0; step < 4 && std::abs(g.mid()) > std::pow(10.0, -digits_); ++step) {
      const Rational next =
          near_centre(exact(c) - g / Ball::from_double_exactly(steep, precision_), digits_ + guard_digits);
      if (next.sign() < 0 || next >= Rational(1)) break;
      const Ball there = pull(next);
      if (!(std::abs(there.mid()) < std::abs(g.mid()))) break;
      c = next;
      g = there;
    }
    const double slack = 4 * (std::abs(g.mid()) + g.radius()) / std::abs(steep);
    Rational half = std::max(power_of_ten(-digits_ - 1), Rational::from_double_exactly(std::max(slack, 1e-300)));
    for (; half < Rational(1, 1000); half *= Rational(1000)) {
      if (c + half >= Rational(1) || c - half < Rational(0)) break;
      if (!certainly_positive(pull(c - half)) || !certainly_negative(pull(c + half))) continue;
      result.correlation = Ball::from_interval(c - half, c + half, precision_);
      enclose_chords(result, dual, c);
      return;
    }
    throw NotCertified("no change of sign of C(c) - c is proven near " + fast_text(fast.correlation));
  }

  static std::string fast_text(double value) { return std::to_string(value); }

  // Chords of a convex function left and right of c*, on the line through (c*, c*).
  void enclose_chords(CertifiedFieldPoint& result, const CertifiedDual& dual, const Rational& c) const {
    const Rational reach = power_of_ten(-digits_ / 2);
    const Rational left = c - reach, right = c + reach;
    if (left < Rational(0) || right >= Rational(1)) return;
    const Ball& q = result.variance;
    const Ball lower = (result.correlation - correlation_map(dual, q, left)) / (result.correlation - exact(left));
    const Ball upper = (correlation_map(dual, q, right) - result.correlation) / (exact(right) - result.correlation);
    if (lower.is_finite() && upper.is_finite()) result.correlation_slope = hull(lower, upper);
  }

  const Activation& sigma_;
  CertifiedScales scales_;
  int digits_;
  Precision precision_;
  Ball weight_, bias_;
};

}  // namespace

CertifiedField certified_fixed_points(const Activation& sigma, const CertifiedScales& scales, int digits) {
  if (scales.weight.sign() < 0 || scales.bias.sign() < 0) {
    throw DomainError("the variances of weights and biases are not negative");
  }
  if (digits < 1 || digits > 100) throw LimitError("fixed points are certified to 1 ... 100 digits");
  const MeanField field(sigma);
  const FieldFixedPoints found =
      field.fixed_points({.weight = scales.weight.to_double(), .bias = scales.bias.to_double()});
  CertifiedField result;
  Prover prover(sigma, scales, digits + chord_digits);
  const auto moment = linear_moment(sigma);
  for (const FieldFixedPoint& point : found.points) {
    result.points.push_back(moment ? prover.linear_point(point, *moment) : prover.point(point));
  }
  result.everywhere = found.everywhere && moment && scales.bias.is_zero() && scales.weight * *moment == Rational(1);
  if (found.everywhere && !result.everywhere) {  // a line in doubles only: σ_w² is not exactly what it would have to be
    result.points.clear();
    if (scales.bias.is_zero()) {
      FieldFixedPoint zero;
      zero.variance = 0;
      result.points.push_back(moment ? prover.linear_point(zero, *moment) : prover.point(zero));
    }
  }
  return result;
}

}  // namespace nke
