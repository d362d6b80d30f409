// SPDX-License-Identifier: Apache-2.0
// A real number known up to a proven radius: which numbers can the result of this computation be?
//
// Definition  the set of reals within radius() of the centre (Arb's arb_t). Every operation returns a ball that holds
//             the result for all choices of its operands within their balls.
// Precision   each ball carries bits(); an operation works at the larger of its operands'. An integer is exact and
//             carries 0 bits: sums, products and powers of integers are exact, and whatever would have to round at an
//             unstated precision (1/3, exp(1)) is a DomainError. Leaves are made by Ball(q, Precision::digits(50)).
// Domain      all reals. Outside a function's domain, or where the ball reaches out of it: a ball that is not finite.
// Wide balls  monotone functions are evaluated at both ends and never leave their range: sigmoid([-50, 50]) ⊂ [0, 1].
// Error       none that is not in the radius. lower() and upper() are doubles rounded outwards.
// Source      Johansson, Arb: efficient arbitrary-precision midpoint-radius interval arithmetic (2017).
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>

#include <nke/exact/real/number.hpp>
#include <nke/exact/real/precision.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke {

class Ball {
 public:
  /// Zero, exactly.
  Ball() noexcept;
  /// An exact integer, of 0 bits.
  template <std::signed_integral T>
  requires(sizeof(T) <= sizeof(long)) Ball(T value)
      : Ball(ExactInteger{}, static_cast<long>(value)) {}  // NOLINT: no loss to warn of
  /// The fraction, rounded to the precision if it must be; the radius says so.
  Ball(const Rational& value, Precision precision);
  /// Deleted because 0.1 is not one tenth: write Ball(Rational::parse("0.1"), precision), or from_double_exactly.
  Ball(double) = delete;
  Ball(bool) = delete;

  Ball(const Ball& other);
  Ball(Ball&& other) noexcept;
  Ball& operator=(const Ball& other);
  Ball& operator=(Ball&& other) noexcept;
  ~Ball();

  /// The binary value of a double; a ball that is not finite for infinities and NaN.
  static Ball from_double_exactly(double value, Precision precision = Precision::of_double());
  /// A ball that contains [low, high]. DomainError if low > high or an end is not finite.
  static Ball from_interval(double low, double high, Precision precision = Precision::of_double());
  static Ball from_interval(const Rational& low, const Rational& high, Precision precision);
  /// The ball that says nothing: every real number, and possibly none.
  static Ball indeterminate(Precision precision);

  long bits() const { return bits_; }
  /// The same set, or a slightly larger one, with its centre rounded to this precision; later operations work at it.
  Ball at_precision(Precision precision) const;

  /// The double nearest to the centre, and the centre itself.
  double mid() const;
  Ball center() const;
  /// An upper bound of the radius; infinite if the ball is not finite.
  double radius() const;
  /// Doubles below and above every number in the ball.
  double lower() const;
  double upper() const;

  bool is_finite() const;
  bool is_exact() const;
  bool contains_zero() const;
  bool contains(const Ball& other) const;
  bool contains(const Rational& q) const;
  bool overlaps(const Ball& other) const;
  /// The integer in an exact ball, if there is one and it fits.
  std::optional<long> to_long() const;

  /// "mid +/- radius": a decimal interval that contains the ball, with as many digits as `digits` or the precision
  /// allow.
  std::string to_string() const;
  std::string to_string(int digits) const;
  /// At most `digits` significant digits, and only proven ones: every number in the ball is within one unit of the
  /// last. Where not a single digit is proven, the text of to_string().
  std::string to_decimal(int digits) const;
  /// How many significant digits to_decimal could print: 0 if none is proven, a million if the ball is exact.
  int proven_digits() const;

  Ball& operator+=(const Ball& other) { return *this = *this + other; }
  Ball& operator-=(const Ball& other) { return *this = *this - other; }
  Ball& operator*=(const Ball& other) { return *this = *this * other; }
  Ball& operator/=(const Ball& other) { return *this = *this / other; }
  friend Ball operator+(const Ball& a, const Ball& b);
  friend Ball operator-(const Ball& a, const Ball& b);
  friend Ball operator*(const Ball& a, const Ball& b);
  friend Ball operator/(const Ball& a, const Ball& b);
  friend Ball operator-(const Ball& a);
  friend Ball operator+(const Ball& a) { return a; }

  /// Equal as sets: same centre and same radius. Whether two numbers are equal is a question for certainly_less & co.
  friend bool operator==(const Ball& a, const Ball& b);
  friend std::ostream& operator<<(std::ostream& out, const Ball& x);

 private:
  friend struct ArbAccess;
  struct ExactInteger {};
  Ball(ExactInteger, long value);

  // An arb_t, kept opaque so that FLINT's macros stay out of the files that only compute with balls; those which call
  // Arb themselves include arb_access.hpp.
  alignas(8) std::array<std::byte, 48> storage_;
  long bits_ = 0;
};

/// Proven comparisons: true only if it holds for all numbers in both balls.
bool certainly_less(const Ball& a, const Ball& b);
bool certainly_less_equal(const Ball& a, const Ball& b);
bool certainly_greater(const Ball& a, const Ball& b);
bool certainly_greater_equal(const Ball& a, const Ball& b);
bool certainly_positive(const Ball& x);
bool certainly_negative(const Ball& x);
bool certainly_nonzero(const Ball& x);

/// The smallest ball, up to rounding, that contains both.
Ball hull(const Ball& a, const Ball& b);
/// x ± e, where e is a bound of an error made elsewhere.
Ball widen(const Ball& x, const Ball& e);

// The functions of number.hpp, over balls. Where several values are possible at a kink or a jump, the hull of them.
Ball exp(const Ball& x);
Ball expm1(const Ball& x);
Ball log(const Ball& x);
Ball log1p(const Ball& x);
Ball sqrt(const Ball& x);
Ball sin(const Ball& x);
Ball cos(const Ball& x);
Ball tan(const Ball& x);
Ball sinh(const Ball& x);
Ball cosh(const Ball& x);
Ball tanh(const Ball& x);
Ball atan(const Ball& x);
Ball atan2(const Ball& y, const Ball& x);
Ball erf(const Ball& x);
Ball erfc(const Ball& x);
Ball Phi(const Ball& x);
Ball phi(const Ball& x);
Ball sigmoid(const Ball& x);
Ball softplus(const Ball& x);
Ball abs(const Ball& x);
Ball sign(const Ball& x);
Ball step(const Ball& x);
Ball min(const Ball& a, const Ball& b);
Ball max(const Ball& a, const Ball& b);
Ball pow(const Ball& x, const Ball& y);
Ball pow_int(const Ball& x, long n);

template <>
Ball number<Ball>(const Rational& q, Precision precision);
template <>
Ball pi<Ball>(Precision precision);
template <>
Ball euler<Ball>(Precision precision);

}  // namespace nke
