// SPDX-License-Identifier: Apache-2.0
// Exact power series of homogeneous duals against the coefficients by quadrature and against the functions they sum to.
#include <cmath>

#include <nke/exact/dual/homogeneous.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/hermite/coefficients.hpp>

#include "support.hpp"

using nke::activation;
using nke::activation_formula;
using nke::Expr;
using nke::homogeneous_dual;

TEST_CASE("relu's power series has the published coefficients, fractions over pi [fact]") {
  const auto relu = homogeneous_dual(activation("relu"));
  REQUIRE(relu);
  CHECK(relu->degree == 1);
  const char* expected[] = {"1/(2*pi)", "1/4", "1/(4*pi)", "0", "1/(48*pi)", "0", "1/(160*pi)"};
  for (int n = 0; n < 7; ++n) CHECK(relu->squared_coefficient(n) == nke::parse_expression(expected[n]));
  CHECK(nke::to_text(relu->kappa) == "(sqrt(1 - rho^2) + rho*atan2(sqrt(1 - rho^2), -rho))/(2*pi)");
  CHECK(nke::to_text(relu->kappa_dot) == "acos(-rho)/(2*pi)");
}

TEST_CASE("exact coefficients are those of quadrature, and sum to the function [law]") {
  for (const char* name : {"relu", "abs", "leaky_relu(1/5)", "abrelu(-1/3, 2)", "relu2", "repu(5)", "step", "sign",
                           "identity", "monomial(4)", "x*abs(x)", "x^3*step(-x)"}) {
    CAPTURE(name);
    const nke::Activation sigma = activation(name);
    const auto dual = homogeneous_dual(sigma);
    REQUIRE(dual);
    constexpr int highest = 60;
    const nke::FastCoefficients by_quadrature = nke::hermite_coefficients(sigma, highest, 1.0);
    double series = 0;
    constexpr double rho = -0.4;
    for (int n = 0; n <= highest; ++n) {
      const double exact = nke::evaluate(dual->squared_coefficient(n), "rho", rho);
      const double other = by_quadrature.values[static_cast<std::size_t>(n)];
      CHECK(std::abs(exact - other * other) <= 1e-13 * (1 + std::abs(other)) * (1 + std::abs(other)));
      series += exact * std::pow(rho, n);
    }
    CHECK(series == doctest::Approx(nke::evaluate(dual->kappa, "rho", rho)).epsilon(1e-13));
  }
}

TEST_CASE("a slope may stay a symbol in the exact coefficients [fact]") {
  const auto leaky = homogeneous_dual(activation_formula("leaky_relu(alpha)"));
  REQUIRE(leaky);
  CHECK(nke::to_text(leaky->squared_coefficient(1)) == "(1 + alpha)^2/4");
  CHECK(nke::to_text(leaky->squared_coefficient(2)) == "(1 - alpha)^2/(4*pi)");
}

TEST_CASE("what is not homogeneous is told apart [fault]") {
  for (const char* name : {"gelu", "relu6", "x + x^2", "tanh", "exp(x)", "max(x - 1, 0)"}) {
    CAPTURE(name);
    CHECK(!homogeneous_dual(activation(name)));
  }
  CHECK(!homogeneous_dual(activation_formula("max(x, t)")));
  CHECK_THROWS_AS(homogeneous_dual(activation("relu"))->squared_coefficient(-1), nke::DomainError);
}
