// SPDX-License-Identifier: Apache-2.0
// The functions of number.hpp over plain numbers of many digits.
#include <algorithm>

#include <nke/exact/real/mpfr.hpp>

#include "mpfr_access.hpp"

namespace nke {
namespace {

template <class F>
Mpfr unary(const Mpfr& x, const char* name, F f) {
  Mpfr result = blank(stated(x.bits(), name));
  f(to(result), x.data(), MPFR_RNDN);
  return result;
}

// A formula of several steps: computed with guard bits, rounded once more at the end.
template <class F>
Mpfr with_guard(const Mpfr& x, const char* name, long guard, F formula) {
  const Precision precision = Precision::bits(stated(x.bits(), name));
  if (mpfr_nan_p(x.data()) != 0) return x;
  return formula(x.at_precision(Precision::bits(std::max(storage(x), precision.bits() + guard))))
      .at_precision(precision);
}

// Bits lost when the rounding of x is magnified by exp(−x²/2).
long square_guard(const Mpfr& x) {
  const long exponent = mpfr_regular_p(x.data()) != 0 ? static_cast<long>(mpfr_get_exp(x.data())) : 0;
  return 10 + 2 * std::clamp(exponent, 0L, 200L);
}

}  // namespace

Mpfr exp(const Mpfr& x) {
  return unary(x, "exp", mpfr_exp);
}
Mpfr expm1(const Mpfr& x) {
  return unary(x, "expm1", mpfr_expm1);
}
Mpfr log(const Mpfr& x) {
  return unary(x, "log", mpfr_log);
}
Mpfr log1p(const Mpfr& x) {
  return unary(x, "log1p", mpfr_log1p);
}
Mpfr sqrt(const Mpfr& x) {
  return unary(x, "sqrt", mpfr_sqrt);
}
Mpfr sin(const Mpfr& x) {
  return unary(x, "sin", mpfr_sin);
}
Mpfr cos(const Mpfr& x) {
  return unary(x, "cos", mpfr_cos);
}
Mpfr tan(const Mpfr& x) {
  return unary(x, "tan", mpfr_tan);
}
Mpfr sinh(const Mpfr& x) {
  return unary(x, "sinh", mpfr_sinh);
}
Mpfr cosh(const Mpfr& x) {
  return unary(x, "cosh", mpfr_cosh);
}
Mpfr tanh(const Mpfr& x) {
  return unary(x, "tanh", mpfr_tanh);
}
Mpfr atan(const Mpfr& x) {
  return unary(x, "atan", mpfr_atan);
}
Mpfr erf(const Mpfr& x) {
  return unary(x, "erf", mpfr_erf);
}
Mpfr erfc(const Mpfr& x) {
  return unary(x, "erfc", mpfr_erfc);
}

Mpfr atan2(const Mpfr& y, const Mpfr& x) {
  Mpfr result = blank(stated(std::max(x.bits(), y.bits()), "atan2"));
  mpfr_atan2(to(result), y.data(), x.data(), MPFR_RNDN);
  return result;
}

Mpfr Phi(const Mpfr& x) {
  return with_guard(x, "Phi", square_guard(x),
                    [](const Mpfr& t) { return erfc(-t / sqrt(Mpfr(2, Precision::bits(t.bits())))) / 2; });
}

Mpfr phi(const Mpfr& x) {
  return with_guard(x, "phi", square_guard(x),
                    [](const Mpfr& t) { return exp(-(t * t) / 2) / sqrt(2 * pi<Mpfr>(Precision::bits(t.bits()))); });
}

// The exponential is that of a negative number: nothing overflows, and no digits cancel in the small result.
Mpfr sigmoid(const Mpfr& x) {
  return with_guard(x, "sigmoid", 10, [](const Mpfr& t) {
    const Mpfr e = exp(-abs(t));
    return t.sign() >= 0 ? 1 / (1 + e) : e / (1 + e);
  });
}

Mpfr softplus(const Mpfr& x) {
  return with_guard(x, "softplus", 10, [](const Mpfr& t) { return max(t, 0) + log1p(exp(-abs(t))); });
}

Mpfr abs(const Mpfr& x) {
  return x.sign() < 0 ? -x : x;
}

Mpfr sign(const Mpfr& x) {
  if (mpfr_nan_p(x.data()) != 0) return x;
  return x.bits() == 0 ? Mpfr(x.sign()) : Mpfr(x.sign(), Precision::bits(x.bits()));
}

Mpfr step(const Mpfr& x) {
  if (mpfr_nan_p(x.data()) != 0) return x;
  const Rational value(1 + x.sign(), 2);
  if (x.bits() != 0) return Mpfr(value, Precision::bits(x.bits()));
  Mpfr result;  // of 0 bits like x: one half is exact too
  mpfr_set_q(to(result), value.value().get_mpq_t(), MPFR_RNDN);
  return result;
}

Mpfr min(const Mpfr& a, const Mpfr& b) {
  const Mpfr& smaller = a < b || mpfr_nan_p(a.data()) != 0 ? a : b;
  const long bits = std::max(a.bits(), b.bits());
  return smaller.bits() == bits ? smaller : smaller.at_precision(Precision::bits(bits));
}

Mpfr max(const Mpfr& a, const Mpfr& b) {
  const Mpfr& larger = a > b || mpfr_nan_p(a.data()) != 0 ? a : b;
  const long bits = std::max(a.bits(), b.bits());
  return larger.bits() == bits ? larger : larger.at_precision(Precision::bits(bits));
}

Mpfr pow(const Mpfr& x, const Mpfr& y) {
  Mpfr result = blank(stated(std::max(x.bits(), y.bits()), "a power"));
  mpfr_pow(to(result), x.data(), y.data(), MPFR_RNDN);
  return result;
}

Mpfr pow_int(const Mpfr& x, long n) {
  if (x.bits() != 0) {
    Mpfr result = blank(x.bits());
    mpfr_pow_si(to(result), x.data(), n, MPFR_RNDN);
    return result;
  }
  if (n < 0) stated(0, "a negative power");
  const Rational power = pow(x.to_rational(), n);  // exact, with its own limit
  Mpfr result = MpfrAccess::blank(0, std::max(64L, static_cast<long>(power.bit_size())));
  mpfr_set_q(to(result), power.value().get_mpq_t(), MPFR_RNDN);
  return result;
}

template <>
Mpfr number<Mpfr>(const Rational& q, Precision precision) {
  return Mpfr(q, precision);
}

template <>
Mpfr pi<Mpfr>(Precision precision) {
  Mpfr result = blank(stated(precision.bits(), "pi"));
  mpfr_const_pi(to(result), MPFR_RNDN);
  return result;
}

template <>
Mpfr euler<Mpfr>(Precision precision) {
  return exp(Mpfr(1, precision));
}

}  // namespace nke
