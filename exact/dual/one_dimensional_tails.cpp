// SPDX-License-Identifier: Apache-2.0
#include "one_dimensional_tails.hpp"

#include <optional>

#include <nke/exact/real/arb_access.hpp>
#include <nke/exact/real/error.hpp>

namespace nke::detail {
namespace {

constexpr int most_doublings = 300;

Precision bound_precision() {
  return Precision::bits(tail_bits);
}

Ball magnitude(const ComplexBall& z) {
  Ball result = ArbAccess::blank(tail_bits);
  acb_abs(arb_of(result), acb_of(z), tail_bits);
  return result;
}

// factor · e^(−A x² + B x + C), for x ≥ R
struct Bound {
  Ball decay;     // A
  Ball linear;    // B
  Ball constant;  // C
  Ball factor;
};

Bound pair_bound(const NumericTerm& first, const NumericTerm& second, const Outer& outer, int side, const Ball& from,
                 int sign) {
  const Precision precision = bound_precision();
  const Ball beta = Ball(side * outer.beta, precision);
  const Ball s2(outer.variance, precision);
  Ball linear = second.linear.re();
  Ball quadratic = second.quadratic;
  Bound bound;
  bound.factor = magnitude(first.coefficient) * magnitude(second.coefficient);
  bound.constant = Ball(Rational(0), precision);
  const bool decays = second.gate && second.gate->sharp && certainly_negative(second.gate->side * linear) &&
                      !certainly_positive(quadratic) && second.quadratic.is_exact() && second.quadratic.contains_zero();
  if (decays) {  // e^(λv) 1(v beyond t) ≤ e^(λt)
    bound.constant += linear * second.gate->threshold;
    linear = Ball(Rational(0), precision);
  }
  if (second.power > 0) {
    const Ball typical = (abs(beta) * from + sqrt(s2)).center();
    bound.factor *= pow_int(typical, second.power);
    bound.constant -= second.power;
    linear += sign * second.power / typical;
  }
  const Ball p = 1 - 2 * quadratic * s2;
  if (!certainly_positive(p)) {
    bound.decay = Ball::indeterminate(precision);
    return bound;
  }
  bound.factor /= sqrt(p * 2 * pi<Ball>(precision) * Ball(outer.a, precision));
  bound.decay = 1 / (2 * Ball(outer.a, precision)) - first.quadratic - quadratic * beta * beta / p;
  bound.linear = side * first.linear.re() + linear * beta / p;
  bound.constant += linear * linear * s2 / (2 * p);
  if (first.power > 0) {
    bound.factor *= pow_int(from, first.power);
    bound.linear += first.power / from;
    bound.constant -= first.power;
  }
  return bound;
}

// Whether a term may be different from 0 somewhere beyond R.
bool reaches(const NumericTerm& term, int side, const Ball& from) {
  if (!term.gate || !term.gate->sharp || term.gate->side == side) return true;
  return !certainly_less(side * term.gate->threshold, from);
}

template <class Each>
void for_each_bound(const std::vector<NumericTerm>& sigma, const std::vector<NumericTerm>& tau, const Outer& outer,
                    int side, const Ball& from, bool gated_only, const Each& each) {
  for (const NumericTerm& first : sigma) {
    if (!reaches(first, side, from)) continue;
    for (const NumericTerm& second : tau) {
      if (gated_only && !first.gate && !second.gate) continue;
      each(pair_bound(first, second, outer, side, from, 1));
      if (second.power > 0) each(pair_bound(first, second, outer, side, from, -1));  // e^|v| ≤ e^v + e^(−v)
    }
  }
}

Ball power_of_two(const Ball& x, long exponent) {
  Ball result = x;
  arb_mul_2exp_si(arb_of(result), arb_of(x), exponent);
  return result;
}

}  // namespace

Ball tail_bound(const std::vector<NumericTerm>& sigma, const std::vector<NumericTerm>& tau, const Outer& outer,
                int side, const Ball& from) {
  Ball total(Rational(0), bound_precision());
  for_each_bound(sigma, tau, outer, side, from, true, [&](const Bound& bound) {
    const Ball slope = 2 * bound.decay * from - bound.linear;
    if (!certainly_positive(bound.decay) || !certainly_positive(slope)) {
      total = Ball::indeterminate(bound_precision());
    } else {
      total += bound.factor * exp((bound.linear - bound.decay * from) * from + bound.constant) / slope;
    }
  });
  return total;
}

Ball whole_line_bound(const std::vector<NumericTerm>& sigma, const std::vector<NumericTerm>& tau, const Outer& outer) {
  Ball total(Rational(0), bound_precision());
  const Ball from = sqrt(Ball(outer.a, bound_precision())).center();
  for (const int side : {1, -1}) {
    for_each_bound(sigma, tau, outer, side, from, false, [&](const Bound& bound) {
      if (!certainly_positive(bound.decay)) {
        total = Ball::indeterminate(bound_precision());
        return;
      }
      const Ball exponent = bound.constant + bound.linear * bound.linear / (4 * bound.decay);
      total += bound.factor * exp(exponent) * sqrt(pi<Ball>(bound_precision()) / bound.decay);
    });
  }
  return total;
}

Ball tail_start(const std::vector<NumericTerm>& sigma, const std::vector<NumericTerm>& tau, const Outer& outer,
                int side, const Ball& tolerance) {
  const auto enough = [&](const Ball& from) {
    return certainly_less_equal(tail_bound(sigma, tau, outer, side, from), tolerance);
  };
  Ball from = Ball(Rational(1), bound_precision());
  {  // near a few standard deviations
    Ball deviation = sqrt(Ball(outer.a, bound_precision()));
    arb_get_mid_arb(arb_of(deviation), arb_of(deviation));
    from = 8 * deviation;
    arf_set_round(arb_midref(arb_of(from)), arb_midref(arb_of(from)), 8, ARF_RND_NEAR);
  }
  if (enough(from)) {
    for (int step = 0; step < most_doublings; ++step) {
      const Ball nearer = power_of_two(from, -1);
      if (!enough(nearer)) break;
      from = nearer;
    }
  } else {
    int step = 0;
    for (; step < most_doublings && !enough(from); ++step) from = power_of_two(from, 1);
    if (step == most_doublings) {
      throw NotCertified(
          "the tail of the integral over u has no proven bound: the activation grows too fast for "
          "variance " +
          outer.a.to_string());
    }
  }
  for (const int eighths : {5, 6, 7}) {  // the least R is in (from/2, from]
    const Ball nearer = power_of_two(eighths * from, -3);
    if (enough(nearer)) return nearer;
  }
  return from;
}

}  // namespace nke::detail
