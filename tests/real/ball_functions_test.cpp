// SPDX-License-Identifier: Apache-2.0
// The functions over balls, against MPFR's (another implementation), against themselves at another precision, against
// the identities they obey, and on wide balls against their values at single points.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/mpfr.hpp>

#include "random_numbers.hpp"

using namespace nke;
using nke::test::RandomNumbers;

namespace {

enum class Shape { rising, falling, other };

struct FunctionUnderTest {
  std::string name;
  Ball (*ball)(const Ball&);
  Mpfr (*mpfr)(const Mpfr&);
  double low;  // arguments are drawn from (low, high)
  double high;
  Shape shape;
  double least;  // its values lie in [least, greatest]
  double greatest;
};

constexpr double inf = std::numeric_limits<double>::infinity();

const std::vector<FunctionUnderTest>& functions() {
  static const std::vector<FunctionUnderTest> table = {
      {"exp", exp, exp, -1000, 1000, Shape::rising, 0, inf},
      {"expm1", expm1, expm1, -1000, 1000, Shape::rising, -1, inf},
      {"log", log, log, 1e-300, 1e6, Shape::rising, -inf, inf},
      {"log1p", log1p, log1p, -0.999, 1e6, Shape::rising, -inf, inf},
      {"sqrt", sqrt, sqrt, 0, 1e6, Shape::rising, 0, inf},
      {"sin", sin, sin, -1000, 1000, Shape::other, -1, 1},
      {"cos", cos, cos, -1000, 1000, Shape::other, -1, 1},
      {"tan", tan, tan, -1.5, 1.5, Shape::other, -inf, inf},
      {"sinh", sinh, sinh, -1000, 1000, Shape::rising, -inf, inf},
      {"cosh", cosh, cosh, -1000, 1000, Shape::other, 1, inf},
      {"tanh", tanh, tanh, -1000, 1000, Shape::rising, -1, 1},
      {"atan", atan, atan, -1000, 1000, Shape::rising, -1.5707964, 1.5707964},
      {"erf", erf, erf, -40, 40, Shape::rising, -1, 1},
      {"erfc", erfc, erfc, -40, 40, Shape::falling, 0, 2},
      {"Phi", Phi, Phi, -40, 40, Shape::rising, 0, 1},
      {"phi", phi, phi, -40, 40, Shape::other, 0, 0.39894229},
      {"sigmoid", sigmoid, sigmoid, -1000, 1000, Shape::rising, 0, 1},
      {"softplus", softplus, softplus, -1000, 1000, Shape::rising, 0, inf},
      {"abs", abs, abs, -1000, 1000, Shape::other, 0, inf},
      {"sign", sign, sign, -1000, 1000, Shape::rising, -1, 1},
      {"step", step, step, -1000, 1000, Shape::rising, 0, 1},
  };
  return table;
}

Rational in_domain(RandomNumbers& random, const FunctionUnderTest& f) {
  const Rational low = Rational::from_double_exactly(f.low);
  const Rational high = Rational::from_double_exactly(f.high);
  for (int attempt = 0; attempt < 4; ++attempt) {
    const Rational q = random.rational(10);
    if (low < q && q < high) return q;
  }
  return low + (high - low) * Rational(random.integer(1, 999'999), 1'000'000);
}

// An exact fraction of two as long as the precision, so that the argument itself is not rounded.
Rational dyadic(const Rational& q, long bits) {
  const Rational scale = pow(Rational(2), bits);
  return floor(q * scale) / scale;
}

}  // namespace

TEST_CASE("every function over balls contains what MPFR computes with 64 bits more [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(30);
  for (const auto& f : functions()) {
    CAPTURE(f.name);
    for (int i = 0; i < nke::test::iterations(40); ++i) {
      const Precision precision = Precision::bits(random.integer(30, 300));
      const Rational q = dyadic(in_domain(random, f), 100);
      if (q <= Rational::from_double_exactly(f.low) && f.low > -2) continue;
      CAPTURE(q);
      CAPTURE(precision.bits());
      const Ball value = f.ball(Ball(q, Precision::bits(1500)).at_precision(Precision::bits(1500)));
      const Ball rough = f.ball(Ball(q, precision));
      const Rational oracle =
          f.mpfr(Mpfr(q, Precision::bits(1400))).at_precision(Precision::bits(precision.bits() + 64)).to_rational();
      const Rational slack = abs(oracle) * pow(Rational(2), -precision.bits() - 60);
      CHECK(rough.overlaps(value));
      CHECK(
          rough.overlaps(Ball::from_interval(oracle - slack, oracle + slack, Precision::bits(precision.bits() + 100))));
      CHECK(
          value.overlaps(Ball::from_interval(oracle - slack, oracle + slack, Precision::bits(precision.bits() + 100))));
      CHECK(rough.is_finite());
    }
  }
}

TEST_CASE("a ball of p bits overlaps one of p + 30, and is as narrow as p bits allow [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(31);
  for (const auto& f : functions()) {
    CAPTURE(f.name);
    for (int i = 0; i < nke::test::iterations(40); ++i) {
      const long bits = random.integer(30, 300);
      Rational q = dyadic(in_domain(random, f), 20);
      if (q <= Rational::from_double_exactly(f.low)) q = Rational(1, 2);
      CAPTURE(q);
      CAPTURE(bits);
      const Ball coarse = f.ball(Ball(q, Precision::bits(200)).at_precision(Precision::bits(std::max(bits, 60L))));
      const Ball fine = f.ball(Ball(q, Precision::bits(200)).at_precision(Precision::bits(std::max(bits, 60L) + 30)));
      CHECK(coarse.overlaps(fine));
      // The absolute error near zeros of sin and log, a relative one everywhere else.
      const Ball scale = abs(fine) + (f.least < 0 ? 1 : 0);
      const Ball allowed = scale * pow_int(Ball(2, Precision::bits(64)), 8 - std::max(bits, 60L));
      CHECK((allowed.upper() == 0 || coarse.radius() <= allowed.upper()));
    }
  }
}

TEST_CASE("on a wide ball every function contains its values at the points of the ball [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(32);
  for (const auto& f : functions()) {
    CAPTURE(f.name);
    for (int i = 0; i < nke::test::iterations(30); ++i) {
      Rational a = in_domain(random, f);
      Rational b = random.integer(0, 1) == 0
                       ? in_domain(random, f)
                       : a + (in_domain(random, f) - a) * pow(Rational(2), -random.integer(5, 60));
      if (b < a) std::swap(a, b);
      CAPTURE(a);
      CAPTURE(b);
      const Precision precision = Precision::bits(random.integer(53, 200));
      const Ball value = f.ball(Ball::from_interval(a, b, precision));
      if (!value.is_finite()) {
        // Only a ball that the 30 bits of its radius push out of the domain may end so.
        CHECK(Ball::from_interval(a, b, precision).lower() <= f.low);
        continue;
      }
      for (int k = 0; k <= 6; ++k) {
        const Rational q = a + (b - a) * Rational(k, 6);
        CHECK(value.overlaps(f.ball(Ball(q, Precision::bits(600)))));
      }
      if (f.least > -inf) CHECK(value.lower() >= f.least);
      if (f.greatest < inf) CHECK(value.upper() <= f.greatest);
    }
  }
}

TEST_CASE("a monotone function on a wide ball is as tight as its values at the ends [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(33);
  const Precision precision = Precision::bits(120);
  for (const auto& f : functions()) {
    if (f.shape == Shape::other) continue;
    CAPTURE(f.name);
    for (int i = 0; i < nke::test::iterations(30); ++i) {
      Rational a = in_domain(random, f);
      Rational b = in_domain(random, f);
      if (b < a) std::swap(a, b);
      const Ball argument = Ball::from_interval(a, b, precision);
      const Ball value = f.ball(argument);
      if (!value.is_finite()) continue;
      // Endpoints of the ball as it was stored, its 30-bit radius included.
      const Ball at_low = f.ball(Ball::from_double_exactly(argument.lower(), precision));
      const Ball at_high = f.ball(Ball::from_double_exactly(argument.upper(), precision));
      if (!at_low.is_finite() || !at_high.is_finite()) continue;
      const Ball ends = hull(at_low, at_high);
      CAPTURE(a);
      CAPTURE(b);
      // A narrow ball goes through first-order error propagation, which costs a little.
      const double looseness = argument.radius() > 0.01 ? 1e-6 : 0.02;
      CHECK(value.radius() <= ends.radius() * (1 + looseness) + 1e-30);
    }
  }
}

TEST_CASE("the functions obey their identities [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(35);
  for (int i = 0; i < nke::test::iterations(60); ++i) {
    const Precision precision = Precision::bits(random.integer(40, 400));
    const Ball x(random.rational(6), precision);
    const Ball y(random.rational(3), precision);
    const Ball one(1, precision);
    CAPTURE(x);
    CAPTURE(y);
    // Each is zero; each is also small, since an infinite ball would contain zero too.
    const std::vector<std::pair<std::string, Ball>> zeros = {
        {"exp(x) exp(-x) = 1", exp(x) * exp(-x) - 1},
        {"exp(x+y) = exp(x) exp(y)", exp(x + y) / (exp(x) * exp(y)) - 1},
        {"expm1 above", (expm1(abs(x)) + 1) / exp(abs(x)) - 1},
        {"expm1 below", expm1(-abs(x)) + 1 - exp(-abs(x))},
        {"log exp", log(exp(x)) - x},
        {"log1p", log1p(abs(x)) - log(1 + abs(x))},
        {"sqrt", pow_int(sqrt(abs(x)), 2) - abs(x)},
        {"sin² + cos² = 1", pow_int(sin(x), 2) + pow_int(cos(x), 2) - 1},
        {"tan = sin / cos", tan(x) * cos(x) - sin(x)},
        {"tanh = sinh / cosh", tanh(x) - sinh(x) / cosh(x)},
        {"cosh + sinh = exp", (cosh(abs(x)) + sinh(abs(x))) / exp(abs(x)) - 1},
        {"tan atan", tan(atan(x)) / (1 + abs(x)) - x / (1 + abs(x))},
        {"atan2", atan2(sin(atan(x)), cos(atan(x))) - atan(x)},
        {"erf + erfc = 1", erf(x) + erfc(x) - 1},
        {"Phi(x) + Phi(-x) = 1", Phi(x) + Phi(-x) - 1},
        {"Phi by erf", Phi(x) - (1 + erf(x / sqrt(2 * one))) / 2},
        {"sigmoid by tanh", sigmoid(x) - (1 + tanh(x / 2)) / 2},
        {"softplus(x) - softplus(-x) = x", softplus(x) - softplus(-x) - x},
        {"softplus by log", softplus(-abs(x)) - log(1 + exp(-abs(x)))},
        {"phi", phi(x) * sqrt(2 * pi<Ball>(precision)) - exp(-x * x / 2)},
        {"pow", pow(abs(x) + 1, y) - exp(y * log(abs(x) + 1))},
        {"pow_int", pow_int(x, 5) - x * x * x * x * x},
        {"max + min", max(x, y) + min(x, y) - x - y},
        {"abs by max", abs(x) - max(x, -x)},
        {"sign", sign(x) * abs(x) - x},
        {"step", step(x) + step(-x) - 1},
        {"relu by step", max(x, Ball(0)) - x * step(x)},
    };
    for (const auto& identity : zeros) {
      CAPTURE(identity.first);
      CHECK(identity.second.contains_zero());
      const Ball scale = 1 + pow_int(abs(x) + 1, 5) + pow(abs(x) + 1, y) * (1 + abs(y));
      const double allowed = (scale * pow_int(Ball(2, precision), 16 - precision.bits())).upper();
      CHECK(identity.second.radius() <= allowed);
    }
  }
}
