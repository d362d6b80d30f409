// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <sstream>
#include <string>

#include <nke/exact/real/ball.hpp>

#include "random_numbers.hpp"

using namespace nke;
using nke::test::RandomNumbers;

namespace {

// "mid +/- radius" read back as exact numbers, so that rounding cannot flatter.
struct Printed {
  Rational middle;
  Rational radius;
};

Printed read(const std::string& text) {
  const std::size_t sign = text.find(" +/- ");
  REQUIRE_MESSAGE(sign != std::string::npos, text);
  return {Rational::parse(text.substr(0, sign)), Rational::parse(text.substr(sign + 5))};
}

// One unit in the last printed digit.
Rational last_digit(const std::string& decimal) {
  const std::size_t e = std::min(decimal.find('e'), decimal.size());
  const std::size_t point = decimal.find('.');
  const long places = point == std::string::npos ? 0 : static_cast<long>(e - point) - 1;
  const long exponent = e == decimal.size() ? 0 : std::stol(decimal.substr(e + 1));
  return pow(Rational(10), exponent - places);
}

}  // namespace

TEST_CASE("the printed interval contains the ball, whatever the number of digits [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(20);
  for (int i = 0; i < nke::test::iterations(400); ++i) {
    const Rational q = random.rational(100);
    const Rational width = abs(random.rational(10)) * pow(Rational(2), -random.integer(0, 120));
    const Ball x = Ball::from_interval(q - width, q + width, random.precision());
    const int digits = static_cast<int>(random.integer(1, 60));
    for (const std::string& text : {x.to_string(digits), x.to_string()}) {
      CAPTURE(text);
      const auto [middle, radius] = read(text);
      const Ball printed = Ball::from_interval(middle - radius, middle + radius, Precision::bits(2000));
      CHECK(printed.contains(x));
      CHECK(middle - radius <= q - width);
      CHECK(q + width <= middle + radius);
    }
  }
}

TEST_CASE("only proven digits are printed [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(21);
  int printed = 0;
  for (int i = 0; i < nke::test::iterations(400); ++i) {
    const Rational q = random.rational(60);
    const Rational width = abs(q) * pow(Rational(2), -random.integer(1, 150));
    const Ball x = Ball::from_interval(q - width, q + width, Precision::bits(300));
    const std::string text = x.to_decimal(static_cast<int>(random.integer(1, 40)));
    if (text.find("+/-") != std::string::npos) continue;
    ++printed;
    CAPTURE(text);
    const Rational shown = Rational::parse(text);
    CHECK(abs(shown - (q - width)) <= last_digit(text));
    CHECK(abs(shown - (q + width)) <= last_digit(text));
  }
  CHECK(printed > nke::test::iterations(200));
}

TEST_CASE("digits of known numbers [fact]") {
  // pi and e to 40 decimals: OEIS A000796, A001113.
  CHECK(pi<Ball>(Precision::digits(60)).to_decimal(41) == "3.1415926535897932384626433832795028841972");
  CHECK(euler<Ball>(Precision::digits(60)).to_decimal(41) == "2.7182818284590452353602874713526624977572");
  CHECK(pi<Ball>(Precision::digits(60)).proven_digits() >= 59);
  CHECK(Ball(Rational(1, 4), Precision::digits(30)).to_decimal(20) == "0.25");
  CHECK(Ball(7).to_string() == "7 +/- 0");
  CHECK(Ball().to_string() == "0 +/- 0");
  CHECK(Ball(Rational(1, 4), Precision::digits(30)).to_string() == "0.25 +/- 0");
  CHECK(Ball::indeterminate(Precision::digits(3)).to_string() == "indeterminate");
  std::ostringstream out;
  out << Ball(Rational(1, 3), Precision::bits(10));
  CHECK(out.str().starts_with("0.33"));
  CHECK(out.str().find(" +/- ") != std::string::npos);
}

TEST_CASE("a ball of which nothing is proven prints its interval and claims no digit [fact]") {
  const Ball wide = Ball::from_interval(-1, 1);
  CHECK(wide.proven_digits() == 0);
  CHECK(wide.to_decimal(10).find("+/-") != std::string::npos);
  CHECK(Ball(5).proven_digits() == Precision::digit_limit);
  CHECK(Ball::from_interval(Rational::parse("1.2344"), Rational::parse("1.2346"), Precision::digits(30))
            .proven_digits() >= 3);
  CHECK(Ball::from_interval(Rational::parse("1.2344"), Rational::parse("1.2346"), Precision::digits(30))
            .proven_digits() <= 5);
}
