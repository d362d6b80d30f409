// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/real/ball.hpp>

#include "random_expression.hpp"
#include "support.hpp"

using nke::Ball;
using nke::Expr;
using nke::parse_expression;

namespace {

std::string simplified(const std::string& text) {
  return to_text(simplify(parse_expression(text)));
}

std::string expanded(const std::string& text) {
  return to_text(expand(parse_expression(text)));
}

}  // namespace

TEST_CASE("rules that take out a cancellation or an overflow [fact]") {
  CHECK(simplified("log(1 + exp(x))") == "softplus(x)");
  CHECK(simplified("1/(1 + exp(-x))") == "sigmoid(x)");
  CHECK(simplified("exp(x)/(1 + exp(x))") == "sigmoid(x)");
  CHECK(simplified("exp(2*x)/(1 + exp(x))") == "exp(x)*sigmoid(x)");
  CHECK(simplified("exp(x)/(1 + exp(x))^2") == "sigmoid(-x)*sigmoid(x)");
  CHECK(simplified("3/(2 + 2*exp(x))") == "3*sigmoid(-x)/2");
  CHECK(simplified("1 - sigmoid(x)") == "sigmoid(-x)");
  CHECK(simplified("x + 2 - 2*Phi(x)") == "x + 2*Phi(-x)");
  CHECK(simplified("1 - erf(x)") == "erfc(x)");
  CHECK(simplified("exp(-x)*exp(x)*y") == "y");
  CHECK(simplified("log(exp(x^2))") == "x^2");
}

TEST_CASE("rules that shorten [fact]") {
  CHECK(simplified("2*(x + 1) - 2") == "2*x");
  CHECK(simplified("exp(x)*exp(x)/exp(y)") == "exp(2*x - y)");
  CHECK(simplified("sqrt(exp(x))") == "exp(x/2)");
  CHECK(simplified("abs(-3*x)") == "3*abs(x)");
  CHECK(simplified("abs(x*exp(y))") == "exp(y)*abs(x)");
  CHECK(simplified("sign(-2*x)") == "-sign(x)");
  CHECK(simplified("step(3*x)") == "step(x)");
  CHECK(simplified("step(-3*x)") == "step(-x)");
  CHECK(simplified("max(x^2, -1)") == "x^2");
  CHECK(simplified("min(exp(x), 0)") == "0");
  CHECK(simplified("sin(-x)*cos(-x)") == "-sin(x)*cos(x)");
  CHECK(simplified("cos(abs(x))") == "cos(x)");
  CHECK(simplified("x*sign(x)") == "abs(x)");
  CHECK(simplified("piecewise(x^2 < 0: 1, x < 1: x, x < 1: 2, 3)") == "piecewise(x < 1: x, 3)");
}

TEST_CASE("what would change the domain stays [fact]") {
  CHECK(simplified("exp(log(x))") == "exp(log(x))");
  CHECK(simplified("sqrt(x)*sqrt(x)") == "sqrt(x)*sqrt(x)");
  CHECK(simplified("log(x^2)") == "log(x^2)");
  CHECK(simplified("step(x)^2") == "step(x)^2");  // 1/4 at 0, not 1/2
}

TEST_CASE("expand multiplies out, up to its limit [fact]") {
  CHECK(expanded("(x + 1)^3") == "1 + 3*x + 3*x^2 + x^3");
  CHECK(expanded("x*(x + 1)*(x - 1)") == "x^3 - x");
  CHECK(expanded("sin((x + 1)^2)") == "sin(1 + 2*x + x^2)");
  CHECK(expanded("(x + y)^2 - (x - y)^2") == "4*x*y");
  CHECK_THROWS_AS(expand(parse_expression("(1 + x)^1000000")), nke::LimitError);
  CHECK_THROWS_AS(expand(parse_expression("(a+b+c+d+f)^40"), 1000), nke::LimitError);
}

TEST_CASE("simplify has nothing left to do on its own result [law]") {
  CAPTURE(nke::test::seed());
  nke::test::RandomExpression random(nke::test::seed() + 2);
  for (int i = 0; i < nke::test::iterations(3000); ++i) {
    const Expr e = random(1 + i % 5);
    Expr once;
    try {
      once = simplify(e);
    } catch (const nke::DomainError&) {  // a rule has uncovered log(0) and the like
      continue;
    }
    CAPTURE(nke::node_count(e));
    REQUIRE(simplify(once) == once);
  }
}

TEST_CASE("simplify keeps the value wherever the argument is defined [law]") {
  CAPTURE(nke::test::seed());
  nke::test::RandomExpression random(nke::test::seed() + 3);
  const auto precision = nke::Precision::bits(400);
  int informative = 0;
  const int rounds = nke::test::iterations(2000);
  for (int i = 0; i < rounds; ++i) {
    const Expr e = random(1 + i % 4);
    const Ball at(random.point(3), precision);
    const Ball before = evaluate<Ball>(e, "x", at, precision);
    if (!before.is_finite() || before.radius() > 1e-30) continue;
    CAPTURE(to_text(e));
    Expr simple;
    try {
      simple = simplify(e);
    } catch (const nke::DomainError&) {  // a branch that is not taken here is 1/0
      continue;
    }
    CAPTURE(to_text(simple));
    const Ball after = evaluate<Ball>(simple, "x", at, precision);
    REQUIRE(after.is_finite());
    REQUIRE(after.overlaps(before));
    if (!(simple == e) && after.radius() < 1e-30) ++informative;
    try {
      REQUIRE(evaluate<Ball>(expand(e), "x", at, precision).overlaps(before));
    } catch (const nke::DomainError&) {
    }
  }
  CHECK(informative > rounds / 50);
}
