// SPDX-License-Identifier: Apache-2.0
// Plain numbers of many digits: fast where no proof is asked for, and the independent check of what has one.
//
// Definition  Boost.Multiprecision's mpfr_float with the precision carried by the value: a result has the larger
//             precision of its operands, correctly rounded for + − × ÷ √, within 2 ulp for the functions below.
// Precision   in bits, per value. Boost has a default precision per thread, which decides the precision of its own
//             temporaries; every operation here names its precision, so that default has no influence on any result.
//             An integer is exact and carries 0 bits, as in ball.hpp: it takes the precision of its partner, and what
//             would have to round without one (1/3, exp(1)) is a DomainError.
// Domain      as MPFR: NaN outside of it, infinities at poles.
#pragma once

#include <compare>
#include <concepts>
#include <iosfwd>
#include <string>

#include <boost/multiprecision/mpfr.hpp>

#include <nke/exact/real/number.hpp>
#include <nke/exact/real/precision.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke {

class Ball;

class Mpfr {
 public:
  Mpfr() : Mpfr(ExactInteger{}, 0) {}
  /// An exact integer, of 0 bits.
  template <std::signed_integral T>
  requires(sizeof(T) <= sizeof(long)) Mpfr(T value)
      : Mpfr(ExactInteger{}, static_cast<long>(value)) {}  // NOLINT: no loss to warn of
  /// The fraction, rounded to nearest.
  Mpfr(const Rational& value, Precision precision);
  /// Deleted because 0.1 is not one tenth: write Mpfr(Rational::parse("0.1"), precision), or from_double_exactly.
  Mpfr(double) = delete;
  Mpfr(bool) = delete;

  Mpfr(const Mpfr& other);
  Mpfr(Mpfr&& other) noexcept;
  Mpfr& operator=(const Mpfr& other);
  Mpfr& operator=(Mpfr&& other) noexcept;
  ~Mpfr() = default;

  static Mpfr from_double_exactly(double value, Precision precision = Precision::of_double());
  /// A copy of an MPFR number, rounded to nearest; value.backend().data() is the one in any of Boost's.
  static Mpfr from_mpfr(mpfr_srcptr value, Precision precision);
  /// The centre of a ball, rounded to nearest. How far the number meant is from it, the ball knows.
  static Mpfr from_center(const Ball& ball, Precision precision);

  long bits() const { return bits_; }
  /// Rounded to nearest; later operations work at this precision.
  Mpfr at_precision(Precision precision) const;

  bool is_finite() const { return mpfr_number_p(data()) != 0; }
  /// −1, 0 or 1; 0 for NaN.
  int sign() const;
  double to_double() const { return mpfr_get_d(data(), MPFR_RNDN); }
  /// The exact binary value. DomainError if not finite; LimitError for exponents past Rational's limit.
  Rational to_rational() const;
  /// This many significant digits, rounded to nearest: "-0.1666667", "1.5e-300".
  std::string to_string(int digits) const;
  std::string to_string() const;

  const boost::multiprecision::mpfr_float& boost() const { return value_; }
  mpfr_srcptr data() const { return value_.backend().data(); }

  Mpfr& operator+=(const Mpfr& other) { return *this = *this + other; }
  Mpfr& operator-=(const Mpfr& other) { return *this = *this - other; }
  Mpfr& operator*=(const Mpfr& other) { return *this = *this * other; }
  Mpfr& operator/=(const Mpfr& other) { return *this = *this / other; }
  friend Mpfr operator+(const Mpfr& a, const Mpfr& b);
  friend Mpfr operator-(const Mpfr& a, const Mpfr& b);
  friend Mpfr operator*(const Mpfr& a, const Mpfr& b);
  friend Mpfr operator/(const Mpfr& a, const Mpfr& b);
  friend Mpfr operator-(const Mpfr& a);
  friend Mpfr operator+(const Mpfr& a) { return a; }

  /// By value, whatever the precisions.
  friend bool operator==(const Mpfr& a, const Mpfr& b) { return mpfr_equal_p(a.data(), b.data()) != 0; }
  friend std::partial_ordering operator<=>(const Mpfr& a, const Mpfr& b) {
    if (mpfr_unordered_p(a.data(), b.data()) != 0) return std::partial_ordering::unordered;
    return mpfr_cmp(a.data(), b.data()) <=> 0;
  }
  friend std::ostream& operator<<(std::ostream& out, const Mpfr& x);

 private:
  friend struct MpfrAccess;
  struct ExactInteger {};
  Mpfr(ExactInteger, long value);
  mpfr_ptr writable() { return value_.backend().data(); }

  boost::multiprecision::mpfr_float value_;
  long bits_ = 0;  // of the operations; the storage of an exact integer is as long as it needs
};

Mpfr exp(const Mpfr& x);
Mpfr expm1(const Mpfr& x);
Mpfr log(const Mpfr& x);
Mpfr log1p(const Mpfr& x);
Mpfr sqrt(const Mpfr& x);
Mpfr sin(const Mpfr& x);
Mpfr cos(const Mpfr& x);
Mpfr tan(const Mpfr& x);
Mpfr sinh(const Mpfr& x);
Mpfr cosh(const Mpfr& x);
Mpfr tanh(const Mpfr& x);
Mpfr atan(const Mpfr& x);
Mpfr atan2(const Mpfr& y, const Mpfr& x);
Mpfr erf(const Mpfr& x);
Mpfr erfc(const Mpfr& x);
Mpfr Phi(const Mpfr& x);
Mpfr phi(const Mpfr& x);
Mpfr sigmoid(const Mpfr& x);
Mpfr softplus(const Mpfr& x);
Mpfr abs(const Mpfr& x);
Mpfr sign(const Mpfr& x);
Mpfr step(const Mpfr& x);
/// NaN if either is NaN.
Mpfr min(const Mpfr& a, const Mpfr& b);
Mpfr max(const Mpfr& a, const Mpfr& b);
Mpfr pow(const Mpfr& x, const Mpfr& y);
Mpfr pow_int(const Mpfr& x, long n);

template <>
Mpfr number<Mpfr>(const Rational& q, Precision precision);
template <>
Mpfr pi<Mpfr>(Precision precision);
template <>
Mpfr euler<Mpfr>(Precision precision);

}  // namespace nke
