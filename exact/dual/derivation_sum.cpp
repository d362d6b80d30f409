// SPDX-License-Identifier: Apache-2.0
#include "derivation_sum.hpp"

#include <nke/exact/expr/print.hpp>
#include <nke/exact/real/error.hpp>

namespace nke::detail {

Sum::Sum(const Surd& x) : ring_(&x.ring()) {
  add({Surd(*ring_), {}}, x);
}

Sum Sum::exponential(const Surd& exponent) {
  Sum result(exponent.ring());
  result.add({exponent, {}}, Surd(exponent.ring(), 1));
  return result;
}

Sum Sum::special(const Ring& ring, Special special) {
  Sum result(ring);
  // atan2(−x, y) = −atan2(x, y)
  const bool turned = special.kind == Special::Kind::angle && special.arguments[0].leading_sign() < 0;
  if (turned) special.arguments[0] = -special.arguments[0];
  result.add({Surd(ring), std::move(special)}, Surd(ring, turned ? -1 : 1));
  return result;
}

void Sum::add(const Basis& basis, const Surd& coefficient) {
  if (coefficient.is_zero()) return;
  const auto [place, fresh] = terms_.try_emplace(basis, coefficient);
  if (fresh) return;
  place->second = place->second + coefficient;
  if (place->second.is_zero()) terms_.erase(place);
}

Sum operator+(Sum x, const Sum& y) {
  for (const auto& [basis, coefficient] : y.terms_) x.add(basis, coefficient);
  return x;
}

Sum operator*(const Surd& factor, const Sum& x) {
  Sum result(*x.ring_);
  for (const auto& [basis, coefficient] : x.terms_) result.add(basis, factor * coefficient);
  return result;
}

Sum operator*(const Rational& r, const Sum& x) {
  return Surd(*x.ring_, r) * x;
}

Sum operator*(const Sum& x, const Sum& y) {
  Sum result(*x.ring_);
  for (const auto& [p, u] : x.terms_) {
    for (const auto& [q, v] : y.terms_) {
      const bool plain = p.special.kind == Special::Kind::none;
      if (!plain && q.special.kind != Special::Kind::none) {
        throw LimitError("a derivation met a product of two special functions");
      }
      result.add({p.exponent + q.exponent, plain ? q.special : p.special}, u * v);
    }
  }
  return result;
}

Sum Sum::renamed(int from, int to) const {
  Sum result(*ring_);
  for (const auto& [basis, coefficient] : terms_) {
    Basis other{basis.exponent.renamed(from, to), {basis.special.kind, {}}};
    for (const Surd& x : basis.special.arguments) other.special.arguments.push_back(x.renamed(from, to));
    result.add(other, coefficient.renamed(from, to));
  }
  return result;
}

Sum unit_wave(const Surd& phase) {
  const Ring& ring = phase.ring();
  const Surd imaginary(Fraction(ring.variable(Ring::i)));
  const int pi_index = *ring.find(pi());
  const auto value = phase.fraction();
  if (!value || !value->denominator().empty()) return Sum::exponential(imaginary * phase);
  Rational turns;  // of π
  for (const Polynomial::Monomial& m : value->numerator().monomials()) {
    unsigned long degree = 0;
    for (const unsigned long e : m.exponents) degree += e;
    if (degree == 1 && m.exponents[static_cast<std::size_t>(pi_index)] == 1) turns = m.coefficient;
  }
  const Rational eighths = floor(turns * Rational(4));
  const Surd rest = phase - Surd((eighths / Rational(4)) * Fraction(ring.variable(pi_index)));
  const long k = *(eighths - Rational(8) * floor(eighths / Rational(8))).to_long();
  Surd unit(ring, 1);
  for (long j = 0; j < k / 2; ++j) unit = unit * imaginary;
  if (k % 2 == 1) {
    std::vector<int> none;
    unit = unit * (Surd(ring, 1) + imaginary) * square_root(Fraction(ring, Rational(1, 2)), none);
  }
  return unit * Sum::exponential(imaginary * rest);
}

namespace {

Sum converted(const Ring& ring, const Expr& e, std::vector<int>& assumed, bool with_exponentials);

[[noreturn]] void cannot_write(const Expr& e) {
  throw LimitError("a derivation cannot write " + to_text(e) + " with the generators it has");
}

Sum generator(const Ring& ring, const Expr& e) {
  const auto k = ring.find(e);
  if (!k) cannot_write(e);
  return Surd(Fraction(ring.variable(*k)));
}

Surd power_of(const Surd& x, long n) {
  Surd result(x.ring(), 1);
  for (long k = 0; k < n; ++k) result = result * x;
  return result;
}

Sum converted_power(const Ring& ring, const Expr& e, std::vector<int>& assumed, bool with_exponentials) {
  const Sum base = converted(ring, e.operand(0), assumed, with_exponentials);
  const Rational& exponent = e.operand(1).number();
  if (exponent.is_integer() && exponent.sign() > 0) {
    Sum result = Surd(ring, 1);
    for (Rational k; k < exponent; k += Rational(1)) result = result * base;
    return result;
  }
  if (base.terms().size() != 1) return generator(ring, e);
  const auto& [basis, coefficient] = *base.terms().begin();
  const long twice = *(exponent * Rational(2)).to_long();
  const long n = twice < 0 ? -twice : twice;
  std::optional<Surd> root;
  if (n % 2 == 0) {
    if (const auto inverse = coefficient.inverse()) root = power_of(*inverse, n / 2);
  } else if (const auto plain = coefficient.fraction()) {
    root = power_of(square_root(twice < 0 ? plain->inverse() : *plain, assumed), n);
  }
  if (!root) return generator(ring, e);
  return *root * Sum::exponential(exponent * basis.exponent);
}

// |u|: the positive one of ±u, a product of positive factors.
Sum absolute(const Ring& ring, const Surd& u, std::vector<int>& assumed) {
  const auto value = u.fraction();
  if (!value) return Rational(u.leading_sign()) * Sum(u);
  const Factors factors = value->factors();
  for (const auto& [id, exponent] : factors.powers) {
    if (exponent % 2 != 0 && Ring::only_parameters(ring.irreducible(id))) assumed.push_back(id);
  }
  return Rational(factors.content.sign()) * Sum(u);
}

// exp(3) as e³ if e is a generator, because a threshold or an exponent is e.
std::optional<Sum> power_of_e(const Ring& ring, const Expr& e) {
  const auto index = ring.find(euler());
  const Expr exponent = e == euler() ? Expr(1) : e.is(Function::exp) ? e.operand(0) : Expr(0);
  if (!index || !exponent.is_number() || !exponent.number().is_integer() || exponent.is_zero()) return std::nullopt;
  const Surd base(Fraction(ring.variable(*index)));
  const auto n = exponent.number().to_long();
  constexpr long largest = 100;
  if (!n || *n > largest || *n < -largest) return std::nullopt;
  return *n > 0 ? power_of(base, *n) : power_of(*base.inverse(), -*n);
}

Sum converted(const Ring& ring, const Expr& e, std::vector<int>& assumed, bool with_exponentials) {
  if (auto power = power_of_e(ring, e)) return *power;
  const bool transcendental = e == euler() || e.is(Function::exp);
  const auto known = transcendental ? ring.find(e) : std::nullopt;
  if (known || !is_composed(e, with_exponentials)) return generator(ring, e);
  switch (e.kind()) {
    case Expr::Kind::number: return Surd(ring, e.number());
    case Expr::Kind::constant: return Sum::exponential(Surd(ring, 1));  // e
    case Expr::Kind::sum: {
      Sum total(ring);
      for (const Expr& term : e.operands()) {
        total = std::move(total) + converted(ring, term, assumed, with_exponentials);
      }
      return total;
    }
    case Expr::Kind::product: {
      Sum total = Surd(ring, 1);
      for (const Expr& factor : e.operands()) total = total * converted(ring, factor, assumed, with_exponentials);
      return total;
    }
    case Expr::Kind::power: return converted_power(ring, e, assumed, with_exponentials);
    default: break;
  }
  const Surd argument = to_surd(ring, e.operand(0), assumed);
  return e.is(Function::abs) ? absolute(ring, argument, assumed) : Sum::exponential(argument);
}

}  // namespace

Sum to_sum(const Ring& ring, const Expr& e, std::vector<int>& assumed) {
  return converted(ring, e, assumed, true);
}

Surd to_surd(const Ring& ring, const Expr& e, std::vector<int>& assumed) {
  const Sum value = converted(ring, e, assumed, false);
  return value.is_zero() ? Surd(ring) : value.terms().begin()->second;
}

}  // namespace nke::detail
