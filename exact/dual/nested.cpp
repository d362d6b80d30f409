// SPDX-License-Identifier: Apache-2.0
#include "nested.hpp"

#include <algorithm>

#include <nke/exact/expr/substitute.hpp>

#include "nested_moments.hpp"
#include "normal_form_signs.hpp"
#include "normal_form_terms.hpp"

namespace nke::detail {
namespace {

struct Law {
  Expr a;
  Expr b;
  Expr c;
  Expr d;  // ab − c²
};

struct NestedTerm {
  Term term;
  bool atom = false;  // coefficient · δ(x − threshold of its gate)
};

bool is_half_line(const Term& term) {
  return term.gate && term.gate->width2.is_zero();
}

std::vector<NestedTerm> plain(const std::vector<Term>& terms) {
  std::vector<NestedTerm> result;
  for (const Term& term : terms) result.push_back({term, false});
  return result;
}

class Nest {
 public:
  // The real part of E[s(u) t(v)].
  Expr pair(const NestedTerm& s, const NestedTerm& t, const Law& at) {
    const Expr& w1 = s.term.frequency;
    const Expr& w2 = t.term.frequency;
    const Expr coefficient = s.term.coefficient * t.term.coefficient;
    if (w1.is_zero() && w2.is_zero()) return coefficient * pair_at(s, t, 0, 0, at).re;
    const Expr plus = turned(s.term.phase + t.term.phase, pair_at(s, t, w1, w2, at));
    if (w1.is_zero() || w2.is_zero()) return coefficient * plus;
    const Expr minus = turned(s.term.phase - t.term.phase, pair_at(s, t, w1, -w2, at));
    return coefficient * (plus + minus) / 2;
  }

  Expr expectation(const std::vector<NestedTerm>& sigma, const std::vector<NestedTerm>& tau, const Law& at) {
    std::vector<Expr> terms;
    for (const NestedTerm& s : sigma) {
      for (const NestedTerm& t : tau) terms.push_back(pair(s, t, at));
    }
    return sum(std::move(terms));
  }

  // E f(u)², u ~ N(0, a): two half-lines are one half-line, an interval or nothing.
  Expr square(const std::vector<NestedTerm>& f) {
    const Expr a = symbol("a");
    const Law at{a, a, a, 0};
    std::vector<Expr> terms;
    for (const NestedTerm& s : f) {
      for (const NestedTerm& t : f) {
        if (!is_half_line(s.term) || !is_half_line(t.term)) {
          terms.push_back(pair(s, t, at));
          continue;
        }
        const auto with_gate = [&](const Gate& gate) {
          NestedTerm first = s;
          NestedTerm second = t;
          first.term.gate = gate;
          second.term.gate.reset();
          return pair(first, second, at);
        };
        const Gate& p = *s.term.gate;
        const Gate& q = *t.term.gate;
        if (p.side == q.side) {
          const int order = signs_.hint(p.threshold - q.threshold);
          terms.push_back(with_gate(order * p.side >= 0 ? p : q));
          continue;
        }
        const Gate& up = p.side > 0 ? p : q;
        const Gate& down = p.side > 0 ? q : p;
        if (signs_.hint(up.threshold - down.threshold) >= 0) continue;
        terms.push_back(with_gate(up) - with_gate({1, down.threshold, down.width2}));
      }
    }
    return sum(std::move(terms));
  }

  Expr mean(const std::vector<NestedTerm>& f) {
    Term one;
    one.coefficient = 1;
    const Expr a = symbol("a");
    return expectation(f, {{one, false}}, {a, 1, 0, a});
  }

  void collect_conditions(const std::vector<NestedTerm>& f, const Law& at) {
    for (const NestedTerm& s : f) {
      for (const NestedTerm& t : f) {
        const Expr& p = s.term.quadratic;
        const Expr& q = t.term.quadratic;
        if (signs_.hint(p) <= 0 && signs_.hint(q) <= 0) continue;
        for (const Expr& e : {1 - 2 * p * at.a, 1 - 2 * q * at.b, tilt_determinant(p, q, at)}) {
          if (!symbols(e).empty() && !e.positive() &&
              std::find(conditions_.begin(), conditions_.end(), e) == conditions_.end()) {
            conditions_.push_back(e);
          }
        }
      }
    }
  }
  const std::vector<Expr>& conditions() const { return conditions_; }

 private:
  // Re e^(i phase) z.
  static Expr turned(const Expr& phase, const ComplexExpr& z) {
    return cosine(phase) * z.re - cosine(phase - pi() / 2) * z.im;
  }

  static Expr tilt_determinant(const Expr& p, const Expr& q, const Law& at) {
    return 1 - 2 * p * at.a - 2 * q * at.b + 4 * p * q * at.d;
  }

  static ComplexExpr pair_at(const NestedTerm& s, const NestedTerm& t, const Expr& wave1, const Expr& wave2,
                             const Law& at) {
    const Expr& p = s.term.quadratic;
    const Expr& q = t.term.quadratic;
    const Expr over = 1 / tilt_determinant(p, q, at);
    NestedLaw law{
        {},          {},         (at.a - 2 * q * at.d) * over, at.c * over, (at.b - 2 * p * at.d) * over, at.d * over,
        s.term.gate, t.term.gate};
    ComplexExpr factor{sqrt(over), 0};
    const ComplexExpr linear1{s.term.linear, wave1};
    const ComplexExpr linear2{t.term.linear, wave2};
    law.mu1 = law.s11 * linear1 + law.s12 * linear2;
    law.mu2 = law.s12 * linear1 + law.s22 * linear2;
    factor = factor * exp(Expr(Rational(1, 2)) * (linear1 * law.mu1 + linear2 * law.mu2));
    for (const int which : {1, 2}) {
      if (!(which == 1 ? s : t).atom) continue;
      auto [density, given] = conditioned(law, which);
      factor = factor * density;
      law = std::move(given);
    }
    return factor * NestedMoments(std::move(law))(s.term.power, t.term.power);
  }

  Signs signs_;
  std::vector<Expr> conditions_;
};

std::vector<NestedTerm> atoms_of(const NormalForm& form) {
  std::vector<NestedTerm> result;
  for (const Jump& jump : jumps(form)) {
    Term term;
    term.coefficient = jump.height;
    term.gate = Gate{1, jump.location, 0};
    result.push_back({term, true});
  }
  return result;
}

Expr without_determinant(const Expr& e) {
  return substitute(e, "d", symbol("a") * symbol("b") - pow(symbol("c"), 2));
}

}  // namespace

ClosedForm nested_closed_form(const NormalForm& form) {
  const Law general{symbol("a"), symbol("b"), symbol("c"), symbol("d")};
  const std::vector<NestedTerm> sigma = plain(form.terms);
  const std::vector<NestedTerm> slope = plain(nke::derivative(form).terms);
  const std::vector<NestedTerm> atoms = atoms_of(form);
  Nest nest;
  ClosedForm result;
  result.stable_value = nest.expectation(sigma, sigma, general);
  result.stable_derivative = nest.expectation(slope, slope, general);
  if (!atoms.empty()) {
    result.stable_jumps = nest.expectation(atoms, slope, general) + nest.expectation(slope, atoms, general) +
                          nest.expectation(atoms, atoms, general);
  }
  result.value = without_determinant(result.stable_value);
  result.derivative = without_determinant(result.stable_derivative);
  result.jumps = without_determinant(result.stable_jumps);
  result.mean = nest.mean(sigma);
  result.diagonal = nest.square(sigma);
  nest.collect_conditions(sigma, general);
  nest.collect_conditions(slope, general);
  result.integrable_where_positive = nest.conditions();
  result.assumptions = form.assumptions;
  return result;
}

Expr nested_mean_square(const NormalForm& form) {
  return Nest().square(plain(form.terms));
}

}  // namespace nke::detail
