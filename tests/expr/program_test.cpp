// SPDX-License-Identifier: Apache-2.0
// The compiled form of an expression against the interpreted one over balls, which shares nothing with it but the tree.
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/program.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/error.hpp>

#include "support.hpp"

using nke::Ball;
using nke::Expr;
using nke::parse_expression;
using nke::Precision;
using nke::Program;

namespace {

const double nan_value = std::numeric_limits<double>::quiet_NaN();

Ball exact_value(const Expr& e, double x, long bits) {
  return nke::evaluate<Ball>(e, "x", Ball::from_double_exactly(x, Precision::bits(bits)), Precision::bits(bits));
}

// The radius of a 53-bit enclosure adds up what each operation may lose; block functions lose up to a few times that.
void check_against_balls(const Expr& e, const std::vector<double>& x) {
  const Program program(e);
  std::vector<double> y(x.size());
  program(x, y);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Ball fine = exact_value(e, x[i], 250), coarse = exact_value(e, x[i], 53);
    if (!fine.is_finite() || !coarse.is_finite() || std::abs(fine.mid()) > 1e300) continue;
    const double allowed = 16 * coarse.radius() + 8e-16 * std::abs(fine.mid()) + 1e-300;
    CAPTURE(e);
    CAPTURE(x[i]);
    CAPTURE(fine.mid());
    CHECK(std::abs(y[i] - fine.mid()) <= allowed);
  }
}

std::vector<double> points(int count) {
  std::mt19937_64 random(nke::test::seed());
  std::normal_distribution<double> normal(0, 3);
  std::vector<double> x;
  for (int i = 0; i < count; ++i) x.push_back(normal(random));
  return x;
}

// Relative error against 250 bits, in units of 2^-52.
double relative_error(const char* text, double x) {
  const Expr e = parse_expression(text);
  const double want = exact_value(e, x, 250).mid();
  return std::abs(Program(e)(x) - want) / std::abs(want) / std::numeric_limits<double>::epsilon();
}

Expr random_expression(std::mt19937_64& random, int depth) {
  const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
  if (depth == 0) return below(3) == 0 ? Expr(nke::Rational(below(9) - 4, 1 + below(4))) : nke::symbol("x");
  const auto part = [&] { return random_expression(random, depth - 1); };
  switch (below(12)) {
    case 0:
    case 1: return part() + part();
    case 2:
    case 3: return part() * part();
    case 4: return nke::pow(part(), Expr(2 + below(4)));
    case 5: return part() / (Expr(1) + nke::pow(part(), Expr(2)));
    case 6: return nke::max(part(), part());
    case 7: return nke::min(part(), Expr(below(5)));
    case 8: return nke::piecewise({{nke::less(part(), part()), part()}}, part());
    case 9: return nke::tanh(part());
    case 10: return nke::exp(-nke::pow(part(), Expr(2)));
    default: return nke::sin(part()) - nke::abs(part());
  }
}

}  // namespace

TEST_CASE("a compiled expression agrees with its enclosure [law]") {
  CAPTURE(nke::test::seed());
  for (const char* text : {"x",
                           "7/3",
                           "x*Phi(x)",
                           "x*tanh(log(1+exp(x)))",
                           "max(x,0)",
                           "min(max(x+3,0),6)*x/6",
                           "x/(1+abs(x))",
                           "piecewise(x < 0: exp(x)-1, x)",
                           "piecewise(x < -1: -1, x <= 1: x, 1)",
                           "x^7 - 3*x^2 + 1/3",
                           "x^(-3)",
                           "(1+x^2)^(5/2)",
                           "(1+x^2)^(-1/2)",
                           "(2+sin(x))^x",
                           "(1+x^2)^(1/3)",
                           "2^x",
                           "pi*x + e",
                           "atan2(x, 2)",
                           "0.5*x*(1+tanh(sqrt(2/pi)*(x+0.044715*x^3)))",
                           "x*sigmoid(1.702*x)",
                           "sign(x)*step(x-1)",
                           "erfc(x)/erf(1+x^2)",
                           "1/(1+exp(-x))",
                           "sin(x)/x",
                           "log(cosh(x))",
                           "exp(x)^2 - exp(x)",
                           "1-exp(-x^2)",
                           "x - x^3/(3*sqrt(1+x^2))"}) {
    check_against_balls(parse_expression(text), points(50));
  }
}

TEST_CASE("random expressions, compiled, agree with their enclosures [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  for (int i = 0; i < nke::test::iterations(150); ++i) {
    Expr e;
    try {
      e = random_expression(random, 4);
    } catch (const nke::DomainError&) {  // a division by 0 among the random numbers
      continue;
    }
    check_against_balls(e, points(8));
  }
}

TEST_CASE("every length gives the same values, in place as well [law]") {
  const Program program(parse_expression("x*tanh(softplus(x)) + max(x, x^2)/(3+x^2)"));
  const std::vector<double> x = points(1100);
  std::vector<double> all(x.size());
  program(x, all);
  for (const std::size_t n : {0, 1, 2, 7, 8, 9, 255, 256, 257, 260, 511, 513, 1024, 1100}) {
    CAPTURE(n);
    std::vector<double> y(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n));
    program(y, y);
    CHECK(std::equal(y.begin(), y.end(), all.begin()));
  }
  CHECK(program(x[3]) == all[3]);
}

TEST_CASE("a branch that is not taken has no influence, even where it is NaN [fact]") {
  const Program guarded(parse_expression("piecewise(x > 0: x*log(x), 0)"));
  CHECK(guarded(-1) == 0);
  CHECK(guarded(0) == 0);
  CHECK(guarded(1) == 0);
  CHECK(guarded(2) == doctest::Approx(2 * std::log(2)).epsilon(1e-15));
  const Program overflowing(parse_expression("piecewise(x < 0: exp(x) - 1, x)"));
  CHECK(overflowing(800) == 800);
  CHECK(std::isnan(guarded(nan_value)) == false);  // no condition holds for NaN: the last value
}

TEST_CASE("strict and non-strict conditions differ at their boundary only [fact]") {
  const Program program(parse_expression("piecewise(x < 0: 1, x <= 0: 7, 4)"));
  const std::vector<double> x{-1, -5e-324, -0.0, 0, 5e-324, 1};
  std::vector<double> y(x.size());
  program(x, y);
  CHECK(y == std::vector<double>{1, 1, 7, 7, 4, 4});
}

TEST_CASE("differences that would cancel are computed without cancelling [fact]") {
  for (const double x : {1e-9, -3e-7, 1e-15}) {
    CAPTURE(x);
    CHECK(relative_error("exp(x) - 1", x) < 4);
    CHECK(relative_error("2/3*exp(x) - 2/3", x) < 6);
    CHECK(relative_error("log(1 + x)", x) < 4);
  }
  CHECK(relative_error("log(1 + exp(x))", -40) < 8);
  CHECK(Program(parse_expression("log(1 + exp(x))"))(800) == 800);
}

TEST_CASE("what occurs twice is computed once, products are added in one step, and registers are used again [fact]") {
  CHECK(Program(parse_expression("exp(x) + exp(x)*tanh(exp(x))")).operations() == 3);
  CHECK(Program(parse_expression("max(x, 0)")).operations() == 1);
  CHECK(Program(parse_expression("x^8")).operations() == 3);
  const Program chain(parse_expression("sin(cos(sin(cos(sin(cos(sin(cos(x))))))))"));
  CHECK(chain.operations() == 8);
  CHECK(chain.registers() <= 1);
  CHECK(Program(parse_expression("pi^2/3 + sqrt(2)")).operations() == 1);
}

TEST_CASE("a program refuses other symbols and unequal spans [fault]") {
  CHECK_THROWS_AS(Program(parse_expression("x + y")), nke::DomainError);
  CHECK_NOTHROW(Program(parse_expression("y^2"), "y"));
  const Program program(parse_expression("x^2"));
  std::vector<double> x(3), y(4);
  CHECK_THROWS_AS(program(x, y), nke::ShapeError);
}
