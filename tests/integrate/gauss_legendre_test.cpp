// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <nke/exact/expr/parse.hpp>
#include <nke/exact/integrate/gauss_legendre.hpp>
#include <nke/exact/integrate/gauss_legendre_nodes.hpp>

#include "support.hpp"

namespace nke {
namespace {

const Precision precision = Precision::digits(80);

Ball sum_of(const Expr& f, const PanelRule& rule) {
  const Evaluator<Ball> value(f, "x", precision);
  const auto unit = gauss_legendre_nodes(rule.points, precision.bits());
  Ball sum = Ball(0).at_precision(precision);
  for (const Panel& panel : rule.panels) {
    const Ball left = Ball::from_double_exactly(panel.left, precision);
    const Ball half = (Ball::from_double_exactly(panel.right, precision) - left) / 2;
    for (std::size_t i = 0; i < static_cast<std::size_t>(rule.points); ++i) {
      sum +=
          value(left + half * (1 + ball_of(unit->nodes[i], precision))) * ball_of(unit->weights[i], precision) * half;
    }
  }
  return sum;
}

TEST_CASE("Gauss-Legendre nodes integrate polynomials of degree 2m - 1 exactly, and none above [law]") {
  for (const int points : {2, 5, 12, 31}) {
    CAPTURE(points);
    const auto unit = gauss_legendre_nodes(points, 200);
    for (const int degree : {0, 2, 2 * points - 2, 2 * points}) {
      Ball sum = Ball(0).at_precision(Precision::bits(200));
      for (std::size_t i = 0; i < static_cast<std::size_t>(points); ++i) {
        sum += pow_int(ball_of(unit->nodes[i], Precision::bits(200)), degree) *
               ball_of(unit->weights[i], Precision::bits(200));
      }
      CHECK(sum.overlaps(Ball(Rational(2, degree + 1), Precision::bits(200))) == (degree < 2 * points));
    }
  }
}

TEST_CASE("panels err by less than they claim [law]") {
  struct Case {
    const char* text;
    const char* integral;  // over [0, 2]
  };
  const Case cases[] = {{"exp(x)", "exp(2) - 1"},
                        {"1/(1 + x)", "log(3)"},
                        {"1/(1/100 + x^2)", "10*atan(20)"},
                        {"sin(20*x)", "(1 - cos(40))/20"}};
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Expr f = parse_expression(c.text);
    const HolomorphicBound of_f(f);
    const Ball truth = evaluate<Ball>(parse_expression(c.integral), Bindings<Ball>{}, precision);
    for (const double digits : {4.0, 15.0, 50.0}) {
      CAPTURE(digits);
      const double asked = -digits * std::log(10.0);
      const auto rule = plan_panels([&](std::size_t, const Box& box) { return of_f(box); },
                                    {.cuts = {0, 0.5, 2}, .log_error = asked});
      REQUIRE(rule);
      REQUIRE(rule->log_error <= asked);
      REQUIRE(abs(sum_of(f, *rule) - truth).upper() <= std::exp(rule->log_error));
    }
  }
}

TEST_CASE("segments where the function vanishes cost nothing, and singular ones are refused [law]") {
  const HolomorphicBound of_f(parse_expression("exp(x)"));
  const auto half =
      plan_panels([&](std::size_t segment, const Box& box) { return segment == 0 ? -no_bound : of_f(box); },
                  {.cuts = {0, 1, 2}, .log_error = -30});
  REQUIRE(half);
  for (const Panel& panel : half->panels) CHECK(panel.segment == 1);
  const HolomorphicBound of_root(parse_expression("sqrt(x)"));
  CHECK(!plan_panels([&](std::size_t, const Box& box) { return of_root(box); }, {.cuts = {0, 1}, .log_error = -30}));
}

}  // namespace
}  // namespace nke
