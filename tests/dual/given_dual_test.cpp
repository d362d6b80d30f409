// SPDX-License-Identifier: Apache-2.0
// Duals that the user writes down: read, differentiated, checked for being a kernel at all, evaluated.
#include <string>

#include <nke/exact/dual/given_dual.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/real/error.hpp>

#include "support.hpp"

namespace nke {
namespace {

GivenDual read(const std::string& text) {
  const auto dual = read_given_dual(text);
  REQUIRE(dual.has_value());
  return *dual;
}

Ball number(const std::string& text) {
  return Ball(Rational::parse(text), Precision::digits(60));
}

TEST_CASE(
    "dual(...) is a formula in a, b, c with or without quotation marks; everything else is an activation [fact]") {
  const std::string formula = "sqrt(a*b)*exp(c/sqrt(a*b) - 1)";
  const GivenDual plain = read("dual(" + formula + ")");
  CHECK(plain.value == read(" dual ( \"" + formula + "\" ) ").value);
  CHECK(plain.value == read("dual('" + formula + "')").value);
  CHECK(plain.value == simplify(parse_expression(formula)));
  for (const char* activation : {"relu", "x*Phi(x)", "exp(x)", "(x)", "", "dual", "exp_normalised"}) {
    CAPTURE(activation);
    CHECK_FALSE(read_given_dual(activation).has_value());
  }
}

TEST_CASE("exp_normalized(gamma, shift) is sqrt(ab) exp(gamma (rho + shift)), derivative gamma exp(...) [fact]") {
  // At a = 4, b = 9, c = 3: √(ab) = 6, ρ = 1/2.
  const auto values = [](const std::string& text, const Ball& gamma, const Ball& exponent) {
    CAPTURE(text);
    const GivenDual dual = read(text);
    const Ball value = exact_dual(dual, 4, 9, 3).value;
    const Ball slope = exact_dual(dual, 4, 9, 3, {.part = DualPart::derivative}).value;
    CHECK(value.overlaps(6 * exp(exponent)));
    CHECK(value.radius() < 1e-29);
    CHECK(slope.overlaps(gamma * exp(exponent)));
    CHECK(slope.radius() < 1e-29);
    CHECK(dual.homogeneity == Rational(1));
  };
  values("exp_normalized", number("1"), number("-1/2"));
  values("exp_normalized()", number("1"), number("-1/2"));
  values("exp_normalized(2)", number("2"), number("-1"));
  values("exp_normalized(gamma=2, shift=-1/2)", number("2"), number("0"));
  values("exp_normalized(1/2, 0)", number("1/2"), number("1/4"));
  values("exp_normalized(shift=0)", number("1"), number("1/2"));
}

TEST_CASE("relu written down is relu derived, to 50 digits [law]") {
  const GivenDual relu = read("dual((sqrt(a*b - c^2) + c*acos(-c/sqrt(a*b)))/(2*pi))");
  CHECK(relu.homogeneity == Rational(1));
  const ExactDual derived(activation("relu"));
  for (const char* c : {"0", "1/3", "-0.99", "0.999999999999999999999999999999"}) {
    CAPTURE(c);
    for (const DualPart part : {DualPart::value, DualPart::derivative}) {
      const ExactOptions options{.digits = 50, .part = part};
      const Ball given = exact_dual(relu, 1, 1, Rational::parse(c), options).value;
      const Ball other = derived(1, 1, Rational::parse(c), options).value;
      CHECK(given.overlaps(other));
      CHECK(given.radius() < 1e-49);
    }
  }
}

TEST_CASE("Taylor coefficients tell kernels from what is none [law]") {
  const PositivityCheck exponential = check_positive(read("exp_normalized"));
  CHECK(exponential.proven == positivity_degree + 1);
  CHECK(exponential.undecided == 0);
  CHECK(exponential.variances.size() == 1);  // homogeneous: one says all
  const PositivityCheck relu = check_positive(read("dual((sqrt(a*b - c^2) + c*acos(-c/sqrt(a*b)))/(2*pi))"), 20);
  CHECK(relu.proven == 12);  // 0, 1, 2, 4, …, 20
  CHECK(relu.undecided == 9);
  CHECK(check_positive(read("dual(c + a*b)")).variances.size() == 3);
  CHECK_THROWS_WITH_AS(check_positive(read("dual(sqrt(a*b)*(1 - c^2/(a*b)))")), doctest::Contains("rho^2"),
                       DomainError);
  CHECK_THROWS_WITH_AS(check_positive(read("dual(cos(c))")), doctest::Contains("rho^2"), DomainError);
  CHECK_THROWS_WITH_AS(check_positive(read("dual(exp(c) - c^7/1000)")), doctest::Contains("rho^7"), DomainError);
  CHECK_THROWS_AS(check_positive(read("dual(sqrt(c))")), Error);
}

TEST_CASE("roots of a b cancel in the derivative of a given dual [fact]") {
  const Expr root = sqrt(symbol("a") * symbol("b"));
  CHECK(read("exp_normalized").derivative == exp(symbol("c") / root - 1));
  CHECK(read("dual(sqrt(a*b)*exp(3*c/sqrt(a*b)))").derivative == 3 * exp(3 * symbol("c") / root));
}

TEST_CASE("the Taylor coefficients of a given dual are those of what it is the dual of [law]") {
  const GivenDual relu = read("dual((sqrt(a*b - c^2) + c*acos(-c/sqrt(a*b)))/(2*pi))");
  const Precision precision = Precision::digits(40);
  const std::vector<Ball> found = taylor_coefficients(relu, 6, 3, precision);
  const char* const expected[] = {"3/(2*pi)", "3/4", "3/(4*pi)", "0", "3/(48*pi)", "0", "3/(160*pi)"};
  for (std::size_t n = 0; n < 7; ++n) {
    CHECK(found[n].overlaps(evaluate<Ball>(parse_expression(expected[n]), Bindings<Ball>{}, precision)));
  }
}

TEST_CASE("what is no dual, or not defined there, is refused by name [fault]") {
  CHECK_THROWS_WITH_AS(read_given_dual("dual(a + c)"), doctest::Contains("K(b, a, c)"), DomainError);
  CHECK_THROWS_AS(read_given_dual("dual(x + c)"), Error);
  CHECK_THROWS_AS(read_given_dual("dual(sqrt(a*b)"), Error);
  CHECK_THROWS_AS(read_given_dual("dual()"), Error);
  CHECK_THROWS_AS(read_given_dual("exp_normalized(1, 2, 3)"), DomainError);
  CHECK_THROWS_AS(read_given_dual("exp_normalized(x)"), Error);
  const GivenDual dual = read("exp_normalized");
  CHECK_THROWS_WITH_AS(exact_dual(dual, 0, 1, 0), doctest::Contains("not defined"), DomainError);
  CHECK_THROWS_AS(exact_dual(dual, 1, 1, 2), DomainError);
  CHECK_THROWS_AS(exact_dual(dual, 1, 1, 0, {.cross_check = true}), DomainError);
  CHECK_THROWS_AS(exact_dual(dual, 1, 1, 0, {.digits = 0}), LimitError);
}

}  // namespace
}  // namespace nke
