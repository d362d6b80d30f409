// SPDX-License-Identifier: Apache-2.0
// Common factors in front of a sum, and of parts of it.
#include <algorithm>
#include <optional>

#include "author.hpp"

namespace nke::detail {
namespace {

using Powers = std::vector<std::pair<Expr, Rational>>;

// A term as number · Π base^exponent. Bases are positive or exponents whole, so that exponents may be added.
struct Parted {
  Rational number = 1;
  Powers powers;
};

Parted parted(const Expr& term) {
  Parted result;
  const auto [number, rest] = split_coefficient(term);
  result.number = number;
  const auto factors = rest.is(Expr::Kind::product) ? rest.operands() : std::span(&rest, 1);
  for (const Expr& factor : factors) {
    if (!factor.is_one()) result.powers.push_back(split_power(factor));
  }
  return result;
}

Expr joined(const Parted& term) {
  std::vector<Expr> factors{Expr(term.number)};
  for (const auto& [base, exponent] : term.powers) factors.push_back(pow(base, exponent));
  return product(std::move(factors));
}

const Rational* exponent_of(const Parted& term, const Expr& base) {
  for (const auto& [other, exponent] : term.powers) {
    if (other == base) return &exponent;
  }
  return nullptr;
}

void divide(Parted& term, const Parted& factor) {
  term.number /= factor.number;
  for (const auto& [base, exponent] : factor.powers) {
    for (auto& [other, mine] : term.powers) {
      if (other == base) mine -= exponent;
    }
  }
  std::erase_if(term.powers, [](const auto& power) { return power.second.is_zero(); });
}

Rational common_number(const Rational& x, const Rational& y) {
  mpz_class above;
  mpz_class below;
  mpz_gcd(above.get_mpz_t(), x.value().get_num_mpz_t(), y.value().get_num_mpz_t());
  mpz_lcm(below.get_mpz_t(), x.value().get_den_mpz_t(), y.value().get_den_mpz_t());
  mpq_class q(above, below);
  q.canonicalize();
  return Rational(q);
}

// Exponents of which one is part of the other: 1 and 2, −1/2 and −3/2, but not 1/2 and 1.
bool compatible(const Rational& p, const Rational& q) {
  return p.sign() == q.sign() && (p - q).is_integer();
}

using Chosen = std::vector<const Parted*>;

Chosen all_of(const std::vector<Parted>& terms) {
  Chosen all;
  for (const Parted& term : terms) all.push_back(&term);
  return all;
}

Parted common_factor(const Chosen& terms) {
  Parted common = *terms.front();
  for (const Parted* chosen : terms) {
    const Parted& term = *chosen;
    common.number = common_number(common.number, term.number);
    std::erase_if(common.powers, [&term](auto& power) {
      const Rational* other = exponent_of(term, power.first);
      if (other == nullptr || !compatible(*other, power.second)) return true;
      if (abs(*other) < abs(power.second)) power.second = *other;
      return false;
    });
  }
  common.number = abs(common.number);
  const bool negative = std::all_of(terms.begin(), terms.end(), [](const Parted* p) { return p->number.sign() < 0; });
  if (negative) common.number = -common.number;
  return common;
}

Expr sum_of(const std::vector<Parted>& terms) {
  std::vector<Expr> result;
  for (const Parted& term : terms) result.push_back(joined(term));
  return sum(std::move(result));
}

Expr factored(std::vector<Parted> terms);

struct Split {
  Chosen inside;  // those that share a base
  Chosen outside;
};
std::vector<Parted> copied(const Chosen& terms) {
  std::vector<Parted> result;
  for (const Parted* term : terms) result.push_back(*term);
  return result;
}

// The terms that share one base, where writing it once saves most; nothing if nothing is saved.
std::optional<Split> best_split(const std::vector<Parted>& terms) {
  constexpr long parentheses = 2;
  std::vector<std::pair<Expr, Rational>> tried;
  std::optional<Split> best;
  long most = 0;
  for (const Parted& term : terms) {
    for (const auto& [base, exponent] : term.powers) {
      const std::pair<Expr, Rational> key(base, exponent);
      if (base.is_number() || std::find(tried.begin(), tried.end(), key) != tried.end()) continue;
      tried.push_back(key);
      Split split;
      for (const Parted& other : terms) {
        const Rational* power = exponent_of(other, base);
        (power != nullptr && compatible(*power, exponent) ? split.inside : split.outside).push_back(&other);
      }
      if (split.inside.size() < 2 || split.outside.empty()) continue;
      const long saved = (static_cast<long>(split.inside.size()) - 1) * (cost(joined(common_factor(split.inside))) + 1);
      if (saved - parentheses <= most) continue;
      most = saved - parentheses;
      best = std::move(split);
    }
  }
  return best;
}

Expr factored(std::vector<Parted> terms) {
  const Expr plain = sum_of(terms);
  if (terms.size() < 2 || !plain.is(Expr::Kind::sum)) return plain;
  const Parted common = common_factor(all_of(terms));
  std::vector<Parted> inner = terms;
  for (Parted& term : inner) divide(term, common);
  const Expr factor = joined(common);
  const long saved = cost(plain) - cost(factor * sum_of(inner));
  if (saved > 0 || (saved == 0 && !common.powers.empty())) return factor * factored(std::move(inner));
  constexpr std::size_t most_terms = 60;  // longer sums nobody reads, and the search takes its time
  if (terms.size() > most_terms) return plain;
  if (auto split = best_split(terms)) {
    std::vector<Parted> grouped = copied(split->outside);
    grouped.push_back(parted(factored(copied(split->inside))));
    return factored(std::move(grouped));
  }
  return plain;
}

}  // namespace

Expr with_common_factors(const std::vector<Expr>& terms) {
  const Expr plain = sum(terms);
  if (!plain.is(Expr::Kind::sum)) return plain;
  std::vector<Parted> parts;
  for (const Expr& term : plain.operands()) parts.push_back(parted(term));
  return factored(std::move(parts));
}

}  // namespace nke::detail
