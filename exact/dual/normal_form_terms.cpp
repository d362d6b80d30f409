// SPDX-License-Identifier: Apache-2.0
#include "normal_form_terms.hpp"

#include <algorithm>
#include <utility>

#include <nke/exact/expr/simplify.hpp>

namespace nke::detail {
namespace {

constexpr std::size_t term_limit = 5000;

std::strong_ordering order_gates(const std::optional<Gate>& a, const std::optional<Gate>& b) {
  if (!a || !b) return a.has_value() <=> b.has_value();
  if (const auto o = order(a->width2, b->width2); o != 0) return o;
  if (const auto o = order(a->threshold, b->threshold); o != 0) return o;
  return a->side <=> b->side;
}

// Everything but the coefficient.
std::strong_ordering order_shapes(const Term& a, const Term& b) {
  if (const auto o = order_gates(a.gate, b.gate); o != 0) return o;
  if (const auto o = order(a.quadratic, b.quadratic); o != 0) return o;
  if (const auto o = order(a.linear, b.linear); o != 0) return o;
  if (const auto o = order(a.frequency, b.frequency); o != 0) return o;
  if (const auto o = order(a.phase, b.phase); o != 0) return o;
  return a.power <=> b.power;
}

void merge(Terms& terms) {
  std::stable_sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) { return order_shapes(a, b) < 0; });
  Terms merged;
  for (std::size_t i = 0; i < terms.size();) {
    std::vector<Expr> coefficients;
    std::size_t j = i;
    for (; j < terms.size() && order_shapes(terms[i], terms[j]) == 0; ++j) coefficients.push_back(terms[j].coefficient);
    Term term = terms[i];
    term.coefficient = tidy(sum(std::move(coefficients)));
    if (!term.coefficient.is_zero()) merged.push_back(std::move(term));
    i = j;
  }
  terms = std::move(merged);
}

// (r, rest) with e = r·π + rest.
std::pair<Rational, Expr> split_pi(const Expr& e) {
  Rational multiple;
  std::vector<Expr> rest;
  const auto terms = e.is(Expr::Kind::sum) ? e.operands() : std::span(&e, 1);
  for (const Expr& term : terms) {
    const auto [coefficient, other] = split_coefficient(term);
    if (other == pi()) {
      multiple += coefficient;
    } else {
      rest.push_back(term);
    }
  }
  return {multiple, sum(std::move(rest))};
}

// Frequency positive, phase = r π + rest with r in [−1/2, 1/2): one form for sin and cos each.
void settle_wave(Term& term, Signs& signs) {
  term.frequency = tidy(term.frequency);
  term.phase = tidy(term.phase);
  if (signs.hint(term.frequency) < 0) {
    term.frequency = -term.frequency;
    term.phase = tidy(-term.phase);
  }
  if (term.frequency.is_zero()) {
    term.coefficient *= cos(term.phase);
    term.phase = 0;
    return;
  }
  const auto [multiple, rest] = split_pi(term.phase);
  const Rational turns = floor(multiple + Rational(1, 2));
  if (!(turns / Rational(2)).is_integer()) term.coefficient = -term.coefficient;
  term.phase = Expr(multiple - turns) * pi() + rest;
}

// The side to which a gate should look: where exp(linear x) decays, else away from zero, else right.
int preferred_side(const Term& term, const Signs& signs) {
  if (term.quadratic.is_zero()) {
    if (const int sign = signs.hint(term.linear); sign != 0) return -sign;
  }
  return signs.hint(term.gate->threshold) < 0 ? -1 : 1;
}

}  // namespace

Expr tidy(const Expr& e) {
  if (e.is_number() || e.is(Expr::Kind::symbol)) return e;
  return expand(simplify(expand(e)));
}

Terms constant_term(const Expr& coefficient) {
  return monomial(coefficient, 0);
}

Terms monomial(const Expr& coefficient, int power) {
  if (coefficient.is_zero()) return {};
  Term term;
  term.coefficient = coefficient;
  term.power = power;
  return {term};
}

Terms scaled(const Expr& factor, Terms terms) {
  for (Term& term : terms) term.coefficient *= factor;
  return terms;
}

Terms added(Terms a, const Terms& b) {
  a.insert(a.end(), b.begin(), b.end());
  if (a.size() > term_limit) throw LimitError("an activation of more than 5000 terms");
  merge(a);
  return a;
}

Terms multiplied(const Terms& a, const Terms& b) {
  Terms result;
  if (a.size() * b.size() > term_limit) throw LimitError("an activation of more than 5000 terms");
  for (const Term& u : a) {
    for (const Term& v : b) {
      if (u.gate && v.gate) {
        throw NoClosedForm(to_expression(u) * to_expression(v),
                           "has two gates in one term (a pair of such terms needs a normal distribution in four "
                           "dimensions)");
      }
      Term t = u;
      t.coefficient *= v.coefficient;
      t.power += v.power;
      t.quadratic = tidy(u.quadratic + v.quadratic);
      t.linear = tidy(u.linear + v.linear);
      if (v.gate) t.gate = v.gate;
      if (u.frequency.is_zero() || v.frequency.is_zero()) {
        t.frequency = u.frequency + v.frequency;
        t.phase = u.phase + v.phase;
        result.push_back(std::move(t));
        continue;
      }
      // 2 cos A cos B = cos(A − B) + cos(A + B).
      t.coefficient /= 2;
      t.frequency = tidy(u.frequency - v.frequency);
      t.phase = tidy(u.phase - v.phase);
      result.push_back(t);
      t.frequency = tidy(u.frequency + v.frequency);
      t.phase = tidy(u.phase + v.phase);
      result.push_back(std::move(t));
    }
  }
  merge(result);
  return result;
}

Terms on_half_line(const Terms& terms, int side, const Expr& threshold) {
  Term half_line;
  half_line.coefficient = 1;
  half_line.gate = Gate{side, threshold, 0};
  return multiplied(terms, {half_line});
}

std::vector<Expr> as_polynomial(const Terms& terms) {
  std::vector<Expr> coefficients(1);
  for (const Term& term : terms) {
    if (term.gate || !term.quadratic.is_zero() || !term.linear.is_zero() || !term.frequency.is_zero()) return {};
    const auto power = static_cast<std::size_t>(term.power);
    if (power >= coefficients.size()) coefficients.resize(power + 1);
    coefficients[power] = tidy(coefficients[power] + term.coefficient);
  }
  while (coefficients.size() > 1 && coefficients.back().is_zero()) coefficients.pop_back();
  return coefficients;
}

Terms canonical(const Terms& terms, Signs& signs) {
  Terms result;
  for (Term term : terms) {
    if (term.gate) {
      term.gate->threshold = tidy(term.gate->threshold);
      term.gate->width2 = tidy(term.gate->width2);
      const int side = preferred_side(term, signs);
      if (side != term.gate->side) {
        Term whole = term;
        whole.gate.reset();
        settle_wave(whole, signs);
        result.push_back(std::move(whole));
        term.gate->side = side;
        term.coefficient = -term.coefficient;
      }
    }
    settle_wave(term, signs);
    result.push_back(std::move(term));
  }
  merge(result);
  return result;
}

Expr cosine(const Expr& angle) {
  const auto [multiple, rest] = split_pi(tidy(angle));
  const Rational quarters = multiple * Rational(2);
  if (!quarters.is_integer()) return cos(Expr(multiple) * pi() + rest);
  const Rational turn = quarters - Rational(4) * floor(quarters / Rational(4));
  if (turn.is_zero()) return cos(rest);
  if (turn == Rational(1)) return -sin(rest);
  if (turn == Rational(2)) return -cos(rest);
  return sin(rest);
}

Expr to_expression(const Term& term) {
  const Expr x = symbol("x");
  std::vector<Expr> factors{term.coefficient, pow(x, term.power)};
  factors.push_back(exp(term.quadratic * x * x + term.linear * x));
  if (!term.frequency.is_zero()) factors.push_back(cos(term.frequency * x + term.phase));
  if (term.gate) {
    const Expr distance = Expr(term.gate->side) * (x - term.gate->threshold);
    factors.push_back(term.gate->width2.is_zero() ? step(distance) : Phi(distance / sqrt(term.gate->width2)));
  }
  return product(std::move(factors));
}

}  // namespace nke::detail
