// SPDX-License-Identifier: Apache-2.0
#include "polynomial_surd.hpp"

#include <algorithm>
#include <optional>

namespace nke::detail {
namespace {

using Powers = std::vector<std::pair<int, int>>;

void multiply_into(Powers& powers, int id, int exponent) {
  const auto place = std::lower_bound(powers.begin(), powers.end(), std::pair(id, 0),
                                      [](const auto& x, const auto& y) { return x.first < y.first; });
  if (place == powers.end() || place->first != id) {
    powers.insert(place, {id, exponent});
  } else if ((place->second += exponent) == 0) {
    powers.erase(place);
  }
}

int exponent_of(const Powers& powers, int id) {
  for (const auto& [other, exponent] : powers) {
    if (other == id) return exponent;
  }
  return 0;
}

// Π over the powers of `all` that `part` lacks.
Polynomial missing(const Ring& ring, const Powers& all, const Powers& part) {
  Polynomial result(ring, 1);
  for (const auto& [id, exponent] : all) {
    result = result * power(ring.irreducible(id), exponent - exponent_of(part, id));
  }
  return result;
}

}  // namespace

std::optional<Rational> Fraction::constant() const {
  return denominator_.empty() ? numerator_.constant() : std::nullopt;
}

bool Fraction::depends_on(int generator) const {
  return numerator_.depends_on(generator) ||
         std::any_of(denominator_.begin(), denominator_.end(),
                     [&](const auto& power) { return ring().irreducible(power.first).depends_on(generator); });
}

void Fraction::cancel() {
  if (numerator_.is_zero()) denominator_.clear();
  for (auto& [id, exponent] : denominator_) {
    while (exponent > 0) {
      auto quotient = numerator_.divided_by(ring().irreducible(id));
      if (!quotient) break;
      numerator_ = std::move(*quotient);
      --exponent;
    }
  }
  std::erase_if(denominator_, [](const auto& power) { return power.second == 0; });
}

Fraction operator+(const Fraction& x, const Fraction& y) {
  if (x.is_zero()) return y;
  if (y.is_zero()) return x;
  const Ring& ring = x.ring();
  Powers common = x.denominator_;
  for (const auto& [id, exponent] : y.denominator_) {
    const int more = exponent - exponent_of(common, id);
    if (more > 0) multiply_into(common, id, more);
  }
  Fraction result(x.numerator_ * missing(ring, common, x.denominator_) +
                  y.numerator_ * missing(ring, common, y.denominator_));
  result.denominator_ = std::move(common);
  result.cancel();
  return result;
}

Fraction operator*(const Fraction& x, const Fraction& y) {
  Fraction result(x.numerator_ * y.numerator_);
  result.denominator_ = x.denominator_;
  for (const auto& [id, exponent] : y.denominator_) multiply_into(result.denominator_, id, exponent);
  if (!result.denominator_.empty()) result.cancel();
  return result;
}

Fraction operator*(const Rational& r, Fraction x) {
  x.numerator_ = r * x.numerator_;
  if (r.is_zero()) x.denominator_.clear();
  return x;
}

Factors Fraction::factors() const {
  Factors result = ring().factor(numerator_);
  for (const auto& [id, exponent] : denominator_) multiply_into(result.powers, id, -exponent);
  return result;
}

Fraction Fraction::from_factors(const Ring& ring, const Factors& factors) {
  Fraction result(ring, factors.content);
  for (const auto& [id, exponent] : factors.powers) {
    if (exponent > 0) {
      result.numerator_ = result.numerator_ * power(ring.irreducible(id), exponent);
    } else {
      const Polynomial& p = ring.irreducible(id);
      if (const auto prime = p.constant()) {
        result.numerator_ = pow(*prime, exponent) * result.numerator_;
      } else {
        multiply_into(result.denominator_, id, -exponent);
      }
    }
  }
  return result;
}

Fraction Fraction::inverse() const {
  Factors turned = factors();
  turned.content = Rational(1) / turned.content;
  for (auto& [id, exponent] : turned.powers) exponent = -exponent;
  return from_factors(ring(), turned);
}

std::pair<Fraction, Fraction> Fraction::parts() const {
  auto [real, imaginary] = numerator_.parts();
  Fraction first(std::move(real));
  Fraction second(std::move(imaginary));
  first.denominator_ = denominator_;
  second.denominator_ = denominator_;
  first.cancel();
  second.cancel();
  return {first, second};
}

Fraction Fraction::renamed(int from, int to) const {
  Fraction result(numerator_.renamed(from, to));
  for (const auto& [id, exponent] : denominator_) {
    const Fraction factor(ring().irreducible(id).renamed(from, to));
    for (int k = 0; k < exponent; ++k) result = result / factor;
  }
  return result;
}

Surd::Surd(const Fraction& x) : ring_(&x.ring()) {
  add({}, x);
}
Surd::Surd(const Ring& ring, Radicand radicand, const Fraction& coefficient) : ring_(&ring) {
  add(radicand, coefficient);
}

void Surd::add(const Radicand& radicand, const Fraction& coefficient) {
  if (coefficient.is_zero()) return;
  const auto [place, fresh] = terms_.try_emplace(radicand, coefficient);
  if (fresh) return;
  place->second = place->second + coefficient;
  if (place->second.is_zero()) terms_.erase(place);
}

std::optional<Fraction> Surd::fraction() const {
  if (terms_.empty()) return Fraction(*ring_);
  if (terms_.size() > 1 || !terms_.begin()->first.empty()) return std::nullopt;
  return terms_.begin()->second;
}

std::optional<Rational> Surd::constant() const {
  const auto value = fraction();
  return value ? value->constant() : std::nullopt;
}

bool Surd::depends_on(int generator) const {
  return std::any_of(terms_.begin(), terms_.end(), [&](const auto& term) {
    return term.second.depends_on(generator) || std::any_of(term.first.begin(), term.first.end(), [&](int id) {
             return ring_->irreducible(id).depends_on(generator);
           });
  });
}

Surd operator+(const Surd& x, const Surd& y) {
  Surd result = x;
  for (const auto& [radicand, coefficient] : y.terms_) result.add(radicand, coefficient);
  return result;
}

Surd operator*(const Surd& x, const Surd& y) {
  Surd result(*x.ring_);
  for (const auto& [r, p] : x.terms_) {
    for (const auto& [s, q] : y.terms_) {
      Radicand shared;
      Radicand rest;
      std::set_intersection(r.begin(), r.end(), s.begin(), s.end(), std::back_inserter(shared));
      std::set_symmetric_difference(r.begin(), r.end(), s.begin(), s.end(), std::back_inserter(rest));
      Fraction coefficient = p * q;
      for (const int id : shared) coefficient = coefficient * Fraction(x.ring_->irreducible(id));
      result.add(rest, coefficient);
    }
  }
  return result;
}

Surd operator*(const Rational& r, const Surd& x) {
  Surd result(*x.ring_);
  for (const auto& [radicand, coefficient] : x.terms_) result.add(radicand, r * coefficient);
  return result;
}

std::optional<Surd> Surd::inverse() const {
  if (terms_.size() != 1) return std::nullopt;
  const auto& [radicand, coefficient] = *terms_.begin();
  Fraction under(*ring_, 1);
  for (const int id : radicand) under = under * Fraction(ring_->irreducible(id));
  return Surd(*ring_, radicand, (coefficient * under).inverse());
}

std::pair<Surd, Surd> Surd::parts() const {
  std::pair<Surd, Surd> result{Surd(*ring_), Surd(*ring_)};
  for (const auto& [radicand, coefficient] : terms_) {
    const auto [real, imaginary] = coefficient.parts();
    result.first.add(radicand, real);
    result.second.add(radicand, imaginary);
  }
  return result;
}

Surd Surd::renamed(int from, int to) const {
  Surd result(*ring_);
  for (const auto& [radicand, coefficient] : terms_) {
    Surd term(coefficient.renamed(from, to));
    for (const int id : radicand) {
      const Polynomial p = ring_->irreducible(id).renamed(from, to);
      Factors factors = ring_->factor(p);
      std::vector<int> ignored;
      term = term * square_root(Fraction::from_factors(*ring_, factors), ignored);
    }
    result = result + term;
  }
  return result;
}

int Surd::leading_sign() const {
  if (terms_.empty()) return 0;
  return terms_.begin()->second.numerator().monomials().front().coefficient.sign();
}

bool has_determinant_below(const Surd& x) {
  const Ring& ring = x.ring();
  const Polynomial c = ring.variable(Ring::c);
  const Polynomial d = ring.variable(Ring::a) * ring.variable(Ring::b) - c * c;
  return std::any_of(x.terms().begin(), x.terms().end(), [&](const auto& term) {
    const auto& denominator = term.second.denominator();
    return std::any_of(denominator.begin(), denominator.end(),
                       [&](const auto& power) { return ring.irreducible(power.first) == d; });
  });
}

Surd square_root(const Fraction& x, std::vector<int>& assumed) {
  const Ring& ring = x.ring();
  Factors factors = x.factors();
  // The content p/q is p·q/q².
  const Rational numerator = factors.content.numerator();
  const Rational denominator = factors.content.denominator();
  if (numerator.sign() <= 0) throw DomainError("a derivation needs the square root of a negative expression");
  for (const auto& [prime, exponent] : ring.factor_integer(numerator * denominator)) {
    multiply_into(factors.powers, prime, exponent);
  }
  factors.content = Rational(1) / denominator;
  Radicand radicand;
  for (auto& [id, exponent] : factors.powers) {
    const Polynomial& p = ring.irreducible(id);
    if (!p.constant() && Ring::only_parameters(p)) assumed.push_back(id);
    if (exponent % 2 != 0) {
      radicand.push_back(id);
      --exponent;  // √p · p^(n−1), also for n < 0
    }
    exponent /= 2;
  }
  std::erase_if(factors.powers, [](const auto& power) { return power.second == 0; });
  return Surd(ring, radicand, Fraction::from_factors(ring, factors));
}

}  // namespace nke::detail
