// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <utility>
#include <vector>

#include <nke/exact/dual/emit.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/substitute.hpp>
#include <nke/exact/real/ball.hpp>

namespace nke {
namespace {

const Precision working = Precision::digits(40);

struct Point {
  Rational a;
  Rational b;
  Rational c;
};

// All three are doubles: code is given doubles, and what is asked is what it makes of them.
std::vector<Point> points() {
  const Rational near_one = Rational(1) - pow(Rational(10), -12);
  const std::vector<Rational> correlations{0,         Rational(1, 2),  Rational(999, 1000),  near_one,
                                           -near_one, Rational(-1, 2), Rational(-999, 1000), Rational(9, 10)};
  const Rational half(1, 2);
  std::vector<Point> found;
  for (const auto& [u, v] : {std::pair<Rational, Rational>{half, half}, {1, 1}, {1, 2}, {2, 2}}) {
    for (const Rational& rho : correlations) {
      found.push_back({u * u, v * v, Rational::from_double_exactly((rho * u * v).to_double())});
    }
  }
  return found;
}

template <class T, class Convert>
Bindings<T> bindings(const Point& p, const Convert& number) {
  return {{"a", number(p.a)}, {"b", number(p.b)}, {"c", number(p.c)}, {"d", number(p.a * p.b - p.c * p.c)}};
}

Ball enclosed(const Expr& e, const Point& p) {
  return evaluate<Ball>(e, bindings<Ball>(p, [](const Rational& q) { return Ball(q, working); }), working);
}

double rounded(const Expr& e, const Point& p) {
  const auto number = [](const Rational& q) { return q.to_double(); };
  return evaluate<double>(e, bindings<double>(p, number), Precision::of_double());
}

// f at c = a = b, approached from inside.
double on_the_diagonal(const Expr& e, const Rational& a) {
  return enclosed(e, {a, a, a * (Rational(1) - pow(Rational(10), -25))}).mid();
}

std::optional<double> worst_error(const Expr& e) {
  double worst = 0;
  for (const Point& p : points()) {
    const double scale = std::sqrt(on_the_diagonal(e, p.a) * on_the_diagonal(e, p.b));
    const double truth = enclosed(e, p).mid();
    const double error = std::fabs(rounded(e, p) - truth) / scale;
    if (!std::isfinite(error)) return std::nullopt;
    worst = std::fmax(worst, error);
  }
  return worst;
}

}  // namespace

std::optional<double> measure_dual_error(const DualFormula& formula) {
  Substitution usual;
  for (const FormulaParameter& parameter : formula.parameters) {
    if (!parameter.usual) return std::nullopt;
    usual.emplace(parameter.name, *parameter.usual);
  }
  double worst = 0;
  for (const auto& e : {formula.stable_value, formula.stable_derivative}) {
    if (!e || e->is_zero() || (formula.distributional && e == formula.stable_derivative)) continue;
    const auto error = worst_error(substitute(*e, usual));
    if (!error) return std::nullopt;
    worst = std::fmax(worst, *error);
  }
  return worst;
}

}  // namespace nke
