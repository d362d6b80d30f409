// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <type_traits>

#include <nke/exact/real/error.hpp>
#include <nke/exact/real/rational.hpp>

#include "random_numbers.hpp"

using namespace nke;
using nke::test::RandomNumbers;

TEST_CASE("decimal literals are exact fractions [fact]") {
  CHECK(Rational::parse("0.044715") == Rational(44715, 1000000));
  CHECK(Rational::parse("-3/4") == Rational(-3, 4));
  CHECK(Rational::parse("+7") == 7);
  CHECK(Rational::parse("1.5e-3") == Rational(3, 2000));
  CHECK(Rational::parse("25E+1") == 250);
  CHECK(Rational::parse(".5") == Rational(1, 2));
  CHECK(Rational::parse("2.") == 2);
  CHECK(Rational::parse("-0.0").is_zero());
  CHECK(Rational::parse("6/4").to_string() == "3/2");
  CHECK(Rational::parse("1e10000") == pow(Rational(10), 10000));
}

TEST_CASE("text that is no number is refused at the character where it stops being one [fault]") {
  const auto position = [](const std::string& text) -> std::size_t {
    try {
      (void)Rational::parse(text);
    } catch (const ParseError& error) {
      return error.position();
    }
    return 999;
  };
  CHECK(position("") == 0);
  CHECK(position("-") == 1);
  CHECK(position("--1") == 1);
  CHECK(position(".") == 1);
  CHECK(position("1e") == 2);
  CHECK(position("1e+") == 3);
  CHECK(position("1.5.2") == 3);
  CHECK(position("1/0") == 2);
  CHECK(position("1/-2") == 2);
  CHECK(position("1/2.5") == 3);
  CHECK(position("/2") == 0);
  CHECK(position(" 1") == 0);
  CHECK(position("1 ") == 1);
  CHECK(position("0x10") == 1);
  CHECK(position("nan") == 0);
  CHECK(position("inf") == 0);
  CHECK(position("1,5") == 1);
  CHECK(position(std::string("1\0002", 3)) == 1);
  CHECK(position("\xC2\xBD") == 0);
}

TEST_CASE("exponents and lengths beyond the limits are refused, not computed [fault]") {
  CHECK_THROWS_AS((void)Rational::parse("1e10001"), LimitError);
  CHECK_THROWS_AS((void)Rational::parse("1e-10001"), LimitError);
  CHECK_THROWS_AS((void)Rational::parse("1e99999999999999999999999999"), LimitError);
  CHECK_THROWS_AS((void)Rational::parse(std::string(Rational::text_limit + 1, '7')), LimitError);
  CHECK_NOTHROW((void)Rational::parse(std::string(Rational::text_limit, '7')));
  CHECK_THROWS_AS((void)pow(Rational(3), 1'000'000'000), LimitError);
  CHECK_THROWS_AS((void)pow(Rational(3), std::numeric_limits<long>::min()), LimitError);
  CHECK(pow(Rational(-1), std::numeric_limits<long>::max()) == -1);
  CHECK(pow(Rational(-1), std::numeric_limits<long>::min()) == 1);
}

TEST_CASE("what has no value is a domain error [fault]") {
  CHECK_THROWS_AS(Rational(1, 0), DomainError);
  CHECK_THROWS_AS(Rational(mpq_class(mpz_class(1), mpz_class(0))), DomainError);
  CHECK_THROWS_AS((void)(Rational(1) / Rational(0)), DomainError);
  CHECK_THROWS_AS((void)pow(Rational(0), -1), DomainError);
  CHECK(pow(Rational(0), 0) == 1);
  CHECK_THROWS_AS((void)Rational::from_double_exactly(std::numeric_limits<double>::quiet_NaN()), DomainError);
  CHECK_THROWS_AS((void)Rational::from_double_exactly(std::numeric_limits<double>::infinity()), DomainError);
}

TEST_CASE("a double does not become a fraction in silence [fact]") {
  static_assert(!std::is_constructible_v<Rational, double>);
  static_assert(!std::is_constructible_v<Rational, float>);
  static_assert(!std::is_constructible_v<Rational, bool>);
  CHECK(Rational::from_double_exactly(0.1) != Rational::parse("0.1"));
  CHECK(Rational::from_double_exactly(0.375) == Rational(3, 8));
}

TEST_CASE("fractions form an ordered field [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(1);
  for (int i = 0; i < nke::test::iterations(300); ++i) {
    const Rational a = random.rational(30);
    const Rational b = random.rational(30);
    const Rational c = random.rational(30);
    CAPTURE(a);
    CAPTURE(b);
    CAPTURE(c);
    CHECK(a * (b + c) == a * b + a * c);
    CHECK((a + b) + c == a + (b + c));
    CHECK(a - b == -(b - a));
    if (!b.is_zero()) CHECK(a / b * b == a);
    CHECK((a < b) == ((a - b).sign() < 0));
    if (a < b) CHECK(a + c < b + c);
    CHECK(abs(a * b) == abs(a) * abs(b));
    CHECK(floor(a) <= a);
    CHECK(a < floor(a) + 1);
    CHECK(ceil(a) - floor(a) == (a.is_integer() ? 0 : 1));
    CHECK(a.numerator() / a.denominator() == a);
    CHECK(a.denominator().sign() > 0);
  }
}

TEST_CASE("text, hash and powers agree with the value [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(2);
  for (int i = 0; i < nke::test::iterations(300); ++i) {
    const Rational a = random.rational(100);
    CAPTURE(a);
    CHECK(Rational::parse(a.to_string()) == a);
    const Rational same = a * 3 / 3;
    CHECK(same.hash() == a.hash());
    const long n = random.integer(0, 12);
    Rational product = 1;
    for (long k = 0; k < n; ++k) product *= a;
    CHECK(pow(a, n) == product);
    if (!a.is_zero()) CHECK(pow(a, -n) * product == 1);
    const auto integer = a.to_long();
    const bool fits = std::numeric_limits<long>::min() <= a && a <= std::numeric_limits<long>::max();
    CHECK(integer.has_value() == (a.is_integer() && fits));
    if (integer) CHECK(Rational(*integer) == a);
  }
}

namespace {

// No other double is nearer, and of two equally near ones the even is taken.
void check_nearest(const Rational& q) {
  CAPTURE(q);
  const double d = q.to_double();
  REQUIRE(std::isfinite(d));
  const Rational distance = abs(Rational::from_double_exactly(d) - q);
  for (const double direction : {-HUGE_VAL, HUGE_VAL}) {
    const double neighbour = std::nextafter(d, direction);
    if (!std::isfinite(neighbour)) continue;
    const Rational other = abs(Rational::from_double_exactly(neighbour) - q);
    CHECK(distance <= other);
    if (distance == other)
      CHECK(std::fmod(std::ldexp(d, std::ilogb(d) < -1022 ? 1074 : 52 - std::ilogb(d)), 2.0) == 0.0);
  }
}

}  // namespace

TEST_CASE("to_double is the nearest double, ties to even, subnormals included [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(3);
  for (int i = 0; i < nke::test::iterations(300); ++i) {
    check_nearest(random.rational(200));
    check_nearest(random.rational(0) * pow(Rational(2), random.integer(-1090, -1000)));
    // Just at, above and below the midpoint of two doubles.
    const double d = random.real(1e300);
    const Rational a = Rational::from_double_exactly(d);
    const Rational b = Rational::from_double_exactly(std::nextafter(d, 2 * d + 1));
    const Rational middle = (a + b) / 2;
    const Rational little = (b - a) / pow(Rational(2), random.integer(2, 200));
    check_nearest(middle);
    check_nearest(middle + little);
    check_nearest(middle - little);
    CHECK(a.to_double() == d);
  }
}

TEST_CASE("to_double reaches infinity and zero where rounding to nearest does [fact]") {
  const Rational largest = Rational::from_double_exactly(std::numeric_limits<double>::max());
  const Rational half_ulp = pow(Rational(2), 970);
  CHECK(largest.to_double() == std::numeric_limits<double>::max());
  CHECK((largest + half_ulp - 1).to_double() == std::numeric_limits<double>::max());
  CHECK((largest + half_ulp).to_double() == HUGE_VAL);
  CHECK((-largest - half_ulp).to_double() == -HUGE_VAL);
  CHECK(pow(Rational(10), 5000).to_double() == HUGE_VAL);
  const Rational smallest = pow(Rational(2), -1074);
  CHECK(smallest.to_double() == std::numeric_limits<double>::denorm_min());
  CHECK((smallest / 2).to_double() == 0.0);
  CHECK((smallest / 2 + pow(Rational(2), -1200)).to_double() == std::numeric_limits<double>::denorm_min());
  CHECK(std::signbit((-smallest / 4).to_double()));
  CHECK(pow(Rational(10), -5000).to_double() == 0.0);
}

TEST_CASE("as many bits are taken as the digits need [law]") {
  for (int digits = 1; digits <= 2000; ++digits) CHECK(Precision::digits(digits).digits() == digits);
  // 10^D integers of D digits are kept apart by 2^(bits − 1) ≥ 10^D, checked in exact arithmetic.
  for (const int digits : {1, 2, 15, 16, 17, 50, 200, 1000, 4999}) {
    CHECK(pow(Rational(2), Precision::digits(digits).bits() - 1) >= pow(Rational(10), digits));
    CHECK(pow(Rational(2), Precision::digits(digits).bits() - 3) < pow(Rational(10), digits));
  }
  CHECK_THROWS_AS(Precision::digits(0), LimitError);
  CHECK_THROWS_AS(Precision::digits(1'000'001), LimitError);
  CHECK_THROWS_AS(Precision::bits(1), LimitError);
  CHECK_THROWS_AS(Precision::bits(-5), LimitError);
}
