// SPDX-License-Identifier: Apache-2.0
// The rules are run with numbers of 60 digits here, and their errors compared with the bounds they claim.
#include <cmath>

#include <nke/exact/expr/parse.hpp>
#include <nke/exact/integrate/trapezoid.hpp>

#include "support.hpp"

namespace nke {
namespace {

const Precision precision = Precision::digits(80);

// Σ h f((k + 1/2) h) over both halves, for even f.
Ball sum_of(const Expr& f, const TrapezoidRule& rule) {
  const Evaluator<Ball> value(f, "x", precision);
  Ball sum = Ball(0).at_precision(precision);
  for (long k = 0; k < rule.half_count; ++k) {
    sum += value(Ball::from_double_exactly((static_cast<double>(k) + 0.5) * rule.step, precision));
  }
  return 2 * sum * Ball::from_double_exactly(rule.step, precision);
}

struct Case {
  const char* text;
  const char* integral;  // over the whole line
  double reach;          // where the tail is below 1e-50
};

TEST_CASE("the trapezoidal rule errs by less than it claims [law]") {
  // ∫ e^{−x²} = √π; ∫ e^{−x²/2}/(1 + x²) = √e π erfc(1/√2); ∫ e^{−x²} cos(3x) = √π e^{−9/4}; ∫ 1/cosh(x)^8 = 32/35.
  const Case cases[] = {
      {"exp(-x^2)", "sqrt(pi)", 11},
      {"exp(-x^2/2)/(1 + x^2)", "sqrt(exp(1))*pi*erfc(1/sqrt(2))", 16},
      {"exp(-x^2)*cos(3*x)", "sqrt(pi)*exp(-9/4)", 11},
      {"1/cosh(x)^8", "32/35", 15.5},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Expr f = parse_expression(c.text);
    const HolomorphicBound of_f(f);
    // f is even: both halves have the same bound.
    const LogBound folded = [&](const Box& box) { return of_f(box) + std::log(2.0) + log_slack; };
    const Ball truth = evaluate<Ball>(parse_expression(c.integral), Bindings<Ball>{}, precision);
    for (const double digits : {5.0, 12.0, 30.0, 45.0}) {
      CAPTURE(digits);
      const double asked = -digits * std::log(10.0);
      const auto rule = plan_trapezoid(folded, {.reach = c.reach, .log_error = asked});
      REQUIRE(rule);
      REQUIRE(rule->log_error <= asked);
      const double error = abs(sum_of(f, *rule) - truth).upper();
      REQUIRE(error <= std::exp(rule->log_error) + 1e-49);
      // And the bound is not absurd: half the digits it promises would not do.
      if (digits < 15) {
        TrapezoidRule coarser = *rule;
        coarser.step *= 2.5;
        coarser.half_count = static_cast<long>(c.reach / coarser.step) + 1;
        CHECK(abs(sum_of(f, coarser) - truth).lower() > std::exp(asked));
      }
    }
  }
}

TEST_CASE("a kink on the axis leaves no rule [fault]") {
  const HolomorphicBound of_f(parse_expression("abs(x)*exp(-x^2)"));
  const LogBound folded = [&](const Box& box) { return of_f(box) + std::log(2.0); };
  CHECK(!plan_trapezoid(folded, {.reach = 8, .log_error = -30}));
}

}  // namespace
}  // namespace nke
