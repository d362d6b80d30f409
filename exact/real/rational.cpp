// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>

#include <nke/exact/real/error.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

mpz_class power_of_ten(unsigned long exponent) {
  mpz_class result;
  mpz_ui_pow_ui(result.get_mpz_t(), 10, exponent);
  return result;
}

// Reads one number from the front of the text to its end, complaining at the first character that does not belong.
class RationalParser {
 public:
  explicit RationalParser(std::string_view text) : text_(text) {}

  mpq_class parse() {
    const bool negative = peek() == '-';
    if (negative || peek() == '+') ++at_;
    const std::string whole = digits();
    mpq_class value;
    if (peek() == '/') {
      if (whole.empty()) fail("a digit is expected before '/'");
      value = fraction(whole);
    } else {
      value = decimal(whole);
    }
    if (at_ != text_.size()) fail("unexpected character in a number");
    if (negative) value = -value;
    return value;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  std::string digits() {
    const std::size_t first = at_;
    while (is_digit(peek())) ++at_;
    return std::string(text_.substr(first, at_ - first));
  }

  mpq_class fraction(const std::string& numerator) {
    ++at_;  // the slash
    const std::size_t start = at_;
    const std::string denominator = digits();
    if (denominator.empty()) fail("an integer is expected after '/'");
    mpq_class value(mpz_class(numerator, 10), mpz_class(denominator, 10));
    if (value.get_den() == 0) {
      at_ = start;
      fail("the denominator is zero");
    }
    value.canonicalize();
    return value;
  }

  mpq_class decimal(std::string mantissa) {
    long scale = 0;
    if (peek() == '.') {
      ++at_;
      const std::string places = digits();
      mantissa += places;
      scale = -static_cast<long>(places.size());
    }
    if (mantissa.empty()) fail("a number is expected");
    if (peek() == 'e' || peek() == 'E') scale += exponent();
    mpq_class value(mpz_class(mantissa, 10));
    if (scale >= 0) {
      value.get_num() *= power_of_ten(static_cast<unsigned long>(scale));
    } else {
      value.get_den() = power_of_ten(static_cast<unsigned long>(-scale));
      value.canonicalize();
    }
    return value;
  }

  long exponent() {
    ++at_;  // the letter e
    const bool negative = peek() == '-';
    if (negative || peek() == '+') ++at_;
    if (!is_digit(peek())) fail("a digit is expected in the exponent");
    long exponent = 0;
    for (; is_digit(peek()); ++at_) exponent = std::min(exponent * 10 + (peek() - '0'), Rational::exponent_limit + 1);
    if (exponent > Rational::exponent_limit) {
      throw LimitError("decimal exponents are limited to " + std::to_string(Rational::exponent_limit) + ": " +
                       std::string(text_.substr(0, 60)));
    }
    return negative ? -exponent : exponent;
  }

  [[noreturn]] void fail(const std::string& message) const { throw ParseError(message, std::string(text_), at_); }

  std::string_view text_;
  std::size_t at_ = 0;
};

// floor(log2(a/b)) for positive integers.
long floor_log2(const mpz_class& a, const mpz_class& b) {
  const long guess =
      static_cast<long>(mpz_sizeinbase(a.get_mpz_t(), 2)) - static_cast<long>(mpz_sizeinbase(b.get_mpz_t(), 2));
  // 2^(guess−1) < a/b < 2^(guess+1): one comparison decides.
  const bool reaches = guess >= 0 ? a >= mpz_class(b << static_cast<unsigned long>(guess))
                                  : mpz_class(a << static_cast<unsigned long>(-guess)) >= b;
  return reaches ? guess : guess - 1;
}

}  // namespace

Rational::Rational(long numerator, long denominator) {
  if (denominator == 0) throw DomainError("the fraction " + std::to_string(numerator) + "/0 has no value");
  value_ = mpq_class(mpz_class(numerator), mpz_class(denominator));
  value_.canonicalize();
}

Rational::Rational(mpq_class value) : value_(std::move(value)) {
  if (value_.get_den() == 0) throw DomainError("a fraction with denominator 0 has no value");
  value_.canonicalize();
}

Rational Rational::parse(std::string_view text) {
  if (text.size() > text_limit) {
    throw LimitError("a number of " + std::to_string(text.size()) + " characters is longer than the limit of " +
                     std::to_string(text_limit));
  }
  return Rational(RationalParser(text).parse(), InLowestTerms{});
}

Rational Rational::from_double_exactly(double value) {
  if (!std::isfinite(value)) throw DomainError("infinity and NaN are not fractions");
  return Rational(mpq_class(value), InLowestTerms{});
}

Rational Rational::numerator() const {
  return Rational(mpq_class(value_.get_num()), InLowestTerms{});
}
Rational Rational::denominator() const {
  return Rational(mpq_class(value_.get_den()), InLowestTerms{});
}

std::optional<long> Rational::to_long() const {
  if (!is_integer() || !value_.get_num().fits_slong_p()) return std::nullopt;
  return value_.get_num().get_si();
}

// GMP's own conversion truncates. Here the quotient is cut to exactly the bits the double has at that size (fewer among
// the subnormals), and the remainder decides.
double Rational::to_double() const {
  if (is_zero()) return 0.0;
  mpz_class a = ::abs(value_.get_num());
  mpz_class b = value_.get_den();
  const long log2 = floor_log2(a, b);
  const double direction = sign();
  if (log2 > 1024) return direction * std::numeric_limits<double>::infinity();
  if (log2 < -1080) return direction * 0.0;
  const long unit = std::max(log2 - 52, -1074L);  // exponent of the last bit of the result
  if (unit >= 0) {
    b <<= static_cast<unsigned long>(unit);
  } else {
    a <<= static_cast<unsigned long>(-unit);
  }
  mpz_class quotient;
  mpz_class remainder;
  mpz_fdiv_qr(quotient.get_mpz_t(), remainder.get_mpz_t(), a.get_mpz_t(), b.get_mpz_t());
  remainder <<= 1;
  const int half = cmp(remainder, b);
  if (half > 0 || (half == 0 && mpz_odd_p(quotient.get_mpz_t()) != 0)) ++quotient;
  return direction * std::ldexp(quotient.get_d(), static_cast<int>(unit));
}

std::string Rational::to_string() const {
  return value_.get_str();
}

std::size_t Rational::hash() const {
  std::size_t result = static_cast<std::size_t>(sign()) + 0x9E3779B97F4A7C15ULL;
  const auto mix = [&result](mpz_srcptr z) {
    for (std::size_t i = 0; i < mpz_size(z); ++i) {
      result ^= mpz_getlimbn(z, static_cast<mp_size_t>(i));
      result *= 0xBF58476D1CE4E5B9ULL;
      result ^= result >> 29U;
    }
    result = result * 0x94D049BB133111EBULL + 1;
  };
  mix(mpq_numref(value_.get_mpq_t()));
  mix(mpq_denref(value_.get_mpq_t()));
  return result;
}

std::size_t Rational::bit_size() const {
  return mpz_sizeinbase(mpq_numref(value_.get_mpq_t()), 2) + mpz_sizeinbase(mpq_denref(value_.get_mpq_t()), 2);
}

Rational& Rational::operator+=(const Rational& other) {
  value_ += other.value_;
  return *this;
}

Rational& Rational::operator-=(const Rational& other) {
  value_ -= other.value_;
  return *this;
}

Rational& Rational::operator*=(const Rational& other) {
  value_ *= other.value_;
  return *this;
}

Rational& Rational::operator/=(const Rational& other) {
  if (other.is_zero()) throw DomainError("division of " + to_string() + " by zero");
  value_ /= other.value_;
  return *this;
}

std::ostream& operator<<(std::ostream& out, const Rational& q) {
  return out << q.to_string();
}

Rational abs(const Rational& q) {
  return q.sign() < 0 ? -q : q;
}

Rational pow(const Rational& q, long exponent) {
  if (exponent == 0) return 1;
  if (q.is_zero()) {
    if (exponent < 0) throw DomainError("0 has no power " + std::to_string(exponent));
    return q;
  }
  const auto steps = exponent < 0 ? 0UL - static_cast<unsigned long>(exponent) : static_cast<unsigned long>(exponent);
  const bool unit = q == Rational(1) || q == Rational(-1);
  if (!unit && steps > Rational::power_bit_limit / q.bit_size()) {
    throw LimitError("the power " + std::to_string(exponent) + " of " + q.to_string().substr(0, 40) +
                     " has more than " + std::to_string(Rational::power_bit_limit) + " bits");
  }
  mpq_class result;
  const unsigned long power = unit ? steps & 1U : steps;  // (±1)^n depends on the last bit of n only
  mpz_pow_ui(result.get_num_mpz_t(), q.value().get_num_mpz_t(), power);
  mpz_pow_ui(result.get_den_mpz_t(), q.value().get_den_mpz_t(), power);
  if (exponent < 0) {
    mpq_inv(result.get_mpq_t(), result.get_mpq_t());
  }
  return Rational(std::move(result));
}

Rational floor(const Rational& q) {
  mpz_class result;
  mpz_fdiv_q(result.get_mpz_t(), q.value().get_num_mpz_t(), q.value().get_den_mpz_t());
  return Rational(mpq_class(result));
}

Rational ceil(const Rational& q) {
  return -floor(-q);
}

}  // namespace nke
