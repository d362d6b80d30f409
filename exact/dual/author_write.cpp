// SPDX-License-Identifier: Apache-2.0
// Polynomials, fractions and surds as expressions.
#include <algorithm>
#include <array>
#include <functional>
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

// Terms in a, b, c that are subtracted from others, so far as the form shows: odd powers of c may have either sign.
int subtracted(const Dictionary& p) {
  unsigned long least = p.empty() ? 0 : p.begin()->first[Ring::c];
  for (const auto& [exponents, coefficient] : p) least = std::min(least, exponents[Ring::c]);
  int positive = 0;
  int negative = 0;
  bool only_parameters = true;
  for (const auto& [exponents, coefficient] : p) {
    const bool of_covariance =
        exponents[Ring::a] + exponents[Ring::b] + exponents.back() > 0 || exponents[Ring::c] > least;
    only_parameters = only_parameters && !of_covariance;
    if ((exponents[Ring::c] - least) % 2 == 0) ++(coefficient.sign() < 0 ? negative : positive);
  }
  return only_parameters ? 0 : std::min(positive, negative);
}

enum class Where { subtracted, everywhere };

// c² = ab − d, in the terms that are subtracted or in all of them. From high powers of c down, once through.
Dictionary without_square(const Dictionary& p, Where where) {
  std::map<unsigned long, Dictionary, std::greater<>> by_power;
  for (const auto& [exponents, coefficient] : p) by_power[exponents[Ring::c]].emplace(exponents, coefficient);
  Dictionary result;
  while (!by_power.empty()) {
    const auto [power, terms] = *by_power.begin();
    by_power.erase(by_power.begin());
    for (const auto& [exponents, coefficient] : terms) {
      if (power < 2 || (where == Where::subtracted && coefficient.sign() > 0)) {
        result.emplace(exponents, coefficient);
        continue;
      }
      Exponents next = exponents;
      next[Ring::c] -= 2;
      ++next.back();
      add(by_power[power - 2], next, -coefficient);
      --next.back();
      ++next[Ring::a];
      ++next[Ring::b];
      add(by_power[power - 2], next, coefficient);
    }
  }
  return result;
}

// ab = c² + d everywhere.
Dictionary without_product(const Dictionary& p) {
  Dictionary result;
  for (const auto& [exponents, coefficient] : p) {
    const unsigned long n = std::min(exponents[Ring::a], exponents[Ring::b]);
    Exponents next = exponents;
    next[Ring::a] -= n;
    next[Ring::b] -= n;
    next[Ring::c] += 2 * n;
    Rational binomial = coefficient;  // of (c² + d)^n
    for (unsigned long k = 0; k <= n; ++k) {
      add(result, next, binomial);
      if (k == n) break;
      binomial *= Rational(static_cast<long>(n - k), static_cast<long>(k + 1));
      next[Ring::c] -= 2;
      ++next.back();
    }
  }
  return result;
}

struct Candidate {
  Expr form;
  int subtracted = 0;
};

bool better(const Candidate& x, const Candidate& y) {
  if (x.subtracted != y.subtracted) return x.subtracted < y.subtracted;
  return cost(x.form) < cost(y.form);
}

void offer(std::optional<Candidate>& best, Candidate candidate) {
  if (!best || better(candidate, *best)) best = std::move(candidate);
}

// The rewriting that subtracts least, the shortest of those.
Candidate stable_polynomial(const Polynomial& p) {
  const Dictionary plain = dictionary(p);
  const std::array<Dictionary, 4> forms{without_product(plain), without_square(plain, Where::subtracted),
                                        without_square(plain, Where::everywhere), plain};
  const Dictionary* best = &forms.front();
  for (const Dictionary& form : forms) {
    if (std::pair(subtracted(form), form.size()) < std::pair(subtracted(*best), best->size())) best = &form;
  }
  return {expression(*best, p.ring()), subtracted(*best)};
}

Expr product_of(const Ring& ring, const Factors& factors);

// An author takes (1 + a)(1 + b) − c² even where it is this much longer.
constexpr long slack = 2;

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
  return cost(grouped) <= cost(plain) + slack ? grouped : plain;
}

// Found once for each polynomial of a derivation.
Candidate polynomial_candidate(const Polynomial& p, Style style) {
  auto& known = p.ring().written(style == Style::stable ? 1 : 0);
  if (const auto found = known.find(p); found != known.end()) return {found->second.first, found->second.second};
  Candidate form = style == Style::stable ? stable_polynomial(p) : Candidate{author_polynomial(p), 0};
  known.emplace(p, std::pair(form.form, form.subtracted));
  return form;
}

Candidate product_candidate(const Ring& ring, const Factors& factors, Style style) {
  Candidate result;
  Rational content = factors.content;
  std::vector<Expr> powers;
  for (const auto& [id, exponent] : factors.powers) {
    Candidate base = polynomial_candidate(ring.irreducible(id), style);
    // c − 1 for 1 − c where a minus is about.
    if (exponent % 2 != 0 && content.sign() < 0) {
      const Candidate opposite = polynomial_candidate(-ring.irreducible(id), style);
      if (better(opposite, base)) {
        base = opposite;
        content = -content;
      }
    }
    powers.push_back(pow(base.form, exponent));
    result.subtracted += base.subtracted;
  }
  result.form = product({Expr(content), product(std::move(powers))});
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

// How a numerator may be written: a number in front of a sum, or in all its terms.
enum class Numbers { anywhere, in_front };

Candidate multiplied_out(const Polynomial& p, Style style) {
  return style == Style::stable ? stable_polynomial(p) : Candidate{expression(dictionary(p), p.ring()), 0};
}

// Multiplied out, or as a product of irreducible factors.
Candidate numerator_candidate(const Polynomial& p, Style style, Numbers numbers) {
  const Factors factors = p.ring().factor(p);
  std::optional<Candidate> best;
  offer(best, product_candidate(p.ring(), factors, style));
  if (factors.powers.size() > 1) {
    Candidate primitive = multiplied_out((Rational(1) / factors.content) * p, style);
    primitive.form = Expr(factors.content) * primitive.form;
    offer(best, std::move(primitive));
  }
  if (numbers == Numbers::anywhere) offer(best, multiplied_out(p, style));
  return *best;
}

Candidate plain_fraction(const Fraction& x, Style style, Numbers numbers) {
  Candidate result = numerator_candidate(x.numerator(), style, numbers);
  const Candidate denominator = product_candidate(x.ring(), denominator_of(x), style);
  return {result.form * denominator.form, result.subtracted + denominator.subtracted};
}

Polynomial determinant(const Ring& ring) {
  const Polynomial c = ring.variable(Ring::c);
  return ring.variable(Ring::a) * ring.variable(Ring::b) - c * c;
}

// x = q d + r, q a polynomial: d + c²/A rather than one fraction.
std::optional<Candidate> split_at_determinant(const Fraction& x, Style style) {
  if (x.denominator().empty()) return std::nullopt;
  const Ring& ring = x.ring();
  const Polynomial d = determinant(ring);
  Polynomial step = d;
  for (const auto& [id, exponent] : x.denominator()) step = step * power(ring.irreducible(id), exponent);
  const Polynomial quotient = quotient_by(x.numerator(), step);
  if (quotient.is_zero()) return std::nullopt;
  const Candidate multiple = numerator_candidate(quotient * d, style, Numbers::anywhere);
  const Fraction rest = x - Fraction(quotient * d);
  const Candidate remainder = rest.is_zero() ? Candidate{} : plain_fraction(rest, style, Numbers::anywhere);
  return Candidate{with_common_factors({multiple.form, remainder.form}), multiple.subtracted + remainder.subtracted};
}

// x = (q + r/p)/D' for each factor p of the denominator D = p D'.
std::vector<Candidate> split_at_factors(const Fraction& x, Style style) {
  const Ring& ring = x.ring();
  std::vector<Candidate> result;
  for (const auto& [id, exponent] : x.denominator()) {
    const Polynomial& p = ring.irreducible(id);
    const Polynomial quotient = quotient_by(x.numerator(), p);
    if (quotient.is_zero()) continue;
    const Polynomial remainder = x.numerator() - quotient * p;
    if (ring.sign(quotient) * ring.sign(remainder) <= 0) continue;  // 2 − (2 + a)/p for what vanishes at a = 0
    const Fraction rest = Fraction(remainder) / Fraction(p);
    Factors others = denominator_of(x);
    for (auto& [other, power] : others.powers) power += other == id ? 1 : 0;
    std::erase_if(others.powers, [](const auto& power) { return power.second == 0; });
    const Candidate first = numerator_candidate(quotient, style, Numbers::anywhere);
    const Candidate second = plain_fraction(rest, style, Numbers::anywhere);
    const Candidate below = product_candidate(ring, others, style);
    result.push_back({with_common_factors({first.form, second.form}) * below.form,
                      first.subtracted + second.subtracted + below.subtracted});
  }
  return result;
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
    terms.push_back(
        plain_fraction(Fraction(Polynomial::from_monomials(ring, monomials)) * over, Style::author, Numbers::anywhere)
            .form);
  }
  return Candidate{sum(std::move(terms)), 0};
}

// The content and what is free of a, b, c below the line: factors in front, whatever becomes of the rest.
std::pair<Fraction, Fraction> without_constants(const Fraction& x) {
  const Ring& ring = x.ring();
  Factors front{ring.factor(x.numerator()).content, {}};
  for (const auto& [id, exponent] : x.denominator()) {
    if (Ring::only_parameters(ring.irreducible(id))) front.powers.emplace_back(id, -exponent);
  }
  const Fraction constant = Fraction::from_factors(ring, front);
  return {constant, x / constant};
}

// What has more terms nobody reads: no form of it is worth a search.
constexpr std::size_t most_terms = 40;

Candidate fraction_candidate(const Fraction& x, Style style, Numbers numbers) {
  std::optional<Candidate> best;
  offer(best, plain_fraction(x, style, numbers));
  if (x.is_zero() || x.denominator().empty() || x.numerator().length() > most_terms) return *best;
  const auto [constant, rest] = without_constants(x);
  const Expr front = product_of(x.ring(), constant.factors());
  const auto offer_in_front = [&](const std::optional<Candidate>& split) {
    if (split) offer(best, {front * split->form, split->subtracted});
  };
  offer_in_front(split_at_determinant(rest, style));
  for (const Candidate& split : split_at_factors(rest, style)) offer_in_front(split);
  if (style == Style::author) offer_in_front(split_by_covariance(rest));
  return *best;
}

// A term is written some ten times, each time worth a few products.
constexpr std::size_t work_of_writing = 50;

// Found once for each fraction of a derivation: forms are compared before one is taken.
Expr found_fraction(const Fraction& x, Style style, Numbers numbers) {
  const int manner = (style == Style::stable ? 2 : 0) + (numbers == Numbers::in_front ? 1 : 0);
  auto& known = x.ring().written_fractions(manner);
  const Ring::FractionKey key(x.numerator(), x.denominator());
  if (const auto found = known.find(key); found != known.end()) return found->second;
  x.ring().spend(work_of_writing * x.numerator().length());
  return known.emplace(key, fraction_candidate(x, style, numbers).form).first->second;
}

// √(…) of the radicand, above or below the line.
Expr written_term(const Radicand& radicand, const Fraction& x, Style style, Numbers numbers) {
  if (radicand.empty()) return found_fraction(x, style, numbers);
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
  Expr result = found_fraction(rest, style, numbers);
  if (!above.empty()) result *= sqrt(product(std::move(above)));
  if (!below.empty()) result /= sqrt(product(std::move(below)));
  return result;
}

}  // namespace

Expr written(const Polynomial& p, Style style) {
  return polynomial_candidate(p, style).form;
}
Expr written(const Fraction& x, Style style) {
  return found_fraction(x, style, Numbers::anywhere);
}
Expr written(const Surd& x, Style style) {
  std::vector<Expr> terms;
  for (const auto& [radicand, coefficient] : x.terms()) {
    terms.push_back(written_term(radicand, coefficient, style, Numbers::anywhere));
  }
  return sum(std::move(terms));
}
Expr written_factor(const Surd& x, Style style) {
  if (x.terms().size() != 1) return with_common_factors({written(x, style)});
  const auto& [radicand, coefficient] = *x.terms().begin();
  return written_term(radicand, coefficient, style, Numbers::in_front);
}

int sign_of(const Surd& x) {
  const auto value = x.fraction();
  return value ? x.ring().sign(value->numerator()) : Signs().hint(written(x));
}

}  // namespace nke::detail
