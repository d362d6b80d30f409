// SPDX-License-Identifier: Apache-2.0
#include "derivation.hpp"

#include <algorithm>

#include "author.hpp"
#include "normal_form_terms.hpp"

namespace nke::detail {
namespace {

struct Needed {
  std::vector<Expr> coefficients;
  std::vector<Expr> arguments;
  std::vector<Expr> scales;
};

void collect(Needed& needed, const NormalForm& form) {
  for (const Term& term : form.terms) {
    needed.coefficients.push_back(term.coefficient);
    for (const Expr& e : {term.linear, term.frequency, term.phase}) needed.arguments.push_back(e);
    needed.scales.push_back(term.quadratic);
    if (term.gate) {
      needed.arguments.push_back(term.gate->threshold);
      needed.scales.push_back(term.gate->width2);
    }
  }
}

Needed all_needed(const NormalForm& form) {
  Needed needed;
  collect(needed, form);
  collect(needed, derivative(form));
  for (const Jump& jump : jumps(form)) {
    needed.coefficients.push_back(jump.height);
    needed.arguments.push_back(jump.location);
  }
  return needed;
}

Ring make_ring(const NormalForm& form) {
  const Needed needed = all_needed(form);
  return {needed.coefficients, needed.arguments, needed.scales};
}

// Tilts and smooth gates are where a recursion is shorter as it stands (nested.hpp); a spline is best multiplied out.
std::size_t budget_for(const NormalForm& form) {
  constexpr std::size_t usual = 80'000;
  constexpr std::size_t of_splines = 4'000'000;
  const bool spline = std::all_of(form.terms.begin(), form.terms.end(), [](const Term& term) {
    return term.quadratic.is_zero() && term.linear.is_zero() && term.frequency.is_zero() &&
           (!term.gate || term.gate->width2.is_zero());
  });
  return spline ? of_splines : usual;
}

bool is_half_line(const std::optional<SurdGate>& gate) {
  return gate && gate->width2.is_zero();
}

}  // namespace

Derivation::Derivation(const NormalForm& sigma) : form_(sigma), ring_(make_ring(sigma)) {
  ring_.set_budget(budget_for(sigma));
  for (const Term& term : sigma.terms) sigma_.push_back(converted(term));
  for (const Term& term : nke::derivative(sigma).terms) derivative_.push_back(converted(term));
  for (const Jump& jump : jumps(sigma)) {
    Term term;
    term.coefficient = jump.height;
    term.gate = Gate{1, jump.location, 0};
    atoms_.push_back(converted(term));
    atoms_.back().atom = true;
  }
}

SurdTerm Derivation::converted(const Term& term) {
  const auto surd = [this](const Expr& e) { return to_surd(ring_, e, findings_.assumed); };
  // Scales enter denominators and radicands, so that one with a root in it is a generator (Ring).
  const auto scale = [this, &surd](const Expr& e) {
    const auto [coefficient, rest] = split_coefficient(e);
    if (has_root(e)) return Fraction(coefficient * ring_.variable(*ring_.find(rest)));
    return *surd(e).fraction();
  };
  SurdTerm result{to_sum(ring_, term.coefficient, findings_.assumed),
                  term.power,
                  scale(term.quadratic),
                  surd(term.linear),
                  surd(term.frequency),
                  surd(term.phase),
                  std::nullopt,
                  false,
                  to_expression(term)};
  if (term.gate) {
    result.gate = SurdGate{term.gate->side, surd(term.gate->threshold), scale(term.gate->width2)};
  }
  return result;
}

void Derivation::require_positive(const Fraction& x) {
  if (!x.constant()) integrable_.insert(x);
}

Sum Derivation::pair_at(const SurdTerm& s, const SurdTerm& t, const Surd& linear1, const Surd& linear2,
                        const Variances& at) {
  const Fraction one(ring_, 1);
  const Fraction& p = s.quadratic;
  const Fraction& q = t.quadratic;
  const auto& [a, b, c, d] = at;
  Sum factor = Surd(ring_, 1);
  PairLaw law{Surd(ring_), Surd(ring_), a, c, b, d, std::nullopt, std::nullopt};
  if (!p.is_zero() || !q.is_zero()) {
    const Fraction left = one - Rational(2) * (p * a);
    const Fraction right = one - Rational(2) * (q * b);
    const Fraction determinant = left * right - Rational(4) * (p * q * c * c);
    if (ring_.sign(p.numerator()) > 0 || ring_.sign(q.numerator()) > 0) {
      for (const Fraction* x : {&left, &right, &determinant}) require_positive(*x);
    }
    const Fraction over = determinant.inverse();
    law.s11 = (a - Rational(2) * (q * d)) * over;
    law.s22 = (b - Rational(2) * (p * d)) * over;
    law.s12 = c * over;
    law.det = d * over;
    factor = square_root(over, findings_.assumed);
  }
  if (!linear1.is_zero() || !linear2.is_zero()) {
    law.mu1 = Surd(law.s11) * linear1 + Surd(law.s12) * linear2;
    law.mu2 = Surd(law.s12) * linear1 + Surd(law.s22) * linear2;
    factor = factor * Sum::exponential(Rational(1, 2) * (linear1 * law.mu1 + linear2 * law.mu2));
  }
  law.gate1 = s.gate;
  law.gate2 = t.gate;
  for (const int which : {1, 2}) {
    if (!(which == 1 ? s : t).atom) continue;
    auto [density, given] = conditioned(law, which, findings_);
    factor = factor * density;
    law = std::move(given);
  }
  Moments moments(std::move(law), findings_);
  return factor * moments(s.power, t.power);
}

Sum Derivation::pair(const SurdTerm& s, const SurdTerm& t, const Variances& at) {
  const Surd imaginary(Fraction(ring_.variable(Ring::i)));
  const Sum coefficient = s.coefficient * t.coefficient;
  if (s.frequency.is_zero() && t.frequency.is_zero()) {
    return coefficient * pair_at(s, t, s.linear, t.linear, at);
  }
  // cos A cos B = (cos(A + B) + cos(A − B))/2; with one wave both are the same.
  const Surd wave1 = imaginary * s.frequency;
  const Surd wave2 = imaginary * t.frequency;
  const Sum plus = unit_wave(s.phase + t.phase) * pair_at(s, t, s.linear + wave1, t.linear + wave2, at);
  if (s.frequency.is_zero() || t.frequency.is_zero()) return coefficient * plus;
  const Sum minus = unit_wave(s.phase - t.phase) * pair_at(s, t, s.linear + wave1, t.linear - wave2, at);
  return Rational(1, 2) * (coefficient * (plus + minus));
}

Sum Derivation::expectation(const std::vector<SurdTerm>& sigma, const std::vector<SurdTerm>& tau, const Variances& at) {
  Sum total(ring_);
  for (const SurdTerm& s : sigma) {
    for (const SurdTerm& t : tau) total = std::move(total) + pair(s, t, at);
  }
  return total;
}

Sum Derivation::expectation(const std::vector<SurdTerm>& sigma) {
  return expectation(sigma, sigma, general());
}

Variances Derivation::general() const {
  const Polynomial a = ring_.variable(Ring::a);
  const Polynomial b = ring_.variable(Ring::b);
  const Polynomial c = ring_.variable(Ring::c);
  return {a, b, c, a * b - c * c};
}

Sum Derivation::mean(const std::vector<SurdTerm>& sigma) {
  SurdTerm one{Surd(ring_, 1), 0, Fraction(ring_), Surd(ring_), Surd(ring_), Surd(ring_), std::nullopt, false, 1};
  // v is another variable, of variance 1 and independent of u.
  const Polynomial a = ring_.variable(Ring::a);
  return expectation(sigma, {one}, {a, Fraction(ring_, 1), Fraction(ring_), a});
}

Sum Derivation::square(const std::vector<SurdTerm>& sigma) {
  const Polynomial a = ring_.variable(Ring::a);
  const Variances equal{a, a, a, Fraction(ring_)};
  const SurdTerm one{Surd(ring_, 1), 0, Fraction(ring_), Surd(ring_), Surd(ring_), Surd(ring_), std::nullopt, false, 1};
  Sum total(ring_);
  for (const SurdTerm& s : sigma) {
    for (const SurdTerm& t : sigma) {
      if (!is_half_line(s.gate) || !is_half_line(t.gate)) {
        total = std::move(total) + pair(s, t, equal);
        continue;
      }
      // Two half-lines of one variable are a half-line, an interval or nothing: 1(x > p) for the gate that starts last,
      // less 1(x > q) for what lies beyond the other.
      const auto with_gate = [&](const SurdGate& gate) {
        SurdTerm first = s;
        SurdTerm second = t;
        first.gate = gate;
        second.gate.reset();
        return pair(first, second, equal);
      };
      const int order = sign_of(s.gate->threshold - t.gate->threshold);
      if (s.gate->side == t.gate->side) {
        total = std::move(total) + with_gate(order * s.gate->side >= 0 ? *s.gate : *t.gate);
        continue;
      }
      const SurdGate& up = s.gate->side > 0 ? *s.gate : *t.gate;
      const SurdGate& down = s.gate->side > 0 ? *t.gate : *s.gate;
      if (sign_of(up.threshold - down.threshold) >= 0) continue;
      total = std::move(total) + with_gate(up) - with_gate({1, down.threshold, down.width2});
    }
  }
  return total;
}

std::vector<Assumption> Derivation::assumptions() const {
  Signs signs;
  signs.add(form_.assumptions);
  std::vector<Assumption> more;
  for (const int id : findings_.assumed) {
    const Expr factor = written(ring_.irreducible(id));
    if (!symbols(factor).empty() && !factor.positive()) more.push_back({factor});
  }
  signs.add(more);
  return signs.assumptions();
}

}  // namespace nke::detail
