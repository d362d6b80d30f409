// SPDX-License-Identifier: Apache-2.0
// Ranges enclose: whatever values the operands take, the result is inside.
#include <cmath>
#include <random>

#include <nke/exact/activation/range.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/parse.hpp>

#include "support.hpp"

using namespace nke;

namespace {

constexpr double infinity = Range::infinity;

Range range(const char* text, Range x) {
  return range_of(parse_expression(text), "x", x);
}

}  // namespace

TEST_CASE("sums, products, reciprocals and powers enclose the exact result [law]") {
  std::mt19937_64 random(test::seed());
  CAPTURE(test::seed());
  std::uniform_real_distribution<double> uniform(-4, 4);
  std::uniform_real_distribution<double> part(0, 1);
  const auto exact = [](double x) { return Rational::from_double_exactly(x); };
  const auto inside = [](const Rational& q, const Range& r) {
    return (std::isinf(r.low) || Rational::from_double_exactly(r.low) <= q) &&
           (std::isinf(r.high) || q <= Rational::from_double_exactly(r.high));
  };
  for (int i = 0; i < test::iterations(2000); ++i) {
    const double p = uniform(random);
    const double q = uniform(random);
    const double r = uniform(random);
    const double s = uniform(random);
    const Range a{std::min(p, q), std::max(p, q)};
    const Range b{std::min(r, s), std::max(r, s)};
    const double x = i % 8 == 0 ? a.low : std::clamp(a.low + part(random) * (a.high - a.low), a.low, a.high);
    const double y = i % 8 == 1 ? b.high : std::clamp(b.low + part(random) * (b.high - b.low), b.low, b.high);
    CHECK(inside(exact(x) + exact(y), a + b));
    CHECK(inside(exact(x) - exact(y), a - b));
    CHECK(inside(exact(x) * exact(y), a * b));
    CHECK(inside(Rational(1) / exact(y), reciprocal(b)));
    CHECK(inside(pow(exact(x), 3), pow(a, Rational(3))));
    CHECK(inside(pow(exact(x), 2), pow(a, Rational(2))));
    CHECK(inside(pow(exact(x), -2), pow(a, Rational(-2))));
    CHECK(inside(abs(exact(x)), abs(a)));
  }
}

TEST_CASE("exact sums and products stay exact, and zeros keep their sign [fact]") {
  CHECK((Range{0, 1} + Range{0, 2}) == Range{0, 3});
  CHECK((Range{0, infinity} * Range{0, infinity}) == Range{0, infinity});
  CHECK((Range{1, 1} - Range{1, 1}) == Range{0, 0});
  CHECK((Range{1e-200, 1} * Range{1e-200, 1}).low == 0);
  CHECK((Range{-1, -1e-200} * Range{1e-200, 1}).high == 0);
  CHECK(reciprocal(Range{0, 2}) == Range{0.5, infinity});
  CHECK(reciprocal(Range{-2, 0}) == Range{-infinity, -0.5});
  CHECK(reciprocal(Range{-1, 1}) == Range::everything());
  CHECK((Range{1e308, infinity} + Range{1e308, infinity}).low == std::numeric_limits<double>::max());
}

TEST_CASE("ranges over half-lines are those of analysis [fact]") {
  CHECK(range("exp(x)", {-infinity, 0}) == Range{0, 1});
  CHECK(range("1/(1 + exp(x))", Range::everything()) == Range{0, 1});
  CHECK(range("x^2 + 1", Range::everything()) == Range{1, infinity});
  CHECK(range("tanh(x)", Range::everything()) == Range{-1, 1});
  CHECK(range("max(x, 3)", {-infinity, 2}) == Range{3, 3});
  CHECK(range("piecewise(x < 0: -1, x < 5: x, 9)", {-2, 3}) == Range{-2, 3});
  CHECK(range("piecewise(x < 0: -1, x < 5: x, 9)", {6, 7}) == Range{9, 9});
  CHECK(range("sqrt(x)", {-1, 4}) == Range{0, 2});
  CHECK(range("sin(x)", {0, infinity}) == Range{-1, 1});
  CHECK(range("cosh(x)", {-2, 1}).low == 1);
  CHECK(range("log(x)", {0, 1}).low == -infinity);
  CHECK(range("step(x)", {1, 2}) == Range{1, 1});
  CHECK(range("sign(x)", {-2, infinity}) == Range{-1, 1});
  CHECK(range("softplus(x)", {1000, infinity}).low == doctest::Approx(1000));
  CHECK(range("exp(x)", {1000, infinity}).low > 1e300);
  CHECK(range("erfc(x)", {200, infinity}).low == 0);
  CHECK(range("erfc(x)", {200, infinity}).high < 1e-300);
  CHECK(range("tan(x)", {-1, 1}).high == doctest::Approx(std::tan(1.0)));
  CHECK(range("tan(x)", {1, 2}) == Range::everything());
  CHECK(range("pi*x", {1, 1}).contains(3.141592653589793));
}

TEST_CASE("ranges of expressions contain every value taken [law]") {
  std::mt19937_64 random(test::seed());
  CAPTURE(test::seed());
  std::uniform_real_distribution<double> uniform(-6, 6);
  for (const char* text :
       {"x*Phi(x)", "exp(-x^2/2)*cos(2*x)", "x/(1 + abs(x))", "log(1 + exp(x)) - x", "sinh(x)*phi(x)", "atan(x)^3",
        "max(x^2 - 1, sin(x))", "erf(x)*erfc(x)", "tan(x/9)", "asin(x/7) + acos(x/8)", "atan2(x, x^2 - 3)", "2^x - x^2",
        "sqrt(abs(x))", "sigmoid(x)*tanh(x)", "softplus(-x)", "piecewise(x < 1: x^3, abs(x - 3))", "x^(-2)",
        "abs(x)^(-1/3)", "sign(x)*step(x - 1)"}) {
    CAPTURE(text);
    const Expr e = parse_expression(text);
    for (int i = 0; i < test::iterations(60); ++i) {
      const double p = uniform(random);
      const double q = uniform(random);
      const Range x{std::min(p, q), std::max(p, q)};
      const Range values = range_of(e, "x", x);
      for (int k = 0; k <= 4; ++k) {
        const double at = std::clamp(x.low + k / 4.0 * (x.high - x.low), x.low, x.high);
        const Ball value =
            evaluate<Ball>(e, "x", Ball::from_double_exactly(at, Precision::bits(100)), Precision::bits(100));
        if (!value.is_finite()) continue;
        CAPTURE(at);
        CHECK(values.low <= value.upper());
        CHECK(values.high >= value.lower());
      }
    }
  }
}
