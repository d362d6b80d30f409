// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <ostream>

#include <nke/exact/real/error.hpp>
#include <nke/exact/real/mpfr.hpp>

namespace nke {

struct MpfrAccess {
  /// Room for a result: `storage` bits of mantissa, later operations at `bits`.
  static Mpfr blank(long bits, long storage) {
    Mpfr x;
    mpfr_set_prec(x.data(), storage);
    x.bits_ = bits;
    return x;
  }
  static mpfr_ptr data(Mpfr& x) { return x.data(); }
};

namespace {

mpfr_ptr to(Mpfr& x) {
  return MpfrAccess::data(x);
}
long storage(const Mpfr& x) {
  return mpfr_get_prec(x.data());
}
Mpfr blank(long bits) {
  return MpfrAccess::blank(bits, bits);
}

long stated(long bits, const char* operation) {
  if (bits == 0) {
    throw DomainError(std::string(operation) +
                      " of exact integers has no precision to round at; give one operand a precision: "
                      "Mpfr(q, Precision::digits(50))");
  }
  return bits;
}

// Bits that a sum or difference of exact numbers may need: from the first bit of the larger to the last of the finer.
long exact_sum_storage(const Mpfr& a, const Mpfr& b) {
  if (mpfr_regular_p(a.data()) == 0 || mpfr_regular_p(b.data()) == 0) return std::max(storage(a), storage(b));
  const long first = std::max(mpfr_get_exp(a.data()), mpfr_get_exp(b.data()));
  const long last = std::min(mpfr_get_exp(a.data()) - storage(a), mpfr_get_exp(b.data()) - storage(b));
  return first - last + 1;
}

// + − ×: exact among exact integers, which get the storage they need and no more.
template <class F>
Mpfr ring(const Mpfr& a, const Mpfr& b, long exact_storage, F f) {
  const long bits = std::max(a.bits(), b.bits());
  if (bits == 0 && exact_storage > static_cast<long>(Rational::power_bit_limit)) {
    throw LimitError("an exact integer of " + std::to_string(exact_storage) + " bits is longer than the limit of " +
                     std::to_string(Rational::power_bit_limit));
  }
  Mpfr result = MpfrAccess::blank(bits, bits == 0 ? exact_storage : bits);
  f(to(result), a.data(), b.data(), MPFR_RNDN);
  if (bits == 0) mpfr_prec_round(to(result), std::max<mpfr_prec_t>(64, mpfr_min_prec(result.data())), MPFR_RNDN);
  return result;
}

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

Mpfr::Mpfr(ExactInteger, long value) {
  mpfr_set_prec(data(), 64);
  mpfr_set_si(data(), value, MPFR_RNDN);
}

Mpfr::Mpfr(const Rational& value, Precision precision) : bits_(precision.bits()) {
  mpfr_set_prec(data(), bits_);
  mpfr_set_q(data(), value.value().get_mpq_t(), MPFR_RNDN);
}

// Boost's own copies and moves depend on its version: some keep the precision, some take the thread's default.
Mpfr::Mpfr(const Mpfr& other) : bits_(other.bits_) {
  mpfr_set_prec(data(), storage(other));
  mpfr_set(data(), other.data(), MPFR_RNDN);
}

Mpfr::Mpfr(Mpfr&& other) noexcept : Mpfr() {
  *this = std::move(other);
}

Mpfr& Mpfr::operator=(const Mpfr& other) {
  if (this == &other) return *this;
  mpfr_set_prec(data(), storage(other));
  mpfr_set(data(), other.data(), MPFR_RNDN);
  bits_ = other.bits_;
  return *this;
}

Mpfr& Mpfr::operator=(Mpfr&& other) noexcept {
  mpfr_swap(data(), other.data());
  std::swap(bits_, other.bits_);
  return *this;
}

Mpfr Mpfr::from_double_exactly(double value, Precision precision) {
  Mpfr result = MpfrAccess::blank(precision.bits(), std::max(53L, precision.bits()));
  mpfr_set_d(result.data(), value, MPFR_RNDN);
  return result;
}

Mpfr Mpfr::from_boost(const boost::multiprecision::mpfr_float& value, Precision precision) {
  Mpfr result = blank(precision.bits());
  mpfr_set(result.data(), value.backend().data(), MPFR_RNDN);
  return result;
}

Mpfr Mpfr::at_precision(Precision precision) const {
  Mpfr result = blank(precision.bits());
  mpfr_set(result.data(), data(), MPFR_RNDN);
  return result;
}

int Mpfr::sign() const {
  return mpfr_nan_p(data()) != 0 ? 0 : std::clamp(mpfr_sgn(data()), -1, 1);
}

Rational Mpfr::to_rational() const {
  if (!is_finite()) throw DomainError("infinity and NaN are not fractions");
  if (mpfr_zero_p(data()) != 0) return 0;
  mpz_class mantissa;
  const auto exponent = static_cast<long>(mpfr_get_z_2exp(mantissa.get_mpz_t(), data()));
  const long limit = static_cast<long>(Rational::power_bit_limit);
  if (exponent > limit || exponent < -limit) {
    throw LimitError("a number with binary exponent " + std::to_string(exponent) + " is too large for a fraction");
  }
  return Rational(mpq_class(mantissa)) * pow(Rational(2), exponent);
}

std::string Mpfr::to_string(int digits) const {
  if (mpfr_nan_p(data()) != 0) return "nan";
  if (mpfr_inf_p(data()) != 0) return sign() > 0 ? "inf" : "-inf";
  char* text = nullptr;
  const int length = mpfr_asprintf(&text, "%.*Rg", std::max(digits, 1), data());
  const std::unique_ptr<char, void (*)(char*)> owner(text, mpfr_free_str);
  return length < 0 ? std::string() : std::string(text, static_cast<std::size_t>(length));
}

std::string Mpfr::to_string() const {
  return to_string(Precision::bits(bits_ == 0 ? storage(*this) : bits_).digits());
}

std::ostream& operator<<(std::ostream& out, const Mpfr& x) {
  return out << x.to_string();
}

Mpfr operator+(const Mpfr& a, const Mpfr& b) {
  return ring(a, b, exact_sum_storage(a, b), mpfr_add);
}
Mpfr operator-(const Mpfr& a, const Mpfr& b) {
  return ring(a, b, exact_sum_storage(a, b), mpfr_sub);
}
Mpfr operator*(const Mpfr& a, const Mpfr& b) {
  return ring(a, b, storage(a) + storage(b), mpfr_mul);
}

Mpfr operator/(const Mpfr& a, const Mpfr& b) {
  Mpfr result = blank(stated(std::max(a.bits(), b.bits()), "division"));
  mpfr_div(result.data(), a.data(), b.data(), MPFR_RNDN);
  return result;
}

Mpfr operator-(const Mpfr& a) {
  Mpfr result = a;
  mpfr_neg(result.data(), result.data(), MPFR_RNDN);
  return result;
}

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
  Mpfr result = blank(precision.bits());
  mpfr_const_pi(to(result), MPFR_RNDN);
  return result;
}

template <>
Mpfr euler<Mpfr>(Precision precision) {
  return exp(Mpfr(1, precision));
}

}  // namespace nke
