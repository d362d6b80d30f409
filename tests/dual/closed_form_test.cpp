// SPDX-License-Identifier: Apache-2.0
// Derived duals against integration, which knows nothing of them, and against the laws every dual obeys.
#include <cmath>
#include <random>

#include <nke/exact/activation/named.hpp>
#include <nke/exact/dual/closed_form.hpp>
#include <nke/exact/dual/covariance.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/real/mpfr.hpp>
#include <nke/hermite/dual.hpp>

#include "support.hpp"

using nke::Activation;
using nke::activation;
using nke::closed_form_dual;
using nke::ClosedForm;
using nke::Covariance;
using nke::Expr;
using nke::Mpfr;
using nke::Precision;
using nke::Rational;

namespace {

struct Point {
  double a;
  double b;
  double rho;
};

// At 50 digits, so that what differs differs by mathematics.
double value_at(const Expr& e, const Point& p) {
  const Precision precision = Precision::digits(50);
  const auto exactly = [](double x) { return Rational::from_double_exactly(x); };
  const Rational a = exactly(p.a);
  const Rational b = exactly(p.b);
  const Rational c = exactly(p.rho * std::sqrt(p.a * p.b));
  nke::Bindings<Mpfr> at;
  at.emplace("a", nke::number<Mpfr>(a, precision));
  at.emplace("b", nke::number<Mpfr>(b, precision));
  at.emplace("c", nke::number<Mpfr>(c, precision));
  at.emplace("d", nke::number<Mpfr>(a * b - c * c, precision));
  return nke::evaluate<Mpfr>(e, at, precision).to_double();
}

Covariance covariance(const Point& p) {
  return {p.a, p.b, p.rho * std::sqrt(p.a * p.b)};
}

// Every dual of `sigma` at `p` against integration in doubles.
void check_against_integration(const Activation& sigma, const ClosedForm& form, const Point& p) {
  CAPTURE(p.a);
  CAPTURE(p.b);
  CAPTURE(p.rho);
  const nke::DualValue k = nke::dual_activation(sigma, covariance(p));
  const nke::DualValue k_dot = nke::derivative_dual(sigma, covariance(p));
  const double scale =
      std::sqrt(value_at(form.diagonal, p) * value_at(form.diagonal, {p.b, p.b, 1})) + std::abs(k.value);
  const double tolerance = k.error_bound + 1e-12 * scale;
  CHECK(std::abs(value_at(form.value, p) - k.value) <= tolerance);
  CHECK(std::abs(value_at(form.stable_value, p) - k.value) <= tolerance);
  const double slope_tolerance = k_dot.error_bound + 1e-12 * (std::abs(k_dot.value) + 1);
  CHECK(std::abs(value_at(form.derivative, p) - k_dot.value) <= slope_tolerance);
  CHECK(std::abs(value_at(form.stable_derivative, p) - k_dot.value) <= slope_tolerance);
  const nke::DualValue square = nke::dual_activation(sigma, {p.a, p.a, p.a});
  CHECK(std::abs(value_at(form.diagonal, p) - square.value) <= square.error_bound + 1e-12 * square.value);
}

constexpr Point points[] = {{1, 1, 0.5}, {0.7, 1.9, -0.6}, {2.3, 0.4, 0.95}};

}  // namespace

TEST_CASE("the derived duals of the registry are the integrals they stand for [law]") {
  for (const nke::NamedActivation& row : nke::named_activations()) {
    if (row.closed_form != nke::ClosedFormClass::in) continue;
    CAPTURE(row.name);
    const Activation sigma = activation(std::string(row.name));
    const ClosedForm form = closed_form_dual(sigma);
    for (const Point& p : points) check_against_integration(sigma, form, p);
  }
}

TEST_CASE("published duals come out as they are printed [fact]") {
  const auto value_of = [](const char* name) { return nke::to_text(closed_form_dual(activation(name)).value); };
  CHECK(value_of("relu") == "(sqrt(a*b - c^2) + c*atan2(sqrt(a*b - c^2), -c))/(2*pi)");
  CHECK(value_of("erf") == "2*asin(2*c/sqrt((1 + 2*a)*(1 + 2*b)))/pi");
  CHECK(value_of("sin") == "exp(-(a + b)/2)*sinh(c)");
  CHECK(value_of("rbf") == "exp(-(a + b - 2*c))");
  CHECK(value_of("identity") == "c");
}
