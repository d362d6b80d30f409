// SPDX-License-Identifier: Apache-2.0
#include "emit_cases.hpp"

#include <cmath>

#include <nke/exact/activation/named.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/substitute.hpp>
#include <nke/exact/real/ball.hpp>

#include "support.hpp"

namespace nke::test {
namespace {

const Precision working = Precision::digits(130);
const Rational tiny = pow(Rational(10), -60);

Expr at_usual_values(const DualFormula& formula, Expr e) {
  for (const FormulaParameter& parameter : formula.parameters) {
    if (parameter.usual) e = substitute(e, parameter.name, *parameter.usual);
  }
  return e;
}

// At singular covariances from inside: the correlation and the variances are moved by 1e-60.
double limit(const Expr& e, Rational a, Rational b, Rational c) {
  if (a.is_zero()) a = tiny;
  if (b.is_zero()) b = tiny;
  if (c * c >= a * b) c *= Rational(1) - tiny;
  Bindings<Ball> bindings;
  for (const auto& [name, value] : {std::pair("a", a), {"b", b}, {"c", c}, {"d", a * b - c * c}}) {
    bindings.emplace(name, Ball(value, working));
  }
  const Ball value = evaluate<Ball>(e, bindings, working);
  REQUIRE(value.radius() < 1e-18);
  return value.mid();
}

DualFormula with_name(DualFormula formula, const std::string& name) {
  formula.name = name;
  formula.version = "test";
  return formula;
}

std::vector<DualFormula> make_cases() {
  std::vector<DualFormula> cases;
  // Every test program derives them anew, which under the sanitizers takes too long for all of them.
  const int stride = nke::test::iterations(8) < 8 ? 4 : 1;
  int row_number = 0;
  for (const NamedActivation& row : named_activations()) {
    if (row.closed_form != ClosedFormClass::in || row_number++ % stride != 0) continue;
    cases.push_back(with_name(derive_formula(row.name), std::string(row.name)));
  }
  const std::pair<const char*, const char*> others[] = {
      {"leaky_symbol", "leaky_relu(alpha)"}, {"softshrink_symbol", "softshrink(lambda)"},
      {"snake_symbol", "snake(alpha)"},      {"sum", "relu(x - 1/3) + erf(x/2)*x^2"},
      {"nested", "x^2*exp(-x^2)*Phi(x)"},    {"constant", "2 + x/3"}};
  for (const auto& [name, text] : others) cases.push_back(with_name(derive_formula(text), name));
  return cases;
}

Covariances make_grid() {
  Covariances grid;
  const auto add = [&grid](double a, double b, double c) {
    grid.a.push_back(a);
    grid.b.push_back(b);
    grid.c.push_back(c);
  };
  // Powers of two, whose c² is exactly ab at ρ = ±1; and others, where ab − c² is lost if the products are rounded.
  for (const auto& [u, v] : {std::pair(1.0, 1.0), {0.5, 2.0}, {2.0, 2.0}, {0.7, 1.3}}) {
    const bool exact = u != 0.7;
    for (const double distance : {1.0, 0.5, 1e-3, 1e-6, 1e-12, 0.0}) {
      if (distance == 0 && !exact) continue;
      add(u * u, v * v, u * v * (1 - distance));
      add(u * u, v * v, -u * v * (1 - distance));
    }
  }
  add(1, 0, 0);
  add(0, 4, 0);
  add(0, 0, 0);
  return grid;
}

}  // namespace

const std::vector<DualFormula>& emit_cases() {
  static const std::vector<DualFormula> cases = make_cases();
  return cases;
}

const Covariances& emit_grid() {
  static const Covariances grid = make_grid();
  return grid;
}

std::vector<double> proven_values(const DualFormula& formula, const Expr& stable) {
  const Expr e = at_usual_values(formula, stable);
  const Covariances& grid = emit_grid();
  std::vector<double> values;
  for (std::size_t i = 0; i < grid.a.size(); ++i) {
    values.push_back(limit(e, Rational::from_double_exactly(grid.a[i]), Rational::from_double_exactly(grid.b[i]),
                           Rational::from_double_exactly(grid.c[i])));
  }
  return values;
}

std::vector<double> scales(const DualFormula& formula, const Expr& stable) {
  constexpr double smallest = 1e-2;
  const Expr e = at_usual_values(formula, stable);
  const Covariances& grid = emit_grid();
  std::map<double, double> diagonal;
  const auto on_diagonal = [&](double variance) {
    const auto [found, added] = diagonal.try_emplace(variance, 0.0);
    const Rational a = Rational::from_double_exactly(variance);
    if (added) found->second = limit(e, a, a, a);
    return found->second;
  };
  std::vector<double> values;
  for (std::size_t i = 0; i < grid.a.size(); ++i) {
    values.push_back(std::fmax(smallest, std::sqrt(on_diagonal(grid.a[i]) * on_diagonal(grid.b[i]))));
  }
  return values;
}

void check_agreement(const std::vector<double>& values, const char* language) {
  constexpr double tolerance = 1e-13;
  const Covariances& grid = emit_grid();
  REQUIRE(values.size() == emit_cases().size() * 2 * grid.a.size());
  std::size_t next = 0;
  for (const DualFormula& formula : emit_cases()) {
    for (const bool derivative : {false, true}) {
      const Expr& stable = derivative ? *formula.stable_derivative : *formula.stable_value;
      const std::vector<double> truth = proven_values(formula, stable);
      const std::vector<double> scale = scales(formula, stable);
      for (std::size_t i = 0; i < grid.a.size(); ++i, ++next) {
        INFO(std::string(language) << ": " << formula.name << std::string(derivative ? " K'" : " K")
                                   << " at a = " << grid.a[i] << ", b = " << grid.b[i] << ", c = " << grid.c[i]);
        INFO("computed " << values[next] << ", proven " << truth[i]);
        CHECK(std::fabs(values[next] - truth[i]) <= tolerance * scale[i]);
      }
    }
  }
}

}  // namespace nke::test
