// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/jet.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/mpfr.hpp>

#include "random_expression.hpp"
#include "support.hpp"

using nke::Ball;
using nke::differentiate;
using nke::evaluate;
using nke::Expr;
using nke::Mpfr;
using nke::parse_expression;
using nke::Precision;
using nke::Rational;
using nke::taylor;

namespace {

const Precision digits50 = Precision::digits(50);

std::vector<Ball> series_at(const std::string& text, const Rational& at, int order) {
  return taylor<Ball>(parse_expression(text), "x", Ball(at, digits50), order, digits50);
}

void check_coefficients(const std::string& text, const std::vector<Rational>& expected) {
  CAPTURE(text);
  const auto c = series_at(text, 0, static_cast<int>(expected.size()) - 1);
  for (std::size_t k = 0; k < expected.size(); ++k) {
    CAPTURE(k);
    CHECK(c[k].contains(expected[k]));
    CHECK(c[k].radius() < 1e-45);
  }
}

std::string derivative(const std::string& text) {
  return to_text(differentiate(parse_expression(text), "x"));
}

}  // namespace

TEST_CASE("Taylor coefficients at 0 that are in every table [fact]") {
  check_coefficients("exp(x)", {1, 1, {1, 2}, {1, 6}, {1, 24}, {1, 120}});
  check_coefficients("log(1 + x)", {0, 1, {-1, 2}, {1, 3}, {-1, 4}, {1, 5}});
  check_coefficients("tan(x)", {0, 1, 0, {1, 3}, 0, {2, 15}, 0, {17, 315}});
  check_coefficients("tanh(x)", {0, 1, 0, {-1, 3}, 0, {2, 15}, 0, {-17, 315}, 0, {62, 2835}});
  check_coefficients("asin(x)", {0, 1, 0, {1, 6}, 0, {3, 40}, 0, {15, 336}});
  check_coefficients("atan(x)", {0, 1, 0, {-1, 3}, 0, {1, 5}, 0, {-1, 7}});
  check_coefficients("sinh(x)*cosh(x)", {0, 1, 0, {2, 3}, 0, {2, 15}});
  check_coefficients("sqrt(1 + x)", {1, {1, 2}, {-1, 8}, {1, 16}, {-5, 128}});
  check_coefficients("(1 + x)^(-1/3)", {1, {-1, 3}, {2, 9}, {-14, 81}});
  check_coefficients("sigmoid(x)", {{1, 2}, {1, 4}, 0, {-1, 48}, 0, {1, 480}});
  check_coefficients("1/(1 - x - x^2)", {1, 1, 2, 3, 5, 8, 13, 21});
  check_coefficients("(1 + x)^4", {1, 4, 6, 4, 1, 0, 0});
  check_coefficients("erf(x)*sqrt(pi)/2", {0, 1, 0, {-1, 3}, 0, {1, 10}, 0, {-1, 42}});
  check_coefficients("phi(x)*sqrt(2*pi)", {1, 0, {-1, 2}, 0, {1, 8}, 0, {-1, 48}});
  check_coefficients("(1 + x)^(2 + x)", {1, 2, 2, {3, 2}});
  check_coefficients("atan2(x, 1)", {0, 1, 0, {-1, 3}, 0, {1, 5}});
}

TEST_CASE("order 40 keeps its digits: tanh at 0 through the Bernoulli number B_40 [fact]") {
  // c_39 = 2^40 (2^40 - 1) B_40 / 40!, B_40 = -261082718496449122051/13530.
  const Rational b40 = Rational::parse("-261082718496449122051") / Rational(13530);
  const Rational two40 = nke::pow(Rational(2), 40);
  Rational factorial = 1;
  for (int k = 2; k <= 40; ++k) factorial *= Rational(k);
  const Rational expected = two40 * (two40 - Rational(1)) * b40 / factorial;
  const auto c = series_at("tanh(x)", 0, 40);
  CHECK(c[39].contains(expected));
  CHECK(c[39].radius() < 1e-40);
  const auto d = taylor<double>(parse_expression("tanh(x)"), "x", 0.0, 40, Precision::of_double());
  CHECK(std::abs(d[39] / expected.to_double() - 1) < 1e-14);
}

TEST_CASE("at a switch the series follow the conventions of the derivative [fact]") {
  const auto at_zero = [](const char* text) {
    return taylor<double>(parse_expression(text), "x", 0.0, 2, Precision::of_double());
  };
  CHECK(at_zero("abs(x)")[1] == 0);
  CHECK(at_zero("max(x, 0)")[1] == 0.5);
  CHECK(at_zero("min(3*x, x)")[1] == 2);
  CHECK(at_zero("step(x)") == std::vector<double>{0.5, 0, 0});
  CHECK(at_zero("piecewise(x < 0: 0, x + x^2)") == std::vector<double>{0, 1, 1});
  CHECK(evaluate(differentiate(parse_expression("max(x, 0)"), "x"), "x", 0.0) == 0.5);
  // A ball across the kink holds the slopes of both sides.
  const auto wide = taylor<Ball>(parse_expression("abs(x)"), "x", Ball::from_interval(-1, 1, digits50), 1, digits50);
  CHECK(wide[1].contains(Rational(-1)));
  CHECK(wide[1].contains(Rational(1)));
  const auto pieces = taylor<Ball>(parse_expression("piecewise(x < 0: 3*x, x < 5: 7*x^2, 11)"), "x",
                                   Ball::from_interval(-1, 1, digits50), 2, digits50);
  CHECK(pieces[1].contains(Rational(3)));
  CHECK(pieces[2].contains(Rational(0)));
  CHECK(pieces[2].contains(Rational(7)));
  CHECK_FALSE(pieces[2].contains(Rational(8)));
}

TEST_CASE("undefined points give undefined coefficients [fault]") {
  const auto d = taylor<double>(parse_expression("log(x)"), "x", -1.0, 3, Precision::of_double());
  for (const double c : d) CHECK(std::isnan(c));
  for (const Ball& c : series_at("sqrt(x)", -1, 2)) CHECK_FALSE(c.is_finite());
  CHECK_FALSE(series_at("sqrt(x)", 0, 1)[1].is_finite());
  CHECK_FALSE(series_at("1/x", 0, 1)[0].is_finite());
  CHECK_THROWS_AS(series_at("x", 0, -1), nke::LimitError);
  CHECK_THROWS_AS(series_at("y", 0, 1), nke::DomainError);
}

TEST_CASE("derivatives an author would recognise [fact]") {
  CHECK(derivative("x^3 - 2*x") == "3*x^2 - 2");
  CHECK(derivative("x*tanh(log(1 + exp(x)))") == "tanh(softplus(x)) + x*(1 - tanh(softplus(x))^2)*sigmoid(x)");
  CHECK(derivative("x*Phi(x)") == "Phi(x) + x*phi(x)");
  CHECK(derivative("abs(x)") == "sign(x)");
  CHECK(derivative("max(x, 0)") == "step(x)");
  CHECK(derivative("step(x) + sign(x)") == "0");
  CHECK(derivative("piecewise(x < 0: exp(x) - 1, x)") == "piecewise(x < 0: exp(x), 1)");
  CHECK(derivative("2^x") == "2^x*log(2)");
  CHECK(derivative("sqrt(x)") == "1/(2*sqrt(x))");
  CHECK(derivative("y^2") == "0");
}

TEST_CASE("a derivative that would grow without end is refused [fault]") {
  std::string text = "x";
  for (int i = 1; i < 3000; ++i) text += "*(x+" + std::to_string(i) + ")";
  CHECK_THROWS_AS(derivative(text), nke::LimitError);
}

TEST_CASE("jets agree with repeated symbolic differentiation, in balls [law]") {
  CAPTURE(nke::test::seed());
  nke::test::RandomExpression random(nke::test::seed());
  const Precision precision = Precision::bits(600);
  constexpr int order = 4;
  int informative = 0;
  const int rounds = nke::test::iterations(400);
  for (int i = 0; i < rounds; ++i) {
    Expr e = random(1 + i % 3);
    CAPTURE(to_text(e));
    const Ball at(random.point(3), precision);
    const auto c = taylor<Ball>(e, "x", at, order, precision);
    if (!c[order].is_finite()) continue;
    Rational factorial = 1;
    try {
      for (int k = 0; k <= order; ++k) {
        if (k > 0) {
          e = differentiate(e, "x");
          factorial *= Rational(k);
        }
        const Ball value = evaluate<Ball>(e, "x", at, precision);
        const Ball jet = c[static_cast<std::size_t>(k)] * Ball(factorial, precision);
        CAPTURE(k);
        if (value.is_finite()) REQUIRE(jet.overlaps(value));
        if (k == order && value.radius() < 1e-60 && jet.radius() < 1e-60) ++informative;
      }
    } catch (const nke::LimitError&) {
    } catch (const nke::DomainError&) {
    }
  }
  CHECK(informative > rounds / 4);
}

TEST_CASE("the derivative agrees with a central difference in 210 digits [law]") {
  CAPTURE(nke::test::seed());
  nke::test::RandomExpression random(nke::test::seed() + 1);
  const Precision precision = Precision::bits(700);
  const Rational h = nke::pow(Rational(10), -50);
  int informative = 0;
  const int rounds = nke::test::iterations(1000);
  for (int i = 0; i < rounds; ++i) {
    const Expr e = random(1 + i % 3);
    CAPTURE(to_text(e));
    const Rational at = random.point(3);
    // The difference misses f' by |f'''| h²/6 and by the rounding of f over h; both are bounded by the series at the
    // point, where these are of ordinary size.
    const auto c = taylor<Ball>(e, "x", Ball(at, precision), 3, precision);
    if (!(c[0].radius() < 1e-150 && c[3].radius() < 1e-100 && std::abs(c[3].mid()) < 1e10 &&
          std::abs(c[0].mid()) < 1e10)) {
      continue;
    }
    const Mpfr right = evaluate<Mpfr>(e, "x", Mpfr(at + h, precision), precision);
    const Mpfr left = evaluate<Mpfr>(e, "x", Mpfr(at - h, precision), precision);
    const Mpfr difference = (right - left) / Mpfr(h * Rational(2), precision);
    Expr slope;
    try {
      slope = differentiate(e, "x");
    } catch (const nke::DomainError&) {
      continue;
    }
    const Mpfr exact = evaluate<Mpfr>(slope, "x", Mpfr(at, precision), precision);
    REQUIRE(abs(exact - difference) < Mpfr(nke::pow(Rational(10), -80), precision));
    ++informative;
  }
  CHECK(informative > rounds / 4);
}

TEST_CASE("Mpfr and double series lie where the balls say [law]") {
  CAPTURE(nke::test::seed());
  nke::test::RandomExpression random(nke::test::seed() + 2);
  const Precision precision = Precision::bits(300);
  int informative = 0;
  const int rounds = nke::test::iterations(500);
  for (int i = 0; i < rounds; ++i) {
    const Expr e = random(1 + i % 3);
    CAPTURE(to_text(e));
    const double at = random.point(2).to_double();
    const auto balls = taylor<Ball>(e, "x", Ball::from_double_exactly(at), 8, Precision::of_double());
    const auto exact = taylor<Ball>(e, "x", Ball::from_double_exactly(at, precision), 8, precision);
    const auto plain = taylor<double>(e, "x", at, 8, Precision::of_double());
    const auto mpfr = taylor<Mpfr>(e, "x", Mpfr::from_double_exactly(at, precision), 8, precision);
    for (std::size_t k = 0; k <= 8; ++k) {
      if (!balls[k].is_finite() || std::abs(balls[k].mid()) > 1e100) break;
      if (balls[k].radius() > 1e-6 * (1 + std::abs(balls[k].mid()))) break;
      CAPTURE(k);
      REQUIRE(balls[k].overlaps(exact[k]));
      REQUIRE(std::abs(plain[k] - exact[k].mid()) <= 8 * balls[k].radius() + 1e-15 * std::abs(exact[k].mid()));
      REQUIRE(std::abs(mpfr[k].to_double() - exact[k].mid()) <= 1e-15 * (1 + std::abs(exact[k].mid())));
      if (k == 8) ++informative;
    }
  }
  CHECK(informative > rounds / 4);
}
