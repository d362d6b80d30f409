// SPDX-License-Identifier: Apache-2.0
// Growth bounds: never exceeded where σ is evaluated with enclosures, and as sharp as promised where that is known.
#include <cmath>
#include <random>
#include <string>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/activation/named.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/error.hpp>

#include "support.hpp"

using namespace nke;

namespace {

const Precision precision = Precision::bits(256);

// Whether |σ(x)| is proven to be above the bound; counts the points at which σ has an enclosure at all.
bool is_exceeded(const Activation& sigma, double x, int& evaluated) {
  const Ball value = evaluate<Ball>(sigma.expression(), "x", Ball::from_double_exactly(x, precision), precision);
  if (!value.is_finite()) return false;
  ++evaluated;
  if (value.contains_zero()) return false;
  return log(abs(value)).lower() > sigma.growth()->log_at(x);
}

void check_bound(const Activation& sigma, std::mt19937_64& random) {
  CAPTURE(sigma.name());
  REQUIRE(sigma.growth());
  std::uniform_real_distribution<double> exponent(-3, 6);
  std::uniform_real_distribution<double> centre(-12, 12);
  int evaluated = 0;
  int asked = 0;
  const auto ask = [&](double x) {
    CAPTURE(x);
    ++asked;
    CHECK_FALSE(is_exceeded(sigma, x, evaluated));
  };
  for (const double x : {0.0, 1e6, -1e6, 1.0, -1.0}) ask(x);
  for (int i = 0; i < test::iterations(40); ++i) {
    const double size = std::pow(10.0, exponent(random));
    ask(size);
    ask(-size);
    ask(centre(random));
  }
  for (const Breakpoint& point : sigma.breakpoints()) {
    for (const double shift : {0.0, 1e-9, -1e-9}) ask(point.at() + shift);
  }
  CHECK(evaluated > asked / 2);
}

std::string bound(std::string_view text) {
  const Activation sigma = activation(text);
  return sigma.growth() ? to_text(*sigma.growth()) : "none";
}

}  // namespace

TEST_CASE("every named activation has a growth bound that no value exceeds, out to a million [law]") {
  std::mt19937_64 random(test::seed());
  CAPTURE(test::seed());
  for (const NamedActivation& row : named_activations()) {
    CAPTURE(row.name);
    check_bound(activation(row.name), random);
  }
}

TEST_CASE("derivatives of named activations keep to their growth bounds [law]") {
  std::mt19937_64 random(test::seed());
  CAPTURE(test::seed());
  for (const NamedActivation& row : named_activations()) {
    const Activation slope = activation(row.name).derivative();
    if (row.name == "signed_sqrt") {  // its slope is infinite at 0: no bound, and a reason
      CHECK_FALSE(slope.growth());
      CHECK_FALSE(slope.growth_reason().empty());
      continue;
    }
    check_bound(slope, random);
  }
}

TEST_CASE("invented expressions keep to their growth bounds [law]") {
  std::mt19937_64 random(test::seed());
  CAPTURE(test::seed());
  for (const char* text : {"x*tanh(log(1+exp(x)))",
                           "exp(x^2/5)",
                           "exp(-abs(x))*x^3",
                           "2^x",
                           "2^(-x^2)",
                           "(exp(x)-exp(-x))/(exp(x)+exp(-x))",
                           "log(1/(1+exp(-x)))",
                           "log(1 + x^2)",
                           "sqrt(1 + x^4)",
                           "x^3/(1 + x^2)",
                           "(1 - cos(x))/x^2",
                           "x/(exp(x) - 1)",
                           "sinh(x)/x",
                           "exp(sin(x))*x",
                           "exp(sqrt(1 + x^2))",
                           "softplus(x^2)",
                           "log(1 + exp(x^2/3))",
                           "abs(sin(x))*x",
                           "sign(sin(x))",
                           "max(x^3, exp(x))",
                           "min(exp(x), 10)",
                           "cosh(x/2)*exp(-x^2)",
                           "exp(-pi*(x - sqrt(2))^2)",
                           "1/(2 + sin(x))",
                           "1/softplus(x)",
                           "x^2*sigmoid(-x)",
                           "phi(x - 3)*x",
                           "1/phi(x/2)",
                           "atan(x)*x",
                           "exp(-1/(x^2+1))*x",
                           "piecewise(x < -1: exp(x), x < 1: x^2, sqrt(x))",
                           "erfc(x)*exp(x)",
                           "log(2 + cos(x))*x^2"}) {
    check_bound(activation(text), random);
  }
}

TEST_CASE("bounds are as sharp as promised where the answer is known [fact]") {
  CHECK(bound("relu") == "|sigma(x)| <= (1+|x|)");
  CHECK(bound("tanh") == "|sigma(x)| <= 1");
  CHECK(bound("hard_sigmoid") == "|sigma(x)| <= 1");
  CHECK(bound("relu6") == "|sigma(x)| <= 6");
  CHECK(bound("sinc") == "|sigma(x)| <= 1");
  CHECK(bound("softsign") == "|sigma(x)| <= 1");
  CHECK(bound("exp(-x^2/2)") == "|sigma(x)| <= exp(-1/2 x^2)");
  CHECK(bound("x*exp(-x^2/2)") == "|sigma(x)| <= (1+|x|) exp(-1/2 x^2)");
  CHECK(bound("exp(3*x)") == "|sigma(x)| <= exp(3 |x|)");
  CHECK(bound("exp(x^2/5)") == "|sigma(x)| <= exp(1/5 x^2)");
  CHECK(bound("sqrt(abs(x))") == "|sigma(x)| <= (1+|x|)^(1/2)");
  CHECK(bound("0*x") == "sigma = 0");
  CHECK(activation("elu").growth()->power == Rational(1));
  CHECK(activation("elu").growth()->linear == Rational(0));
  CHECK(activation("gelu").growth()->power == Rational(1));
  CHECK(activation("mish").growth()->linear == Rational(0));
  CHECK(activation("isru").growth()->power == Rational(0));
  CHECK(activation("x^3/(1 + x^2)").growth()->power == Rational(1));
  CHECK(activation("log(1 + exp(x^2))").growth()->quadratic == Rational(0));
}

TEST_CASE("where no rule applies there is no bound, and a reason [fact]") {
  for (const char* text : {"1/x", "tan(x)", "exp(x^3)", "exp(exp(x))", "log(abs(x))", "1/(x^2 - 2)"}) {
    CAPTURE(text);
    const Activation sigma = activation(text);
    CHECK_FALSE(sigma.growth());
    CHECK(sigma.growth_reason().find("no bound") != std::string::npos);
  }
  CHECK(activation("relu").growth_reason().empty());
}

TEST_CASE("square integrability follows from the quadratic exponent alone [fact]") {
  const GrowthBound fast{Rational(1), Rational(100), Rational(100), Rational(1, 5)};
  // E exp(2/5 a z²) is finite for a < 5/4.
  CHECK(fast.square_integrable(Rational(124, 100)));
  CHECK_FALSE(fast.square_integrable(Rational(125, 100)));
  CHECK_FALSE(fast.square_integrable(Rational(2)));
  CHECK(fast.square_integrable(Rational(0)));
  const GrowthBound slow{Rational(7), Rational(3), Rational(2), Rational(-1)};
  CHECK(slow.square_integrable(Rational(1'000'000)));
  CHECK_THROWS_AS((void)slow.square_integrable(Rational(-1)), DomainError);
  CHECK(slow.log_at(0) == doctest::Approx(std::log(7.0)));
  CHECK(slow.log_at(-2) == doctest::Approx(std::log(7.0) + 3 * std::log(3.0) + 4 - 4));
  CHECK(GrowthBound{}.log_at(5) == -std::numeric_limits<double>::infinity());
}
