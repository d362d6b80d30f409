// SPDX-License-Identifier: Apache-2.0
// Polynomials, fractions and surds as expressions.
#include <algorithm>
#include <map>

#include "author.hpp"
#include "normal_form_signs.hpp"

namespace nke::detail {
namespace {

// A monomial of a polynomial in the generators and d: the exponents of the generators, then that of d.
using Exponents = std::vector<unsigned long>;
using Dictionary = std::map<Exponents, Rational>;

void add(Dictionary& p, const Exponents& exponents, const Rational& coefficient) {
  const auto [place, fresh] = p.try_emplace(exponents, coefficient);
  if (fresh) return;
  place->second += coefficient;
  if (place->second.is_zero()) p.erase(place);
}

Dictionary dictionary(const Polynomial& p) {
  Dictionary result;
  for (Polynomial::Monomial& m : p.monomials()) {
    m.exponents.push_back(0);
    result.emplace(std::move(m.exponents), m.coefficient);
  }
  return result;
}

Expr expression(const Dictionary& p, const Ring& ring) {
  std::vector<Expr> terms;
  for (const auto& [exponents, coefficient] : p) {
    std::vector<Expr> factors{Expr(coefficient)};
    for (std::size_t k = 1; k < exponents.size(); ++k) {
      if (exponents[k] == 0) continue;
      const Expr base = k + 1 == exponents.size() ? symbol("d") : ring.generator(static_cast<int>(k));
      factors.push_back(pow(base, static_cast<long>(exponents[k])));
    }
    terms.push_back(product(std::move(factors)));
  }
  return sum(std::move(terms));
}

// Terms that are subtracted from the others wherever c stands, so far as the form shows.
int subtracted(const Dictionary& p) {
  int positive = 0;
  int negative = 0;
  for (const auto& [exponents, coefficient] : p) {
    if (exponents[Ring::c] % 2 == 0) ++(coefficient.sign() < 0 ? negative : positive);
  }
  return std::min(positive, negative);
}

// c² = ab − d where a term is subtracted (sign < 0), where it is not (sign > 0), or everywhere (0).
Dictionary without_square(Dictionary p, int sign) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [exponents, coefficient] : p) {
      if (exponents[Ring::c] < 2 || coefficient.sign() * sign < 0) continue;
      const Exponents old = exponents;
      const Rational factor = coefficient;
      p.erase(old);
      Exponents next = old;
      next[Ring::c] -= 2;
      ++next[Ring::a];
      ++next[Ring::b];
      add(p, next, factor);
      next = old;
      next[Ring::c] -= 2;
      ++next.back();
      add(p, next, -factor);
      changed = true;
      break;
    }
  }
  return p;
}

// ab = c² + d everywhere.
Dictionary without_product(Dictionary p) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [exponents, coefficient] : p) {
      if (exponents[Ring::a] == 0 || exponents[Ring::b] == 0) continue;
      const Exponents old = exponents;
      const Rational factor = coefficient;
      p.erase(old);
      Exponents next = old;
      --next[Ring::a];
      --next[Ring::b];
      next[Ring::c] += 2;
      add(p, next, factor);
      next[Ring::c] -= 2;
      ++next.back();
      add(p, next, factor);
      changed = true;
      break;
    }
  }
  return p;
}

struct Candidate {
  Expr form;
  int subtracted = 0;
};

bool better(const Candidate& x, const Candidate& y) {
  if (x.subtracted != y.subtracted) return x.subtracted < y.subtracted;
  return x.form.tree_size() < y.form.tree_size();
}

void offer(std::optional<Candidate>& best, Candidate candidate) {
  if (!best || better(candidate, *best)) best = std::move(candidate);
}

Candidate stable_polynomial(const Polynomial& p) {
  const Dictionary plain = dictionary(p);
  std::optional<Candidate> best;
  for (const Dictionary& form : {plain, without_square(plain, -1), without_product(plain), without_square(plain, 0)}) {
    offer(best, {expression(form, p.ring()), subtracted(form)});
  }
  return *best;
}

Expr product_of(const Ring& ring, const Factors& factors);

// An author takes (1 + a)(1 + b) − c² even where it is this many nodes longer.
constexpr std::uint64_t slack = 3;

// (1 + a)(1 + b) − c²: the part free of c factored, if that is shorter.
Expr author_polynomial(const Polynomial& p) {
  const Expr plain = expression(dictionary(p), p.ring());
  if (!p.depends_on(Ring::c) || !p.depends_on(Ring::a)) return plain;
  std::vector<Polynomial::Monomial> with;
  std::vector<Polynomial::Monomial> without;
  for (const Polynomial::Monomial& m : p.monomials()) (m.exponents[Ring::c] > 0 ? with : without).push_back(m);
  const Polynomial rest = Polynomial::from_monomials(p.ring(), without);
  if (without.size() < 2) return plain;
  const Expr grouped = product_of(p.ring(), p.ring().factor(rest)) +
                       expression(dictionary(Polynomial::from_monomials(p.ring(), with)), p.ring());
  return grouped.tree_size() <= plain.tree_size() + slack ? grouped : plain;
}

Candidate polynomial_candidate(const Polynomial& p, Style style) {
  return style == Style::stable ? stable_polynomial(p) : Candidate{author_polynomial(p), 0};
}

Candidate product_candidate(const Ring& ring, const Factors& factors, Style style) {
  Candidate result{factors.content, 0};
  for (const auto& [id, exponent] : factors.powers) {
    const Candidate base = polynomial_candidate(ring.irreducible(id), style);
    result.form *= pow(base.form, exponent);
    result.subtracted += base.subtracted;
  }
  return result;
}

Expr product_of(const Ring& ring, const Factors& factors) {
  return product_candidate(ring, factors, Style::author).form;
}

Factors denominator_of(const Fraction& x) {
  Factors result{1, x.denominator()};
  for (auto& [id, exponent] : result.powers) exponent = -exponent;
  return result;
}

// Multiplied out, or as a product of irreducible factors.
Candidate numerator_candidate(const Polynomial& p, Style style) {
  std::optional<Candidate> best;
  offer(best, product_candidate(p.ring(), p.ring().factor(p), style));
  if (style == Style::stable) {
    offer(best, stable_polynomial(p));
  } else {
    offer(best, {expression(dictionary(p), p.ring()), 0});
  }
  return *best;
}

Candidate plain_fraction(const Fraction& x, Style style) {
  Candidate result = numerator_candidate(x.numerator(), style);
  const Candidate denominator = product_candidate(x.ring(), denominator_of(x), style);
  return {result.form * denominator.form, result.subtracted + denominator.subtracted};
}

Polynomial determinant(const Ring& ring) {
  const Polynomial c = ring.variable(Ring::c);
  return ring.variable(Ring::a) * ring.variable(Ring::b) - c * c;
}

// x = q d + r, q a polynomial: d (1 + 1/A) rather than one fraction.
std::optional<Candidate> split_at_determinant(const Fraction& x, Style style) {
  if (x.denominator().empty()) return std::nullopt;
  const Ring& ring = x.ring();
  const Polynomial d = determinant(ring);
  Polynomial step = d;
  for (const auto& [id, exponent] : x.denominator()) step = step * power(ring.irreducible(id), exponent);
  const Polynomial quotient = quotient_by(x.numerator(), step);
  if (quotient.is_zero()) return std::nullopt;
  const Candidate multiple = numerator_candidate(quotient * d, style);
  const Fraction rest = x - Fraction(quotient * d);
  const Candidate remainder = rest.is_zero() ? Candidate{} : plain_fraction(rest, style);
  return Candidate{multiple.form + remainder.form, multiple.subtracted + remainder.subtracted};
}

// Each power of c over the denominator, cancelled on its own.
std::optional<Candidate> split_by_covariance(const Fraction& x) {
  if (x.denominator().empty() || !x.numerator().depends_on(Ring::c)) return std::nullopt;
  const Ring& ring = x.ring();
  std::map<unsigned long, std::vector<Polynomial::Monomial>> parts;
  for (const Polynomial::Monomial& m : x.numerator().monomials()) parts[m.exponents[Ring::c]].push_back(m);
  if (parts.size() < 2) return std::nullopt;
  const Fraction over = Fraction::from_factors(ring, denominator_of(x));
  std::vector<Expr> terms;
  for (const auto& [power_of_c, monomials] : parts) {
    terms.push_back(plain_fraction(Fraction(Polynomial::from_monomials(ring, monomials)) * over, Style::author).form);
  }
  return Candidate{sum(std::move(terms)), 0};
}

Candidate fraction_candidate(const Fraction& x, Style style) {
  std::optional<Candidate> best;
  offer(best, plain_fraction(x, style));
  if (auto split = split_at_determinant(x, style)) offer(best, std::move(*split));
  if (style == Style::author) {
    if (auto split = split_by_covariance(x)) offer(best, std::move(*split));
  }
  return *best;
}

// √(…) of the radicand, above or below the line.
Expr written_term(const Radicand& radicand, const Fraction& x, Style style) {
  if (radicand.empty()) return fraction_candidate(x, style).form;
  const Ring& ring = x.ring();
  Fraction rest = x;
  std::vector<Expr> above;
  std::vector<Expr> below;
  for (const int id : radicand) {
    const Expr base = polynomial_candidate(ring.irreducible(id), style).form;
    const auto& denominator = rest.denominator();
    const bool divides =
        std::any_of(denominator.begin(), denominator.end(), [id](const auto& p) { return p.first == id; });
    if (divides) rest = rest * Fraction(ring.irreducible(id));
    (divides ? below : above).push_back(base);
  }
  Expr result = fraction_candidate(rest, style).form;
  if (!above.empty()) result *= sqrt(product(std::move(above)));
  if (!below.empty()) result /= sqrt(product(std::move(below)));
  return result;
}

}  // namespace

Expr written(const Polynomial& p, Style style) {
  return polynomial_candidate(p, style).form;
}
Expr written(const Fraction& x, Style style) {
  return fraction_candidate(x, style).form;
}
Expr written(const Surd& x, Style style) {
  std::vector<Expr> terms;
  for (const auto& [radicand, coefficient] : x.terms()) terms.push_back(written_term(radicand, coefficient, style));
  return sum(std::move(terms));
}

int sign_of(const Surd& x) {
  const auto value = x.fraction();
  return value ? x.ring().sign(value->numerator()) : Signs().hint(written(x));
}

}  // namespace nke::detail
