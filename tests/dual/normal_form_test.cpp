// SPDX-License-Identifier: Apache-2.0
// σ as a sum of terms, held against σ itself at random points; its derivative and jumps against the Activation's.
#include <cmath>
#include <random>

#include <nke/exact/activation/named.hpp>
#include <nke/exact/dual/normal_form.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/substitute.hpp>

#include "support.hpp"

using nke::Activation;
using nke::activation;
using nke::activation_formula;
using nke::Expr;
using nke::Jump;
using nke::NoClosedForm;
using nke::normal_form;
using nke::NormalForm;

namespace {

std::string text_of(const std::string& formula) {
  return nke::to_text(nke::to_expression(normal_form(activation_formula(formula))));
}

std::string refusal(const std::string& formula) {
  try {
    normal_form(activation_formula(formula));
  } catch (const NoClosedForm& error) {
    return error.what();
  }
  return "";
}

void check_equal(const Expr& a, const Expr& b, std::mt19937_64& random) {
  std::uniform_real_distribution<double> point(-8, 8);
  for (int i = 0; i < 20; ++i) {
    const double x = point(random);
    CAPTURE(x);
    const double value = nke::evaluate(a, "x", x);
    const double expected = nke::evaluate(b, "x", x);
    CHECK(std::abs(value - expected) <= 1e-12 * (1 + std::exp(std::abs(x)) + std::pow(std::abs(x), 8)));
  }
}

}  // namespace

TEST_CASE("the registry and the normal form agree on which activations are in the class [law]") {
  for (const nke::NamedActivation& row : nke::named_activations()) {
    CAPTURE(row.name);
    const auto form = nke::try_normal_form(activation(std::string(row.name)));
    CHECK(form.has_value() == (row.closed_form == nke::ClosedFormClass::in));
  }
}

TEST_CASE("a normal form and its derivative are the activation and its derivative almost everywhere [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  for (const nke::NamedActivation& row : nke::named_activations()) {
    if (row.closed_form != nke::ClosedFormClass::in) continue;
    CAPTURE(row.name);
    const Activation sigma = activation(std::string(row.name));
    const NormalForm form = normal_form(sigma);
    check_equal(nke::to_expression(form), sigma.expression(), random);
    check_equal(nke::to_expression(nke::derivative(form)), sigma.derivative().expression(), random);
  }
}

TEST_CASE("the jumps of a normal form are the jumps of the activation [law]") {
  for (const nke::NamedActivation& row : nke::named_activations()) {
    if (row.closed_form != nke::ClosedFormClass::in) continue;
    CAPTURE(row.name);
    const Activation sigma = activation(std::string(row.name));
    const std::vector<Jump> found = nke::jumps(normal_form(sigma));
    std::size_t k = 0;
    for (const nke::Breakpoint& point : sigma.breakpoints()) {
      if (point.kind != nke::Breakpoint::Kind::jump) continue;
      REQUIRE(k < found.size());
      const double at = point.at();
      CHECK(nke::evaluate(found[k].location, "x", 0.0) == doctest::Approx(at));
      const double height = sigma(at + 1e-9) - sigma(at - 1e-9);
      CHECK(nke::evaluate(found[k].height, "x", 0.0) == doctest::Approx(height).epsilon(1e-6));
      ++k;
    }
    CHECK(k == found.size());
  }
}

TEST_CASE("gates look away from zero, or to where their exponential decays [fact]") {
  CHECK(text_of("relu") == "x*step(x)");
  CHECK(text_of("hardtanh") == text_of("x - (x - 1)*step(x - 1) - (x + 1)*step(-x - 1)"));
  const NormalForm elu = normal_form(activation("elu"));
  for (const nke::Term& term : elu.terms) {
    if (term.gate) CHECK(term.gate->side == (term.linear.is_zero() ? 1 : -1));
  }
  CHECK(text_of("erf(x)") == text_of("2*Phi(sqrt(2)*x) - 1"));
  CHECK(text_of("Phi(-x)") == text_of("1 - Phi(x)"));
}

TEST_CASE("waves have one form: sin is cos a quarter late, products become sums [fact]") {
  const NormalForm sine = normal_form(activation("sin"));
  REQUIRE(sine.terms.size() == 1);
  CHECK(sine.terms.front().phase == -nke::pi() / 2);
  CHECK(text_of("sin(-x)") == text_of("-sin(x)"));
  CHECK(text_of("2*sin(x)*cos(x)") == text_of("sin(2*x)"));
  CHECK(text_of("sin(x)^2 + cos(x)^2") == "1");
  CHECK(text_of("cos(x + pi)") == text_of("-cos(x)"));
}

TEST_CASE("what cancels is gone: terms are merged across pieces and products [fact]") {
  CHECK(text_of("max(x, 0) + min(x, 0)") == "x");
  CHECK(text_of("abs(x)^2") == "x^2");
  CHECK(text_of("Phi(x) + Phi(-x)") == "1");
  CHECK(text_of("cosh(x) - sinh(x)") == "exp(-x)");
  CHECK(text_of("1/exp(x)") == "exp(-x)");
  CHECK(text_of("piecewise(x > 0: x*Phi(x) + x, x*Phi(x))") == text_of("x*Phi(x) + max(x, 0)"));
}

TEST_CASE("parameters stay symbols, and what was taken for granted is said [fact]") {
  const NormalForm leaky = normal_form(activation_formula("leaky_relu(alpha)"));
  CHECK(leaky.assumptions.empty());
  CHECK(nke::jumps(leaky).empty());
  const NormalForm shrink = normal_form(activation_formula("softshrink(lambda)"));
  CHECK(nke::jumps(shrink).empty());
  const NormalForm hard = normal_form(activation_formula("hardshrink(lambda)"));
  REQUIRE(hard.assumptions.size() == 1);
  CHECK(hard.assumptions.front().positive == nke::symbol("lambda"));
  const std::vector<Jump> found = nke::jumps(hard);
  REQUIRE(found.size() == 2);
  CHECK(found[0].location == -nke::symbol("lambda"));
  CHECK(found[1].height == nke::symbol("lambda"));
  CHECK(nke::jumps(normal_form(activation_formula("elu(alpha)"))).empty());
}

TEST_CASE("thresholds that are no fractions are kept exactly [fact]") {
  const std::vector<Jump> found = nke::jumps(normal_form(activation("step(x - sqrt(2)) + step(x^2 - 3)")));
  REQUIRE(found.size() == 3);
  CHECK(found[0].location == -nke::sqrt(Expr(3)));
  CHECK(found[0].height == -1);
  CHECK(found[1].location == nke::sqrt(Expr(2)));
  CHECK(found[2].location == nke::sqrt(Expr(3)));
}

TEST_CASE("a refusal names the subexpression and the rule [fault]") {
  CHECK(refusal("x + tanh(x)") == "tanh(x) is not a polynomial-exponential with at most one gate");
  CHECK(refusal("exp(x^3)").find("exponents are at most quadratic") != std::string::npos);
  CHECK(refusal("1/(1 + x^2)").find("quotients are outside the class") != std::string::npos);
  CHECK(refusal("Phi(x)^2").find("two gates in one term") != std::string::npos);
  CHECK(refusal("max(x, 0)*Phi(x)").find("two gates in one term") != std::string::npos);
  CHECK(refusal("sin(x^2)").find("affine") != std::string::npos);
  CHECK(refusal("erf(x^3)").find("affine") != std::string::npos);
  CHECK(refusal("max(exp(x), t*x)").find("switches where") != std::string::npos);
  CHECK_THROWS_AS(normal_form(activation_formula("a*max(x, 0)")), nke::DomainError);
}
