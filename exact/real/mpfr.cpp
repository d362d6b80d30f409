// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <ostream>

#include <nke/exact/real/arb_access.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/exact/real/mpfr.hpp>

#include "mpfr_access.hpp"

namespace nke {
namespace {

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

}  // namespace

Mpfr::Mpfr(ExactInteger, long value) {
  mpfr_set_prec(writable(), 64);
  mpfr_set_si(writable(), value, MPFR_RNDN);
}

Mpfr::Mpfr(const Rational& value, Precision precision) : bits_(precision.bits()) {
  mpfr_set_prec(writable(), bits_);
  mpfr_set_q(writable(), value.value().get_mpq_t(), MPFR_RNDN);
}

// Boost's own copies and moves depend on its version: some keep the precision, some take the thread's default.
Mpfr::Mpfr(const Mpfr& other) : bits_(other.bits_) {
  mpfr_set_prec(writable(), storage(other));
  mpfr_set(writable(), other.data(), MPFR_RNDN);
}

Mpfr::Mpfr(Mpfr&& other) noexcept : Mpfr() {
  *this = std::move(other);
}

Mpfr& Mpfr::operator=(const Mpfr& other) {
  if (this == &other) return *this;
  mpfr_set_prec(writable(), storage(other));
  mpfr_set(writable(), other.data(), MPFR_RNDN);
  bits_ = other.bits_;
  return *this;
}

Mpfr& Mpfr::operator=(Mpfr&& other) noexcept {
  mpfr_swap(writable(), other.writable());
  std::swap(bits_, other.bits_);
  return *this;
}

Mpfr Mpfr::from_double_exactly(double value, Precision precision) {
  Mpfr result = MpfrAccess::blank(precision.bits(), std::max(53L, precision.bits()));
  mpfr_set_d(to(result), value, MPFR_RNDN);
  return result;
}

Mpfr Mpfr::from_mpfr(mpfr_srcptr value, Precision precision) {
  Mpfr result = blank(precision.bits());
  mpfr_set(to(result), value, MPFR_RNDN);
  return result;
}

Mpfr Mpfr::from_center(const Ball& ball, Precision precision) {
  Mpfr result = blank(precision.bits());
  arf_get_mpfr(to(result), arb_midref(arb_of(ball)), MPFR_RNDN);
  return result;
}

Mpfr Mpfr::at_precision(Precision precision) const {
  Mpfr result = blank(precision.bits());
  mpfr_set(to(result), data(), MPFR_RNDN);
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
  mpfr_div(to(result), a.data(), b.data(), MPFR_RNDN);
  return result;
}

Mpfr operator-(const Mpfr& a) {
  Mpfr result = a;
  mpfr_neg(to(result), result.data(), MPFR_RNDN);
  return result;
}

}  // namespace nke
