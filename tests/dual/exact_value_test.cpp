// SPDX-License-Identifier: Apache-2.0
// Proven digits: derived formulas over balls, held to the integral, to formulas typed by hand and to known values.
#include <random>
#include <string>

#include <nke/exact/activation/named.hpp>
#include <nke/exact/dual/cross_check.hpp>
#include <nke/exact/dual/exact_value.hpp>
#include <nke/exact/real/error.hpp>

#include "exact_points.hpp"
#include "hand_formulas.hpp"
#include "support.hpp"

namespace nke {
namespace {

Rational q(const std::string& text) {
  return Rational::parse(text);
}

Ball power_of_ten(int exponent) {
  return Ball(pow(Rational(10), exponent), Precision::bits(64));
}

// The radius as a number of any size.
Ball width(const Ball& x) {
  return abs(x - x.center());
}

TEST_CASE(
    "every activation in the class has 40 proven digits that the integral confirms, at random extreme points [law]") {
  CAPTURE(test::seed());
  std::mt19937_64 random(test::seed());
  int compared = 0;
  for (const NamedActivation& row : named_activations()) {
    if (row.closed_form != ClosedFormClass::in) continue;
    CAPTURE(std::string(row.name));
    const Activation sigma = activation(row.name);
    const ExactDual dual(sigma);
    const NormalForm form = normal_form(sigma);
    const NormalForm slope = derivative(form);
    for (int i = 0; i < test::iterations(1); ++i) {
      const test::ExactPlace place = test::random_place(random);
      CAPTURE(place.text());
      for (const DualPart part : {DualPart::value, DualPart::derivative}) {
        const bool is_value = part == DualPart::value;
        CAPTURE(is_value);
        const ExactValue result = dual(place.a, place.b, place.c, {.digits = 40, .part = part, .cross_check = true});
        REQUIRE(result.cross_check.has_value());
        CHECK(result.value.overlaps(*result.cross_check));
        // An infinite ball would overlap too: both are narrow against √(E f(u)² E f(v)²).
        const NormalForm& f = is_value ? form : slope;
        const Ball scale = sqrt(mean_square_by_integral(f, place.a) * mean_square_by_integral(f, place.b)) +
                           Ball(Rational(0), Precision::bits(64));
        CHECK(certainly_less_equal(width(result.value), power_of_ten(-40) * 2 * scale));
        CHECK(certainly_less_equal(width(*result.cross_check), power_of_ten(-40) * 2 * scale));
        ++compared;
      }
    }
  }
  CHECK(compared >= 80);
}

TEST_CASE("derived duals enclose the formulas of the literature to 60 digits, also where rho is next to 1 [law]") {
  for (const test::HandFormula& hand : test::hand_formulas()) {
    const ExactDual dual(activation(hand.activation));
    for (const char* rho :
         {"0", "1/2", "-9/10", "0.999999999999999999999999999999", "-0.999999999999999999999999999999"}) {
      for (const char* a : {"1e-12", "3/7", "1e12"}) {
        const Rational c = q(a) * q("3/2") * q(rho);
        const Rational b = q(a) * q("9/4");
        CAPTURE(hand.activation);
        CAPTURE(a);
        CAPTURE(rho);
        const auto check = [&](const Ball& value, const Ball& expected) {
          CHECK(value.overlaps(expected));
          CHECK(certainly_less_equal(abs(value - expected), power_of_ten(-59) * abs(expected)));
        };
        const test::BallPoint point(q(a), b, c, Precision::bits(700));
        check(dual(q(a), b, c, {.digits = 60, .relative_to = RelativeTo::value}).value, hand.value(point));
        if (!hand.derivative) continue;
        const ExactOptions slope{.digits = 60, .part = DualPart::derivative, .relative_to = RelativeTo::value};
        check(dual(q(a), b, c, slope).value, hand.derivative(point));
      }
    }
  }
}

TEST_CASE("the radius keeps its promise, relative to the scale and relative to the value [law]") {
  // relu at ρ = −(1 − 10⁻³⁰): K ≈ 10⁻⁴⁵, fifteen more digits than the scale has to have.
  const Rational c = Rational(-1) + pow(Rational(10), -30);
  for (const int digits : {1, 5, 17, 50, 300}) {
    CAPTURE(digits);
    const Ball to_scale = exact_dual(activation("relu"), 1, 1, c, {.digits = digits}).value;
    CHECK(certainly_less_equal(width(to_scale), power_of_ten(-digits)));
    const Ball to_value =
        exact_dual(activation("relu"), 1, 1, c, {.digits = digits, .relative_to = RelativeTo::value}).value;
    CHECK(certainly_less_equal(width(to_value), power_of_ten(-digits) * abs(to_value)));
    CHECK(to_value.proven_digits() >= digits);
    CHECK(to_value.overlaps(to_scale));
    CHECK(certainly_positive(to_value));
    CHECK(certainly_less(to_value, power_of_ten(-44)));
  }
}

TEST_CASE("at rho = +-1 values are exact one-dimensional expectations [fact]") {
  const auto value = [](const char* name, const char* a, const char* b, const char* c,
                        DualPart part = DualPart::value) {
    return exact_dual(activation(name), q(a), q(b), q(c), {.digits = 40, .part = part}).value;
  };
  CHECK(value("relu", "3", "3", "3").contains(q("3/2")));
  CHECK(value("relu", "3", "12", "-6").contains(q("0")));
  CHECK(value("relu", "3", "3", "3", DualPart::derivative).contains(q("1/2")));
  CHECK(value("sign", "2", "8", "-4").contains(q("-1")));
  CHECK(value("cube", "1", "4", "2").contains(q("120")));  // 8 E u⁶
  // σ' almost everywhere is 1 outside [−1/2, 1/2]: finite, though ∂K/∂c is not.
  const Precision precision = Precision::digits(60);
  const Ball expected = erfc(Ball(q("1/2"), precision) / sqrt(Ball(2).at_precision(precision)));
  const Ball slope = value("hardshrink", "1", "1", "1", DualPart::derivative);
  CHECK(slope.overlaps(expected));
  CHECK(certainly_less_equal(width(slope), power_of_ten(-40)));
}

TEST_CASE("with one variance 0 a variable is 0, and jumps there count half [fact]") {
  const auto value = [](const char* name, const char* b, DualPart part = DualPart::value) {
    return exact_dual(activation(name), q("0"), q(b), q("0"), {.digits = 30, .part = part});
  };
  CHECK(value("step", "2").value.contains(q("1/4")));
  CHECK(value("relu", "2").value.contains(q("0")));
  CHECK(value("relu", "2").value.is_exact());
  CHECK(value("relu", "2", DualPart::derivative).value.contains(q("1/4")));
  CHECK(value("relu", "0", DualPart::derivative).value.contains(q("1/4")));
  CHECK(value("hard_sigmoid", "1e12").value.overlaps(Ball(q("1/4"), Precision::bits(200))));
  CHECK(value("exp", "2").value.overlaps(exp(Ball(q("1"), Precision::bits(200)))));
}

TEST_CASE("jumps are left out of the derivative dual unless asked for, and infinite where they meet [fault]") {
  const Activation sign = activation("sign");
  const auto part = [&](DualPart which, const char* c) {
    return exact_dual(sign, 1, 1, q(c), {.digits = 30, .part = which, .cross_check = true});
  };
  CHECK(part(DualPart::derivative, "0.6").value.contains(q("0")));
  // ∂/∂c (2/π) asin c = 2/(π 0.8)
  const ExactValue slope = part(DualPart::distributional_derivative, "0.6");
  CHECK(slope.value.overlaps(Ball(q("5/2"), Precision::bits(200)) / pi<Ball>(Precision::bits(200))));
  CHECK(slope.agrees());
  CHECK_THROWS_WITH_AS(part(DualPart::distributional_derivative, "1"), doctest::Contains("jump of height 2"),
                       DomainError);
  CHECK(part(DualPart::derivative, "1").value.contains(q("0")));
}

TEST_CASE("what cannot be answered is refused by name [fault]") {
  const auto attempt = [](const char* name, const char* a, const char* b, const char* c, int digits = 20) {
    return exact_dual(activation(name), q(a), q(b), q(c), {.digits = digits});
  };
  CHECK_THROWS_AS(attempt("relu", "1", "1", "1.0000000000000000000000000000001"), DomainError);
  CHECK_THROWS_AS(attempt("relu", "-1", "1", "0"), DomainError);
  CHECK_THROWS_AS(attempt("relu", "0", "1", "1e-100"), DomainError);
  CHECK_THROWS_AS(attempt("relu", "1", "1", "0", 0), LimitError);
  CHECK_THROWS_AS(attempt("relu", "1", "1", "0", exact_digit_limit + 1), LimitError);
  CHECK_THROWS_WITH_AS(attempt("exp(x^2/2)", "1", "1/2", "0"), doctest::Contains("(a, b) = (1, 1/2)"), DomainError);
  CHECK_THROWS_WITH_AS(attempt("step(x)*exp(x^2/2)", "2", "1/3", "0"), doctest::Contains("(2, 1/3)"), DomainError);
  CHECK_THROWS_AS(attempt("tanh(x)", "1", "1", "0"), NoClosedForm);
  // On the safe side of the same border there is a value: E e^(u²/3) e^(v²/3) = 1/√det(1 − 2Σ/3).
  const Ball finite = attempt("exp(x^2/3)", "1", "1", "0").value;
  CHECK(finite.contains(q("3")));
}

TEST_CASE("a closed form that would take too many bits gives way to the integral, which is reported [fault]") {
  // relu's, made hopeless: e^100000 times a zero that only 145 000 bits would see.
  ClosedForm form = closed_form_dual(activation("relu"));
  const Expr c = symbol("c");
  form.stable_value += exp(Expr(100'000)) * (sin(c) * sin(c) + cos(c) * cos(c) - Expr(1));
  const ExactDual hopeless(form, normal_form(activation("relu")));
  const ExactValue value = hopeless(1, 1, q("1/2"), {.digits = 30, .cross_check = true});
  CHECK(value.method.find("integral") == 0);
  CHECK(value.method.find("more than " + std::to_string(ExactDual::bit_ceiling(30)) + " bits") != std::string::npos);
  CHECK(value.value.overlaps(exact_dual(activation("relu"), 1, 1, q("1/2")).value));
  CHECK(certainly_less(width(value.value), power_of_ten(-30)));
  CHECK(value.agrees());
  CHECK(value.cross_check_method.find("other variable") != std::string::npos);
}

TEST_CASE("a wrong closed form is found out by the cross-check [fault]") {
  ClosedForm form = closed_form_dual(activation("gelu"));
  form.stable_value += exp(Expr(-60));  // wrong in the 27th digit
  const ExactDual wrong(form, normal_form(activation("gelu")));
  CHECK_FALSE(wrong(1, 1, q("1/2"), {.digits = 30, .cross_check = true}).agrees());
  CHECK(wrong(1, 1, q("1/2"), {.digits = 20, .cross_check = true}).agrees());  // not within what was asked
}

TEST_CASE("relative to the value, a dual that is 0 without a proof ends in NotCertified [fault]") {
  // x³ − 3x and x: E = 0 at every c only in exact arithmetic; as one activation the terms must cancel.
  const Activation odd_even = activation("step(x) - 1/2 + x^2 - 1");
  // c = 0: E σ(u) E σ(v) = (a − 1)(b − 1), which is 0 at a = 1 by closed form: an exact 0 or a refusal, never a wrong digit.
  try {
    const ExactValue result = exact_dual(odd_even, 1, 2, 0, {.digits = 30, .relative_to = RelativeTo::value});
    CHECK(result.value.is_exact());
    CHECK(result.value.contains_zero());
  } catch (const NotCertified& error) {
    CHECK(std::string(error.what()).find("known as") != std::string::npos);
  }
}

}  // namespace
}  // namespace nke
