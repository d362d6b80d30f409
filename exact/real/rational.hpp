// SPDX-License-Identifier: Apache-2.0
// Exact fractions: what a user types, and every coefficient that is not rounded.
//
// Definition  an integer over a positive integer in lowest terms (GMP's mpq).
// Domain      text, integers, fractions. A double is refused by the compiler: 0.1 is not one tenth.
// Degenerate  division by zero, 0 to a negative power: DomainError. 0 to the power 0 is 1.
// Error       none; to_double() rounds to nearest, ties to even, over the whole range of double.
// Limits      text up to 100 000 characters, decimal exponents up to 10 000, powers up to 4 million bits: LimitError.
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include <gmpxx.h>

namespace nke {

class Rational {
 public:
  static constexpr std::size_t text_limit = 100'000;
  static constexpr long exponent_limit = 10'000;
  static constexpr std::size_t power_bit_limit = 4'000'000;

  Rational() = default;
  template <std::signed_integral T>
  Rational(T value) : value_(static_cast<long>(value)) {  // NOLINT: an integer is a fraction, no loss to warn of
    static_assert(sizeof(T) <= sizeof(long));
  }
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) Rational(T value) : value_(static_cast<unsigned long>(value)) {  // NOLINT
    static_assert(sizeof(T) <= sizeof(unsigned long));
  }
  Rational(long numerator, long denominator);
  /// Puts the fraction into lowest terms; DomainError if its denominator is zero.
  explicit Rational(mpq_class value);

  /// Deleted because 0.1 is not one tenth: write Rational(1, 10) or Rational::parse("0.1"). Who does mean the binary
  /// value of a double says so with from_double_exactly.
  Rational(double) = delete;
  Rational(bool) = delete;

  /// "7", "-3/4", "0.044715", "1.5e-3", ".5": an optional sign, then an integer, a decimal with or without exponent, or
  /// integer/integer. Nothing else, no blanks. ParseError, or LimitError for text or exponents past the limits.
  static Rational parse(std::string_view text);
  /// The exact binary value, m·2^e. DomainError for infinities and NaN.
  static Rational from_double_exactly(double value);

  const mpq_class& value() const { return value_; }
  Rational numerator() const;
  Rational denominator() const;
  bool is_integer() const { return mpz_cmp_ui(mpq_denref(value_.get_mpq_t()), 1) == 0; }
  bool is_zero() const { return sign() == 0; }
  /// −1, 0 or 1.
  int sign() const { return mpq_sgn(value_.get_mpq_t()); }
  /// The value as a long, if it is an integer that fits.
  std::optional<long> to_long() const;
  /// The nearest double, ties to even; ±infinity from 2^1024 − 2^970 on.
  double to_double() const;
  /// "-3/4" or "7"; parse() reads it back.
  std::string to_string() const;
  std::size_t hash() const;
  /// Bits of the numerator plus bits of the denominator: what one operation with this value costs.
  std::size_t bit_size() const;

  Rational& operator+=(const Rational& other);
  Rational& operator-=(const Rational& other);
  Rational& operator*=(const Rational& other);
  Rational& operator/=(const Rational& other);

  friend Rational operator+(Rational a, const Rational& b) { return a += b; }
  friend Rational operator-(Rational a, const Rational& b) { return a -= b; }
  friend Rational operator*(Rational a, const Rational& b) { return a *= b; }
  friend Rational operator/(Rational a, const Rational& b) { return a /= b; }
  friend Rational operator-(const Rational& a) { return Rational(mpq_class(-a.value_), InLowestTerms{}); }
  friend Rational operator+(const Rational& a) { return a; }

  friend bool operator==(const Rational& a, const Rational& b) {
    return mpq_equal(a.value_.get_mpq_t(), b.value_.get_mpq_t()) != 0;
  }
  friend std::strong_ordering operator<=>(const Rational& a, const Rational& b) {
    return mpq_cmp(a.value_.get_mpq_t(), b.value_.get_mpq_t()) <=> 0;
  }
  friend std::ostream& operator<<(std::ostream& out, const Rational& q);

 private:
  struct InLowestTerms {};
  Rational(mpq_class value, InLowestTerms) : value_(std::move(value)) {}

  mpq_class value_;
};

Rational abs(const Rational& q);
/// q to an integer power, exactly. DomainError for 0 to a negative power, LimitError past power_bit_limit.
Rational pow(const Rational& q, long exponent);
/// The largest integer not above q, the smallest not below.
Rational floor(const Rational& q);
Rational ceil(const Rational& q);

}  // namespace nke

template <>
struct std::hash<nke::Rational> {
  std::size_t operator()(const nke::Rational& q) const { return q.hash(); }
};
