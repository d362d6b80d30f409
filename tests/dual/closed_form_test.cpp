// SPDX-License-Identifier: Apache-2.0
// Derived duals against integration, which knows nothing of them, against what is published, and against the laws that
// every dual obeys.
#include <nke/exact/activation/named.hpp>
#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/substitute.hpp>

#include "derived_values.hpp"

using nke::Activation;
using nke::activation;
using nke::activation_formula;
using nke::closed_form_dual;
using nke::ClosedForm;
using nke::Expr;
using nke::Mpfr;
using nke::NoClosedForm;
using nke::Rational;
using nke::test::Point;
using nke::test::point;
using nke::test::value_at;

namespace {

constexpr int law_digits = 50;

struct Derived {
  std::string name;
  ClosedForm form;
};

// Every named activation of the class, derived once.
const std::vector<Derived>& all_derived() {
  static const std::vector<Derived> all = [] {
    std::vector<Derived> result;
    for (const nke::NamedActivation& row : nke::named_activations()) {
      if (row.closed_form != nke::ClosedFormClass::in) continue;
      result.push_back({std::string(row.name), closed_form_dual(activation(row.name))});
    }
    return result;
  }();
  return all;
}

template <class Check>
void for_each_derived(const Check& check) {
  for (const Derived& derived : all_derived()) {
    CAPTURE(derived.name);
    check(derived.form);
  }
}

void check_equal(const Mpfr& x, const Mpfr& y) {
  CHECK(std::abs((x - y).to_double()) <= 1e-42 * (1 + std::abs(x.to_double())));
}

std::string refusal(const char* formula) {
  try {
    closed_form_dual(activation_formula(formula));
  } catch (const NoClosedForm& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the derived duals of the registry are the integrals they stand for [law]") {
  const Point points[] = {point(1, 1, 0.5), point(0.7, 1.9, -0.6), point(2.3, 0.4, 0.95), point(1.5, 1.1, 0.1)};
  std::size_t turn = 0;
  for (const Derived& derived : all_derived()) {
    CAPTURE(derived.name);
    check_against_integration(activation(derived.name), derived.form, points[turn++ % std::size(points)]);
  }
}

TEST_CASE("published duals come out as they are printed [fact]") {
  const auto check = [](const std::string& formula, const std::string& value, const std::string& derivative) {
    CAPTURE(formula);
    const ClosedForm form = closed_form_dual(activation_formula(formula));
    CHECK(nke::to_text(form.value) == value);
    CHECK(nke::to_text(form.derivative) == derivative);
  };
  check("relu", "(sqrt(a*b - c^2) + c*atan2(sqrt(a*b - c^2), -c))/(2*pi)", "acos(-c/sqrt(a*b))/(2*pi)");
  check("leaky_relu(alpha)", "alpha*c + (1 - alpha)^2*(sqrt(a*b - c^2) + c*atan2(sqrt(a*b - c^2), -c))/(2*pi)",
        "alpha + (1 - alpha)^2*acos(-c/sqrt(a*b))/(2*pi)");
  check("abs", "2*(sqrt(a*b - c^2) + c*atan2(c, sqrt(a*b - c^2)))/pi", "2*asin(c/sqrt(a*b))/pi");
  check("sign", "2*asin(c/sqrt(a*b))/pi", "0");
  check("erf", "2*asin(2*c/sqrt((1 + 2*a)*(1 + 2*b)))/pi", "4/(pi*sqrt((1 + 2*a)*(1 + 2*b) - 4*c^2))");
  check("Phi", "acos(-c/sqrt((1 + a)*(1 + b)))/(2*pi)", "1/(2*pi*sqrt((1 + a)*(1 + b) - c^2))");
  check("sin", "exp(-(a + b)/2)*sinh(c)", "exp(-(a + b)/2)*cosh(c)");
  check("rbf(gamma)", "exp(-gamma*(a + b - 2*c))", "2*gamma*exp(-gamma*(a + b - 2*c))");
  check("exp", "exp((a + b + 2*c)/2)", "exp((a + b + 2*c)/2)");
  check("gaussian(g)", "1/sqrt((1 + 2*a*g)*(1 + 2*b*g) - 4*c^2*g^2)",
        "4*c*g^2/((1 + 2*a*g)*(1 + 2*b*g) - 4*c^2*g^2)^(3/2)");
  check("identity", "c", "1");
  check("hermite2", "(2*c^2 + (1 - a)*(1 - b))/2", "2*c");
}

TEST_CASE("formulas derived by hand are met in value, parameters included [fact]") {
  const auto check = [](const std::string& formula, const char* expected, const char* expected_derivative) {
    CAPTURE(formula);
    const ClosedForm form = closed_form_dual(activation_formula(formula));
    const nke::Substitution values{{"alpha", Rational(3, 7)}, {"w", Rational(5, 4)}, {"s", Rational(2, 3)}};
    const auto at = [&values](const Expr& e) {
      return value_at(substitute(e, values), point(0.8, 1.7, 0.3), law_digits);
    };
    check_equal(at(form.value), at(nke::parse_expression(expected)));
    check_equal(at(form.derivative), at(nke::parse_expression(expected_derivative)));
  };
  check("gelu",
        "c*(1/4 + atan2(c, sqrt((1+a)*(1+b) - c^2))/(2*pi)) + (a*b - c^2 + c^2*(1/(1+a) + 1/(1+b)))/"
        "(2*pi*sqrt((1+a)*(1+b) - c^2))",
        "1/4 + asin(c/sqrt((1+a)*(1+b)))/(2*pi) + c*((1+a)*(1+b)*(3+a+b) - c^2*(2+a+b))/"
        "(2*pi*(1+a)*(1+b)*((1+a)*(1+b) - c^2)^(3/2))");
  check("sin(w*x + s)", "exp(-w^2*(a+b)/2)*(exp(w^2*c) - cos(2*s)*exp(-w^2*c))/2",
        "w^2*exp(-w^2*(a+b)/2)*(exp(w^2*c) + cos(2*s)*exp(-w^2*c))/2");
  check("snake(alpha)",
        "c + (1 - exp(-2*alpha^2*a) - exp(-2*alpha^2*b) + exp(-2*alpha^2*(a+b))*cosh(4*alpha^2*c))/(4*alpha^2)",
        "1 + exp(-2*alpha^2*(a+b))*sinh(4*alpha^2*c)");
}

TEST_CASE("K-dot plus the jumps is the derivative of K by c [law]") {
  for_each_derived([](const ClosedForm& form) {
    const Point p = point(1.3, 0.6, 0.35);
    check_equal(value_at(nke::differentiate(form.value, "c"), p, law_digits),
                value_at(form.derivative + form.jumps, p, law_digits));
    check_equal(value_at(form.jumps, p, law_digits), value_at(form.stable_jumps, p, law_digits));
  });
}

TEST_CASE("the author's and the stable form are one function [law]") {
  for_each_derived([](const ClosedForm& form) {
    const Point p = point(0.02, 3, -0.999);
    check_equal(value_at(form.value, p, law_digits), value_at(form.stable_value, p, law_digits));
    check_equal(value_at(form.derivative, p, law_digits), value_at(form.stable_derivative, p, law_digits));
  });
}

TEST_CASE("K is symmetric, factors at c = 0 and ends at the second moment [law]") {
  for_each_derived([](const ClosedForm& form) {
    const Point p = point(1.3, 0.6, 0.35);
    check_equal(value_at(form.value, p, law_digits), value_at(form.value, {p.b, p.a, p.c}, law_digits));
    check_equal(value_at(form.value, {p.a, p.b, 0}, law_digits),
                value_at(form.mean, p, law_digits) * value_at(form.mean, {p.b, p.a, p.c}, law_digits));
    // One step of 10^−40 before c = a; jumps make K rise like the root of it.
    const Mpfr end = value_at(form.stable_value, {p.a, p.a, p.a - pow(Rational(1, 10), 40)}, law_digits);
    CHECK(std::abs((end - value_at(form.diagonal, p, law_digits)).to_double()) <= 1e-18);
  });
}

TEST_CASE("a derivation is the same every time [law]") {
  for (const std::string formula : {"gelu", "hardtanh", "elu(alpha)", "x*cos(x) + exp(-x^2)", "min(max(x, -1), 2)"}) {
    CAPTURE(formula);
    const ClosedForm first = closed_form_dual(activation_formula(formula));
    const ClosedForm second = closed_form_dual(activation_formula(formula));
    CHECK(first.value == second.value);
    CHECK(first.derivative == second.derivative);
    CHECK(first.stable_value == second.stable_value);
    CHECK(first.stable_derivative == second.stable_derivative);
  }
}

TEST_CASE("parameters may be put in before or after [law]") {
  const nke::Substitution values{{"p", Rational(5, 4)}, {"q", Rational(-1, 3)}, {"t", Rational(3, 2)}};
  for (const std::string formula :
       {"erf(p*x + q)", "max(x - t, 0) + p*min(x, 0)", "min(max(x, -t), t)", "p*exp(q*x)*step(x)",
        "exp(-p*x^2)*cos(t*x)", "Phi(p*x)*x^2", "abs(x)^3*p", "exp(q*x)*sin(t*x + p)"}) {
    CAPTURE(formula);
    const Expr sigma = activation_formula(formula);
    const ClosedForm symbolic = closed_form_dual(sigma);
    const ClosedForm plain = closed_form_dual(nke::substitute(sigma, values));
    const Point p = point(1.3, 0.6, 0.35);
    const auto with_values = [&](const Expr& e) { return value_at(nke::substitute(e, values), p, law_digits); };
    check_equal(with_values(symbolic.value), value_at(plain.value, p, law_digits));
    check_equal(with_values(symbolic.derivative), value_at(plain.derivative, p, law_digits));
    check_equal(with_values(symbolic.stable_value), value_at(plain.value, p, law_digits));
    check_equal(with_values(symbolic.diagonal), value_at(plain.diagonal, p, law_digits));
    check_equal(with_values(symbolic.mean), value_at(plain.mean, p, law_digits));
  }
}

TEST_CASE("an activation that grows like exp(x^2) says where its dual exists [fact]") {
  const ClosedForm form = closed_form_dual(activation("exp(x^2/2)"));
  const auto exists = [&form](const Point& p) {
    for (const Expr& e : form.integrable_where_positive) {
      if (!(value_at(e, p) > 0)) return false;
    }
    return true;
  };
  CHECK(!form.integrable_where_positive.empty());
  CHECK(exists(point(0.4, 0.4, 0.5)));
  CHECK(!exists(point(1, 0.1, 0)));
  CHECK(!exists(point(0.6, 0.6, 0.9)));
  CHECK(value_at(form.value, point(0.4, 0.4, 0.5)) == doctest::Approx(1 / std::sqrt(0.36 - 0.04)).epsilon(1e-14));
  CHECK(closed_form_dual(activation("gaussian")).integrable_where_positive.empty());
}

TEST_CASE("a pair that needs more than the bivariate normal is refused by name [fault]") {
  CHECK(refusal("tanh(x)").find("tanh(x)") == 0);
  CHECK(refusal("x*Phi(x)*step(x)").find("two gates in one term") != std::string::npos);
  CHECK(!nke::try_closed_form_dual(activation("sigmoid")));
}
