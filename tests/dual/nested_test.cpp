// SPDX-License-Identifier: Apache-2.0
// Formulas that would be too long multiplied out: they stay a recursion, and are held to the certified integral.
#include <array>
#include <string>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/dual/closed_form.hpp>
#include <nke/exact/dual/emit.hpp>
#include <nke/exact/dual/exact_value.hpp>
#include <nke/exact/expr/differentiate.hpp>

#include "derived_values.hpp"

using namespace nke;
using namespace nke::test;

namespace {

constexpr std::array<const char*, 4> long_ones{"x^6*cos(x)*exp(-x^2/3)", "x^2*exp(-3/4*x^2 + 2/3*x)*erfc(x/2 - 1)",
                                               "x^3*exp(-x/2)*step(x - 1)*cos(2*x + 1)", "x^4*erf(x)"};

}  // namespace

TEST_CASE("what is too long multiplied out is written as the recursion leaves it: a few hundred operations [fact]") {
  for (const char* text : long_ones) {
    CAPTURE(std::string(text));
    const ClosedForm form = closed_form_dual(activation(text));
    CHECK(node_count(form.value) < 600);
    CHECK(node_count(form.derivative) < 900);
  }
}

TEST_CASE("a formula left as a recursion has the value of the certified integral [law]") {
  for (const char* text : long_ones) {
    const ExactDual dual(activation(text));
    for (const DualPart part : {DualPart::value, DualPart::derivative}) {
      CAPTURE(std::string(text));
      const Rational c = part == DualPart::value ? Rational(-1, 2) : Rational::parse("1.41421");
      const ExactValue value = dual(1, 2, c, {.digits = 15, .part = part, .cross_check = true});
      CHECK(value.agrees());
      CHECK(value.value.radius() < 1e-13 * (1 + std::fabs(value.value.mid())));
    }
  }
}

TEST_CASE("K' and the jumps of a formula left as a recursion are dK/dc [law]") {
  for (const char* text : {long_ones[1], long_ones[2]}) {
    CAPTURE(std::string(text));
    const ClosedForm form = closed_form_dual(activation(text));
    const Point p{Rational(1), Rational(3, 2), Rational(2, 5)};
    const double slope = value_at(differentiate(form.value, "c"), p);
    CHECK(value_at(form.derivative + form.jumps, p) == doctest::Approx(slope).epsilon(1e-13));
    CHECK(value_at(form.stable_value, p) == doctest::Approx(value_at(form.value, p)).epsilon(1e-13));
  }
}

TEST_CASE("a jump at 1 of a sine has the height sin 1 [fact]") {
  CHECK(jumps(normal_form(activation("sin(x)*step(x - 1)"))).front().height == sin(Expr(1)));
}

TEST_CASE("an expression in which an activation is a function has the name of an expression [fact]") {
  CHECK(derive_formula("gelu(2*x - 1)").name == "sigma");
  CHECK(derive_formula("elu(x, 1/3)").name == "sigma");
  CHECK(derive_formula("relu( x )").name == "relu");
  CHECK(derive_formula("leaky_relu(alpha)").name == "leaky_relu");
}
