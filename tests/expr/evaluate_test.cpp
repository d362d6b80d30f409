// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <string>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/complex_ball.hpp>
#include <nke/exact/real/mpfr.hpp>

#include "random_expression.hpp"
#include "support.hpp"

using nke::Ball;
using nke::ComplexBall;
using nke::evaluate;
using nke::Expr;
using nke::Mpfr;
using nke::parse_expression;
using nke::Precision;
using nke::Rational;

namespace {

const Precision digits50 = Precision::digits(50);

Ball ball_at(const std::string& text, double low, double high) {
  return evaluate<Ball>(parse_expression(text), "x", Ball::from_interval(low, high, digits50), digits50);
}

ComplexBall box_at(const std::string& text, const Ball& re, const Ball& im, bool analytic) {
  return evaluate<ComplexBall>(parse_expression(text), "x", ComplexBall(re, im), digits50, analytic);
}

Ball interval(double low, double high) {
  return Ball::from_interval(low, high, digits50);
}

}  // namespace

TEST_CASE("values over double [fact]") {
  const auto at = [](const char* text, double x) { return evaluate(parse_expression(text), "x", x); };
  CHECK(at("1/3", 0) == 1.0 / 3);
  CHECK(at("x/3", 1) == 1.0 / 3);
  CHECK(at("x^3 - 2*x", 3) == 21);
  CHECK(at("sqrt(x)", 2) == std::sqrt(2.0));
  CHECK(at("1/x^2", 4) == 1.0 / 16);
  CHECK(at("2^x", 3) == 8);
  CHECK(at("max(x, 1) + min(x, 2) + abs(-x)", 1.5) == 4.5);
  CHECK(at("piecewise(x < 0: 1, x <= 1: 2, 3)", 1) == 2);
  CHECK(at("piecewise(x < 0: 1, x < 1: 2, 3)", 1) == 3);
  CHECK(at("atan2(x, -1)", 1) == std::atan2(1.0, -1.0));
  CHECK(at("atan2(-0*x, x) + atan2(x*max(x, 0), x)", -1) == 2 * std::atan2(0.0, -1.0));  // no negative zeros
  CHECK(at("sigmoid(x)", -1000) == 0);
  CHECK(std::isnan(at("sqrt(x)", -1)));
  CHECK(std::isnan(at("asin(x)", 2)));
  CHECK(std::isnan(at("piecewise(sqrt(x) < 1: 0, 1)", -1)));
  CHECK(std::isinf(at("1/x", 0)));
}

TEST_CASE("numbers enter at the stated precision [fact]") {
  const Mpfr third = evaluate<Mpfr>(parse_expression("x/3"), "x", Mpfr(1), Precision::bits(200));
  CHECK(third.bits() == 200);
  CHECK(abs(third * 3 - 1) <= Mpfr(nke::pow(Rational(2), -199), Precision::bits(200)));
  const Ball root = evaluate<Ball>(parse_expression("sqrt(2)*sqrt(pi)"), "x", Ball(0), digits50);
  CHECK(root.radius() < 1e-49);
  CHECK(root.radius() > 0);
}

TEST_CASE("several symbols are bound by name; one without a value is refused [fault]") {
  const Expr e = parse_expression("a*x + b");
  CHECK(evaluate<double>(e, {{"a", 2.0}, {"b", 1.0}, {"x", 3.0}}, Precision::of_double()) == 7);
  CHECK_THROWS_WITH_AS((evaluate<double>(e, {{"a", 2.0}, {"x", 3.0}}, Precision::of_double())),
                       "the symbol b has no value", nke::DomainError);
  CHECK_THROWS_WITH_AS(evaluate(e, "x", 1.0), "the symbol a has no value", nke::DomainError);
}

TEST_CASE("a shared subexpression is computed once: 2^200 paths in an instant [law]") {
  Expr e = nke::symbol("x");
  for (int i = 0; i < 200; ++i) e = nke::sin(e) + nke::cos(e);
  const double value = evaluate(e, "x", 0.5);
  CHECK(std::abs(value) <= std::sqrt(2.0));
  CHECK(evaluate<Ball>(nke::tanh(e), "x", Ball(1), Precision::digits(300)).is_finite());
}

TEST_CASE("an undecided condition or switch gives the hull over balls [fact]") {
  const Ball jump = ball_at("piecewise(x < 0: -1, x < 1: 5, 7)", -0.5, 0.5);
  CHECK(jump.contains(Rational(-1)));
  CHECK(jump.contains(Rational(5)));
  CHECK_FALSE(jump.contains(Rational(7)));
  CHECK(ball_at("piecewise(x < 0: -1, 5)", 0.25, 0.5).is_exact());
  CHECK(ball_at("step(x)", -1, 1).contains(Rational(1, 2)));
  CHECK(ball_at("max(x, 0)", -1, 1).contains(Rational(0)));
  CHECK_FALSE(ball_at("log(x)", -1, 1).is_finite());
  CHECK_FALSE(ball_at("1/x", -1, 1).is_finite());
  CHECK_FALSE(ball_at("acos(x)", -3, -2).is_finite());
  CHECK_FALSE(ball_at("atan2(log(x), 1)", -3, -2).is_finite());
  CHECK_FALSE(ball_at("piecewise(log(x) < 0: 1, 2)", -3, -2).is_finite());
  CHECK(ball_at("cosh(exp(exp(x)))", 3, 3.5).is_finite());  // 10^14 digits before the point
  CHECK(ball_at("piecewise(x <= 0: 0, 1)", 0, 0).contains(Rational(0)));
}

TEST_CASE("the analytic flag tells holomorphic boxes from others [fact]") {
  const Ball right = interval(0.5, 1);
  const Ball across = interval(-0.25, 0.25);
  const Ball height = interval(-1, 1);
  for (const std::string text : {"max(x, 0)", "abs(x)", "sign(x)", "step(x)", "piecewise(x < 0: 0, x)", "sqrt(x)",
                                 "log(x)", "x^(1/3)", "2^x*abs(x)"}) {
    CAPTURE(text);
    CHECK(box_at(text, right, height, true).is_finite());
    CHECK_FALSE(box_at(text, across, height, true).is_finite());
  }
  CHECK(box_at("max(x, 0)", across, height, false).is_finite());
  CHECK(box_at("piecewise(x < 0: 0, x)", across, height, false).is_finite());
  const Ball narrow = interval(-0.1, 0.1);
  CHECK(box_at("asin(x)", across, narrow, true).is_finite());
  CHECK_FALSE(box_at("asin(x)", interval(0.9, 1.1), narrow, true).is_finite());
  CHECK(box_at("asin(x)", interval(0.9, 1.1), interval(0.5, 0.6), true).is_finite());
  CHECK(box_at("acos(x)", interval(0.9, 1.1), interval(0.5, 0.6), true).is_finite());
  CHECK(box_at("atan2(x, -1)", interval(0.2, 0.3), narrow, true).is_finite());
  CHECK_FALSE(box_at("atan2(x, -1)", across, narrow, true).is_finite());
  CHECK(box_at("tanh(x)", across, height, true).is_finite());
  CHECK_FALSE(box_at("tanh(x)", across, interval(1, 2), true).is_finite());
  CHECK_FALSE(box_at("softplus(x)", across, interval(3, 4), true).is_finite());
}

TEST_CASE("ComplexBall on the real axis agrees with Ball, for all primitives [law]") {
  CAPTURE(nke::test::seed());
  nke::test::RandomExpression random(nke::test::seed());
  int informative = 0;
  const int rounds = nke::test::iterations(1500);
  for (int i = 0; i < rounds; ++i) {
    const Expr e = random(1 + i % 3);
    const Ball at(random.point(2), digits50);
    const Ball real = evaluate<Ball>(e, "x", at, digits50);
    if (!real.is_finite()) continue;
    CAPTURE(to_text(e));
    const ComplexBall complex = evaluate<ComplexBall>(e, "x", ComplexBall(at), digits50);
    if (!complex.is_finite()) continue;
    REQUIRE(complex.re().overlaps(real));
    REQUIRE(complex.im().contains_zero());
    if (complex.re().radius() < 1e-20) ++informative;
  }
  CHECK(informative > rounds / 4);
}

TEST_CASE("a wide ball contains the values at all its points, computed without balls [law]") {
  CAPTURE(nke::test::seed());
  nke::test::RandomExpression random(nke::test::seed() + 1);
  const Precision low = Precision::bits(64);
  const Precision high = Precision::bits(1000);
  int informative = 0;
  const int rounds = nke::test::iterations(3000);
  for (int i = 0; i < rounds; ++i) {
    const Expr e = random(1 + i % 4);
    const Rational center = random.point(3);
    const Rational radius = i % 2 == 0 ? Rational(1, 1 << (i % 20)) : Rational(0);
    const Ball wide = evaluate<Ball>(e, "x", Ball::from_interval(center - radius, center + radius, low), low);
    if (!wide.is_finite()) continue;
    const Rational at = center + radius * random.point(1);
    CAPTURE(to_text(e));
    CAPTURE(at);
    // The reference has lost some of its 300 digits; 100 are left unless the expression is a disaster, which the ball
    // of the same precision tells.
    if (!(evaluate<Ball>(e, "x", Ball(at, high), high).radius() < 1e-150)) continue;
    const Mpfr value = evaluate<Mpfr>(e, "x", Mpfr(at, high), high);
    if (!value.is_finite() || abs(value) > Mpfr(nke::pow(Rational(10), 100), high)) continue;
    const Rational slack = nke::pow(Rational(10), -100);
    const bool tiny = abs(value) < Mpfr(slack, high);  // its exponent may be too large for a fraction
    const Rational exact = tiny ? Rational(0) : value.to_rational();
    REQUIRE(wide.overlaps(Ball::from_interval(exact - slack - slack, exact + slack + slack, high)));
    if (wide.radius() < 1) ++informative;
  }
  CHECK(informative > rounds / 4);
}

TEST_CASE("double agrees with Mpfr to the condition of the expression [law]") {
  CAPTURE(nke::test::seed());
  nke::test::RandomExpression random(nke::test::seed() + 2);
  const Precision precision = Precision::bits(400);
  int informative = 0;
  const int rounds = nke::test::iterations(2000);
  for (int i = 0; i < rounds; ++i) {
    const Expr e = random(1 + i % 3);
    const double at = random.point(2).to_double();
    const Ball enclosure = evaluate<Ball>(e, "x", Ball::from_double_exactly(at), Precision::of_double());
    if (!enclosure.is_finite() || enclosure.radius() > 1e-8) continue;
    CAPTURE(to_text(e));
    CAPTURE(at);
    const double truth = evaluate<Mpfr>(e, "x", Mpfr::from_double_exactly(at, precision), precision).to_double();
    // A 53-bit ball loses what a double loses, and more; the factor 8 covers libm's ulps against Arb's half ones.
    REQUIRE(std::abs(evaluate(e, "x", at) - truth) <= 8 * enclosure.radius() + 8 * std::abs(truth) * 0x1p-52);
    ++informative;
  }
  CHECK(informative > rounds / 4);
}
