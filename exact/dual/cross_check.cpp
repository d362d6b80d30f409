// SPDX-License-Identifier: Apache-2.0
#include "cross_check.hpp"

#include <algorithm>
#include <functional>

#include <nke/exact/dual/covariance.hpp>
#include <nke/exact/real/arb_access.hpp>
#include <nke/exact/real/error.hpp>

#include "exact_radius.hpp"
#include "inner_terms.hpp"
#include "one_dimensional.hpp"

namespace nke {
namespace {

using detail::expectation;

constexpr long first_guard = 40;
constexpr long most_extra = 200;  // bounds by absolute values may be far too large
constexpr long pilot_bits = 64;   // many bits are asked for only after a cheap look at whether they are needed
constexpr long many_bits = 400;
constexpr long most_missing = 20'000;  // who lacks more lacks e^(10^12), or a 0 that no precision turns into one
constexpr long most_scale_bits = 1024;
constexpr long smallest = 1L << 58;  // a scale of 2^−smallest is the least that is looked for
constexpr int most_rounds = 7;       // the last of them at more than 64 times the first precision

// Raises the precision until the radius is small enough; `attempt` says whether more precision may help.
struct Attempt {
  Ball value;
  bool converged = true;
};

// `size` is a guess at what is added up. Attempts are told their number, so that later ones can aim closer.
Ball to_tolerance(const Ball& tolerance, const std::function<Attempt(Precision, int round)>& attempt,
                  const Ball& size = Ball(1)) {
  // Who loses more bits than this expects finds out and comes again.
  const long units = std::max(0L, -detail::binary_exponent(tolerance));
  const long asked =
      std::clamp(detail::binary_exponent(size) - detail::binary_exponent(tolerance), units, units + most_extra);
  Precision precision = Precision::bits((asked > many_bits ? pilot_bits : asked) + first_guard);
  Ball best = Ball::indeterminate(precision);
  for (int round = 0; round < most_rounds; ++round) {
    const Attempt now = attempt(precision, round);
    if (detail::radius_at_most(now.value, tolerance)) return now.value;
    if (now.value.is_finite()) best = now.value;
    if (!now.converged) break;
    // A magnitude such as e^(10^12) needs as many more bits as it has; one step gets there.
    const long missing = now.value.is_finite() ? detail::binary_exponent(detail::radius_of(now.value)) -
                                                     detail::binary_exponent(tolerance) + first_guard
                                               : precision.bits();
    if (missing > most_missing + 4 * precision.bits()) break;
    precision = precision.with_guard(std::clamp(missing, first_guard, 4 * precision.bits()));
  }
  throw NotCertified("the integral is known as " + best.to_string(20) + ", not to an error of " +
                     tolerance.to_decimal(2));
}

void require_covariance(const Rational& a, const Rational& b, const Rational& c) {
  static_cast<void>(Covariance(a, b, c));
}

// E over the variable left when the other one is 0.
Ball with_one_zero(const NormalForm& sigma, const Rational& variance, const Ball& tolerance) {
  return to_tolerance(tolerance, [&](Precision precision, int) {
    const Ball zero(Rational(0), precision);
    return Attempt{expectation(sigma, zero, Rational(0), precision) * expectation(sigma, zero, variance, precision)};
  });
}

// The density of N(0, variance) at x.
Ball density(const Ball& x, const Rational& variance, Precision precision) {
  const Ball v(variance, precision);
  return exp(-x * x / (2 * v)) / sqrt(2 * pi<Ball>(precision) * v);
}

[[noreturn]] void infinite_at(const Jump& jump, const Ball& location) {
  throw DomainError("the distributional derivative dual is infinite at c^2 = a b: the jump of height " +
                    detail::constant_value(jump.height, Precision::bits(64)).to_decimal(6) +
                    " at x = " + location.to_decimal(6) + " meets a jump");
}

// Σ over jumps t of σ: height · φ_a(t) · (E[σ'(v) | u = t] + jumps of v): the part of the dual where u sits on a jump.
class JumpPart {
 public:
  JumpPart(const std::vector<Jump>& jumps, const NormalForm& slope, const Rational& a, const Rational& b,
           const Rational& c)
      : jumps_(jumps), slope_(slope), a_(a), b_(b), c_(c), rest_((a * b - c * c) / a) {}

  Ball at(Precision precision) const {
    Ball total(Rational(0), precision);
    for (const Jump& first : jumps_) {
      const Ball t = detail::constant_value(first.location, precision);
      const Ball weight = detail::constant_value(first.height, precision) * density(t, a_, precision);
      const Ball mean = Ball(c_ / a_, precision) * t;
      Ball other = expectation(slope_, mean, rest_, precision);
      for (const Jump& second : jumps_) other += met(first, t, second, mean, precision) / 2;
      total += weight * other;
    }
    return total;
  }

 private:
  // E[height δ(v − s) | u = t]; halved above because both variables count each pair of jumps.
  Ball met(const Jump& first, const Ball& t, const Jump& second, const Ball& mean, Precision precision) const {
    const Ball s = detail::constant_value(second.location, precision);
    if (!rest_.is_zero()) {
      return detail::constant_value(second.height, precision) * density(s - mean, rest_, precision);
    }
    if ((first.location * Expr(c_ / a_) - second.location).is_zero()) infinite_at(first, t);
    if (!certainly_nonzero(s - mean)) return Ball::indeterminate(precision);
    return Ball(Rational(0), precision);
  }

  const std::vector<Jump>& jumps_;
  const NormalForm& slope_;
  Rational a_;
  Rational b_;
  Rational c_;
  Rational rest_;
};

// The same with v = 0 or u = 0: Dσ(0) E Dσ(other).
Ball distributional_with_one_zero(const NormalForm& slope, const std::vector<Jump>& jumps, const Rational& variance,
                                  const Ball& tolerance) {
  return to_tolerance(tolerance, [&](Precision precision, int) {
    const Ball zero(Rational(0), precision);
    Ball total = expectation(slope, zero, variance, precision);
    for (const Jump& jump : jumps) {
      const Ball t = detail::constant_value(jump.location, precision);
      if (jump.location.is_zero()) infinite_at(jump, t);
      if (!variance.is_zero()) {
        total += detail::constant_value(jump.height, precision) * density(t, variance, precision);
      }
    }
    return Attempt{expectation(slope, zero, Rational(0), precision) * total};
  });
}

}  // namespace

Ball dual_by_integral(const NormalForm& sigma, const Rational& a, const Rational& b, const Rational& c,
                      const Ball& tolerance, OuterVariable outer) {
  require_covariance(a, b, c);
  if (a.is_zero() || b.is_zero()) return with_one_zero(sigma, a.is_zero() ? b : a, tolerance);
  const bool swap = (outer == OuterVariable::narrow) == (b < a);
  const Rational& first = swap ? b : a;
  const Rational& second = swap ? a : b;
  const auto attempt = [&](Precision precision, int round) {
    const Ball aim = detail::scaled_by_power_of_two(tolerance, -1 - 8L * round);
    const detail::Integral integral = detail::integrate_over_first(sigma, sigma, first, second, c, aim, precision);
    return Attempt{integral.value, integral.converged};
  };
  return to_tolerance(tolerance, attempt, detail::magnitude_bound(sigma, sigma, first, second, c));
}

Ball distributional_dual_by_integral(const NormalForm& sigma, const Rational& a, const Rational& b, const Rational& c,
                                     const Ball& tolerance, OuterVariable outer) {
  require_covariance(a, b, c);
  const NormalForm slope = derivative(sigma);
  const std::vector<Jump> all = jumps(sigma);
  if (a.is_zero() || b.is_zero()) {
    return distributional_with_one_zero(slope, all, a.is_zero() ? b : a, tolerance);
  }
  const JumpPart over_u(all, slope, a, b, c);
  const JumpPart over_v(all, slope, b, a, c);
  const Ball from_jumps = to_tolerance(
      tolerance / 2, [&](Precision precision, int) { return Attempt{over_u.at(precision) + over_v.at(precision)}; });
  return dual_by_integral(slope, a, b, c, tolerance / 2, outer) + from_jumps;
}

Ball mean_square_by_integral(const NormalForm& sigma, const Rational& a) {
  const Precision precision = Precision::bits(64);
  if (sigma.terms.empty()) return Ball(Rational(0), precision);
  if (a.is_zero()) {
    const Ball zero(Rational(0), precision);
    const Ball value = expectation(sigma, zero, Rational(0), precision);
    return detail::least_magnitude(value * value);
  }
  const Ball bound = detail::magnitude_bound(sigma, sigma, a, a, a);
  if (!bound.is_finite()) throw NotCertified("E sigma(u)^2 has no proven bound at variance " + a.to_string());
  // That bound knows nothing of gates: a threshold a thousand deviations out makes it e^500 000 times too large.
  Ball size = bound;
  for (long smaller = pilot_bits; smaller <= smallest; smaller *= 16) {
    const Ball tolerance = detail::scaled_by_power_of_two(bound, -smaller);
    const Ball tight = detail::tight_magnitude_bound(sigma, sigma, a, a, a, tolerance);
    if (!tight.is_finite()) break;
    size = tight;
    if (certainly_greater(tight, detail::scaled_by_power_of_two(tolerance, pilot_bits / 2))) break;
  }
  // What remains is cancellation, as in e^x − 1 at a variance of 10^−12.
  for (long bits = 2 * pilot_bits; bits <= most_scale_bits; bits *= 2) {
    const Ball tolerance = detail::scaled_by_power_of_two(size, -bits / 2);
    const Ball value = detail::integrate_over_first(sigma, sigma, a, a, a, tolerance, Precision::bits(bits)).value;
    if (certainly_greater(value, 3 * detail::radius_of(value))) return detail::least_magnitude(value);
  }
  return Ball(Rational(0), precision);
}

}  // namespace nke
