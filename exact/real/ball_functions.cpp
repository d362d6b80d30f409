// SPDX-License-Identifier: Apache-2.0
// The functions of number.hpp over balls, tight on wide ones.
#include <algorithm>
#include <limits>

#include <nke/exact/real/ball.hpp>

#include "arb_interval.hpp"
#include "gaussian_tail.hpp"

namespace nke {
namespace {

// Above this radius, absolute or relative to the centre, first-order error propagation (what Arb does from the
// midpoint) is visibly loose, and a monotone function is evaluated at both ends instead.
constexpr long wide_bits = 8;

bool is_wide(const Ball& x) {
  return mag_cmp_2exp_si(arb_radref(arb_of(x)), -wide_bits) > 0 || arb_rel_accuracy_bits(arb_of(x)) < wide_bits;
}

// A monotone function: at an exact argument one value, at a ball the hull of the values at its ends.
template <class F>
Ball monotone(const Ball& x, F f, Range range, slong prec) {
  Ball result = ArbAccess::blank(prec);
  arb_ptr out = arb_of(result);
  if (!x.is_finite()) {
    arb_indeterminate(out);
    return result;
  }
  if (x.is_exact()) {
    f(out, arb_of(x), prec);
  } else {
    Arb end;
    Arb value;
    arb_get_lbound_arf(arb_midref(end.value), arb_of(x), 2 * prec);
    f(out, end, prec);
    arb_get_ubound_arf(arb_midref(end.value), arb_of(x), 2 * prec);
    f(value, end, prec);
    enclose_both(out, out, value, prec);
  }
  keep_in_range(out, range, prec);
  return result;
}

template <class F>
Ball monotone_if_wide(const Ball& x, F f, Range range, const char* name) {
  const long prec = stated_precision(x.bits(), name);
  if (is_wide(x)) return monotone(x, f, range, prec);
  Ball result = ArbAccess::blank(prec);
  f(arb_of(result), arb_of(x), prec);
  keep_in_range(arb_of(result), range, prec);
  return result;
}

template <class F>
Ball direct(const Ball& x, F f, const char* name, Range range = {}) {
  Ball result = ArbAccess::blank(stated_precision(x.bits(), name));
  f(arb_of(result), arb_of(x), result.bits());
  keep_in_range(arb_of(result), range, result.bits());
  return result;
}

// A function that is even and monotone in |x|.
template <class F>
Ball monotone_in_abs(const Ball& x, F f, Range range, const char* name) {
  return monotone(abs(x), f, range, stated_precision(x.bits(), name));
}

// Bits lost when the rounding of x is magnified by exp(−x²/2).
slong square_guard(const arb_t x) {
  const slong exponent = arf_abs_bound_lt_2exp_si(arb_midref(x));
  return 10 + 2 * std::clamp<slong>(exponent, 0, 200);
}

void phi_at(arb_t out, const arb_t x, slong prec) {
  const slong work = prec + square_guard(x);
  Arb t;
  arb_sqr(t, x, work);
  arb_mul_2exp_si(t, t, -1);
  arb_neg(t, t);
  arb_exp(t, t, work);
  arb_const_sqrt_pi(out, work);
  arb_div(t, t, out, work);
  arb_set_ui(out, 2);
  arb_sqrt(out, out, work);
  arb_div(out, t, out, prec);
}

void Phi_at(arb_t out, const arb_t x, slong prec) {
  Arb mirrored;
  arb_neg(mirrored, x);
  normal_tail(out, mirrored, prec);
  arb_set_round(out, out, prec);
}

void sigmoid_at(arb_t out, const arb_t x, slong prec) {
  const slong work = prec + 10;
  Arb e;
  if (arf_sgn(arb_midref(x)) >= 0) {
    arb_neg(e, x);
    arb_exp(e, e, work);
    arb_add_ui(e, e, 1, work);
    arb_inv(out, e, prec);
  } else {
    arb_exp(e, x, work);
    arb_add_ui(out, e, 1, work);
    arb_div(out, e, out, prec);
  }
}

void softplus_at(arb_t out, const arb_t x, slong prec) {
  const slong work = prec + 10;
  Arb e;
  if (arf_sgn(arb_midref(x)) > 0) {
    arb_neg(e, x);
    arb_exp(e, e, work);
    arb_log1p(e, e, work);
    arb_add(out, x, e, prec);
  } else {
    arb_exp(e, x, work);
    arb_log1p(out, e, prec);
  }
}

}  // namespace

Ball exp(const Ball& x) {
  return monotone_if_wide(x, arb_exp, {.low = 0}, "exp");
}
Ball expm1(const Ball& x) {
  return monotone_if_wide(x, arb_expm1, {.low = -1}, "expm1");
}
Ball log(const Ball& x) {
  return monotone_if_wide(x, arb_log, {}, "log");
}
Ball log1p(const Ball& x) {
  return monotone_if_wide(x, arb_log1p, {}, "log1p");
}
Ball sin(const Ball& x) {
  return direct(x, arb_sin, "sin", {.low = -1, .high = 1});
}
Ball cos(const Ball& x) {
  return direct(x, arb_cos, "cos", {.low = -1, .high = 1});
}
Ball tan(const Ball& x) {
  return direct(x, arb_tan, "tan");
}
Ball sinh(const Ball& x) {
  return monotone_if_wide(x, arb_sinh, {}, "sinh");
}
Ball tanh(const Ball& x) {
  return monotone_if_wide(x, arb_tanh, {.low = -1, .high = 1}, "tanh");
}
Ball atan(const Ball& x) {
  return monotone_if_wide(x, arb_atan, {}, "atan");
}
// The derivative of these changes by exp(−2 x r) over a ball of radius r: no ball is narrow in their tails.
Ball erf(const Ball& x) {
  return monotone(x, arb_hypgeom_erf, {.low = -1, .high = 1}, stated_precision(x.bits(), "erf"));
}
Ball erfc(const Ball& x) {
  return monotone(x, erfc_with_tail, {.low = 0, .high = 2}, stated_precision(x.bits(), "erfc"));
}
Ball cosh(const Ball& x) {
  return is_wide(x) ? monotone_in_abs(x, arb_cosh, {.low = 1}, "cosh") : direct(x, arb_cosh, "cosh", {.low = 1});
}
Ball phi(const Ball& x) {
  return monotone_in_abs(x, phi_at, {.low = 0}, "phi");
}
Ball Phi(const Ball& x) {
  return monotone(x, Phi_at, {.low = 0, .high = 1}, stated_precision(x.bits(), "Phi"));
}
Ball sigmoid(const Ball& x) {
  return monotone(x, sigmoid_at, {.low = 0, .high = 1}, stated_precision(x.bits(), "sigmoid"));
}
Ball softplus(const Ball& x) {
  return monotone(x, softplus_at, {.low = 0}, stated_precision(x.bits(), "softplus"));
}

// A ball such as [0, 1] reaches 0 exactly; its square root is wide however narrow it is, so the ends are always taken.
Ball sqrt(const Ball& x) {
  const long prec = stated_precision(x.bits(), "sqrt");
  if (!arb_is_nonnegative(arb_of(x))) return Ball::indeterminate(Precision::bits(prec));
  return x.contains_zero() || is_wide(x) ? monotone(x, arb_sqrt, {.low = 0}, prec) : direct(x, arb_sqrt, "sqrt");
}

Ball atan2(const Ball& y, const Ball& x) {
  Ball result = ArbAccess::blank(stated_precision(std::max(x.bits(), y.bits()), "atan2"));
  arb_atan2(arb_of(result), arb_of(y), arb_of(x), result.bits());
  return result;
}

Ball pow_int(const Ball& x, long n) {
  if (n < 0) {
    stated_precision(x.bits(), "a negative power");
    if (n < -std::numeric_limits<long>::max()) return Ball::indeterminate(Precision::bits(x.bits()));
    return 1 / pow_int(x, -n);
  }
  const auto steps = static_cast<ulong>(n);
  if (x.bits() == 0) {
    const auto size = static_cast<double>(arf_abs_bound_lt_2exp_si(arb_midref(arb_of(x))));
    if (size > 1 && size * static_cast<double>(n) > static_cast<double>(Rational::power_bit_limit)) {
      throw LimitError("the power " + std::to_string(n) + " of an exact integer has more than " +
                       std::to_string(Rational::power_bit_limit) + " bits");
    }
    Ball result;
    arb_pow_ui(arb_of(result), arb_of(x), steps, ARF_PREC_EXACT);
    return result;
  }
  const auto power = [steps](arb_t out, const arb_t at, slong prec) { arb_pow_ui(out, at, steps, prec); };
  const bool ends = !x.is_exact() && (x.contains_zero() || is_wide(x));
  if (n == 0 || !ends) return direct(x, power, "a power");
  return n % 2 == 0 ? monotone_in_abs(x, power, {.low = 0}, "a power") : monotone(x, power, {}, x.bits());
}

Ball pow(const Ball& x, const Ball& y) {
  if (const auto n = y.to_long()) {
    const long bits = std::max(x.bits(), y.bits());
    return bits == x.bits() ? pow_int(x, *n) : pow_int(x.at_precision(Precision::bits(bits)), *n);
  }
  const long prec = stated_precision(std::max(x.bits(), y.bits()), "a power");
  Ball result = ArbAccess::blank(prec);
  arb_ptr out = arb_of(result);
  if (!arb_is_nonnegative(arb_of(x)) || !y.is_finite() || !x.is_finite() ||
      (x.contains_zero() && !certainly_positive(y))) {
    return Ball::indeterminate(Precision::bits(prec));
  }
  if (!x.contains_zero() && !is_wide(x) && !is_wide(y)) {
    arb_pow(out, arb_of(x), arb_of(y), prec);
    return result;
  }
  // y log x takes its extremes at the corners of the box.
  Arb base;
  Arb exponent;
  Arb value;
  for (const bool high_base : {false, true}) {
    for (const bool high_exponent : {false, true}) {
      (high_base ? arb_get_ubound_arf : arb_get_lbound_arf)(arb_midref(base.value), arb_of(x), 2 * prec);
      (high_exponent ? arb_get_ubound_arf : arb_get_lbound_arf)(arb_midref(exponent.value), arb_of(y), 2 * prec);
      if (arf_sgn(arb_midref(base.value)) <= 0) {
        arb_zero(value);
      } else {
        arb_pow(value, base, exponent, prec);
      }
      if (high_base || high_exponent) {
        enclose_both(out, out, value, prec);
      } else {
        arb_set(out, value);
      }
    }
  }
  keep_in_range(out, {.low = 0}, prec);
  return result;
}

template <>
Ball number<Ball>(const Rational& q, Precision precision) {
  return Ball(q, precision);
}

template <>
Ball pi<Ball>(Precision precision) {
  Ball result = ArbAccess::blank(stated_precision(precision.bits(), "pi"));
  arb_const_pi(arb_of(result), precision.bits());
  return result;
}

template <>
Ball euler<Ball>(Precision precision) {
  Ball result = ArbAccess::blank(stated_precision(precision.bits(), "e"));
  arb_const_e(arb_of(result), precision.bits());
  return result;
}

}  // namespace nke
