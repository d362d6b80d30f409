// SPDX-License-Identifier: Apache-2.0
#include <nke/exact/dual/closed_form.hpp>
#include <nke/exact/dual/homogeneous.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/expr/substitute.hpp>

namespace nke {
namespace {

// n (n − step) (n − 2 step) …, 1 for n ≤ 0.
Rational falling(long n, long step) {
  Rational product = 1;
  for (; n > 1; n -= step) product *= Rational(n);
  return product;
}

Rational factorial(long n) {
  return falling(n, 1);
}

// E[z^m 1(z > 0)]²: (m − 1)!!²/4 for even m, (m − 1)!!²/(2π) for odd m.
Expr squared_half_moment(long m) {
  const Rational moment = falling(m - 1, 2);
  return Expr(moment * moment) / (m % 2 == 0 ? Expr(4) : 2 * pi());
}

// E[He_m(z) 1(z > 0)]² = He_{m−1}(0)²/(2π) for m ≥ 1: 0 for even m, (m − 2)!!²/(2π) for odd m.
Expr squared_half_line_coefficient(long m) {
  if (m == 0) return Rational(1, 4);
  if (m % 2 == 0) return 0;
  const Rational value = falling(m - 2, 2);
  return Expr(value * value) / (2 * pi());
}

std::optional<HomogeneousDual> from_form(const NormalForm& form, const Expr& value, const Expr& derivative,
                                         const std::vector<Assumption>& assumptions) {
  const Substitution unit{{"a", 1}, {"b", 1}, {"c", symbol("rho")}};
  HomogeneousDual result{form.terms.empty() ? 0 : form.terms.front().power,
                         0,
                         0,
                         simplify(substitute(value, unit)),
                         simplify(substitute(derivative, unit)),
                         assumptions};
  for (const Term& term : form.terms) {
    const bool wild = !term.quadratic.is_zero() || !term.linear.is_zero() || !term.frequency.is_zero();
    const bool elsewhere = term.gate && (!term.gate->threshold.is_zero() || !term.gate->width2.is_zero());
    if (wild || elsewhere || term.power != result.degree) return std::nullopt;
    if (!term.gate || term.gate->side > 0) result.right += term.coefficient;
    if (!term.gate || term.gate->side < 0) result.left += Expr(term.power % 2 == 0 ? 1 : -1) * term.coefficient;
  }
  result.right = expand(result.right);
  result.left = expand(result.left);
  return result;
}

}  // namespace

Expr HomogeneousDual::squared_coefficient(int n) const {
  if (n < 0) throw DomainError("a Hermite coefficient has a degree of at least 0, not " + std::to_string(n));
  // p!/(p − n)! steps down until one of the two is 0.
  const long p = degree;
  const Rational steps = n < p ? factorial(p) / factorial(p - n) : factorial(p);
  const Expr start = n < p ? squared_half_moment(p - n) : squared_half_line_coefficient(n - p);
  const Expr both = right + Expr(n % 2 == 0 ? 1 : -1) * left;  // He_n(−z) = (−1)^n He_n(z)
  return pow(both, 2) * Expr(steps * steps / factorial(n)) * start;
}

std::vector<Expr> HomogeneousDual::squared_coefficients(int highest) const {
  std::vector<Expr> result;
  for (int n = 0; n <= highest; ++n) result.push_back(squared_coefficient(n));
  return result;
}

std::optional<HomogeneousDual> homogeneous_dual(const Expr& sigma) {
  const ClosedForm form = closed_form_dual(sigma);
  return from_form(normal_form(sigma), form.value, form.derivative, form.assumptions);
}

std::optional<HomogeneousDual> homogeneous_dual(const Activation& sigma) {
  if (!sigma.homogeneity()) return std::nullopt;
  const auto form = try_normal_form(sigma);
  if (!form) return std::nullopt;
  const ClosedForm dual = closed_form_dual(sigma);
  return from_form(*form, dual.value, dual.derivative, dual.assumptions);
}

}  // namespace nke
