// SPDX-License-Identifier: Apache-2.0
// The normal forms of sums and products.
#include <algorithm>

#include <nke/exact/expr/expr.hpp>

#include "expr_node.hpp"
#include "number_powers.hpp"
#include "powers.hpp"

namespace nke {
namespace {

bool in_order(const Expr& a, const Expr& b) {
  return order(a, b) < 0;
}

// An operand that is itself of this kind is replaced by its operands; those are in normal form, so once is enough.
std::vector<Expr> flattened(std::vector<Expr> operands, Expr::Kind kind) {
  const auto nested = [kind](const Expr& e) { return e.is(kind); };
  if (std::none_of(operands.begin(), operands.end(), nested)) return operands;
  std::vector<Expr> flat;
  for (const Expr& operand : operands) {
    if (operand.is(kind)) {
      flat.insert(flat.end(), operand.operands().begin(), operand.operands().end());
    } else {
      flat.push_back(operand);
    }
  }
  return flat;
}

Expr scaled(const Rational& coefficient, const Expr& rest) {
  if (coefficient == Rational(1)) return rest;
  std::vector<Expr> factors;
  factors.reserve(rest.operands().size() + 2);
  factors.emplace_back(coefficient);
  if (rest.is(Expr::Kind::product)) {
    factors.insert(factors.end(), rest.operands().begin(), rest.operands().end());
  } else {
    factors.push_back(rest);
  }
  return raw_node(Expr::Kind::product, 0, std::move(factors));
}

struct Term {
  Expr rest;
  Rational coefficient;
};

// Factors of a product with the numbers taken out.
struct Split {
  NumberPowers numbers;
  std::vector<std::pair<Expr, Rational>> powers;  // base and rational exponent
  bool zero = false;
};

Split split(const std::vector<Expr>& factors) {
  Split result;
  for (const Expr& factor : factors) {
    require_value(factor);
    if (factor.is_number()) {
      result.zero = result.zero || factor.is_zero();
      if (!result.zero) result.numbers.multiply(factor.number());
      continue;
    }
    auto [base, exponent] = split_power(factor);
    if (base.is_number()) {
      result.numbers.multiply(base.number(), exponent);
    } else {
      result.powers.emplace_back(std::move(base), std::move(exponent));
    }
  }
  std::stable_sort(result.powers.begin(), result.powers.end(), [](const auto& a, const auto& b) {
    return a.first == b.first ? a.second < b.second : in_order(a.first, b.first);
  });
  return result;
}

}  // namespace

Expr sum(std::vector<Expr> terms) {
  terms = flattened(std::move(terms), Expr::Kind::sum);
  Rational constant;
  std::vector<Term> collected;
  collected.reserve(terms.size());
  for (const Expr& term : terms) {
    require_value(term);
    if (term.is_number()) {
      constant += term.number();
      require_size(constant);
    } else {
      auto [coefficient, rest] = split_coefficient(term);
      collected.push_back({std::move(rest), std::move(coefficient)});
    }
  }
  std::stable_sort(collected.begin(), collected.end(),
                   [](const Term& a, const Term& b) { return in_order(a.rest, b.rest); });
  std::vector<Expr> result;
  bool nested = false;
  if (!constant.is_zero()) result.emplace_back(constant);
  for (std::size_t i = 0; i < collected.size();) {
    Rational total;
    std::size_t j = i;
    for (; j < collected.size() && collected[j].rest == collected[i].rest; ++j) {
      total += collected[j].coefficient;
      require_size(total);
    }
    if (!total.is_zero()) {
      result.push_back(scaled(total, collected[i].rest));
      nested = nested || result.back().is(Expr::Kind::sum);
    }
    i = j;
  }
  if (nested) return sum(std::move(result));  // 2*(1 + x) - (1 + x) has become 1 + x
  if (result.empty()) return {};
  if (result.size() == 1) return result.front();
  return raw_node(Expr::Kind::sum, 0, std::move(result));
}

Expr product(std::vector<Expr> factors) {
  factors = flattened(std::move(factors), Expr::Kind::product);
  Split parts = split(factors);
  if (parts.zero) return {};
  auto [coefficient, result] = parts.numbers.result();
  bool again = false;  // a power has become something else: exp(1)*exp(1), abs(x)*abs(x)
  for (std::size_t i = 0; i < parts.powers.size();) {
    Rational total;
    bool fractional = false;
    std::size_t j = i;
    for (; j < parts.powers.size() && parts.powers[j].first == parts.powers[i].first; ++j) {
      total += parts.powers[j].second;
      fractional = fractional || !parts.powers[j].second.is_integer();
    }
    const Expr& base = parts.powers[i].first;
    if (j == i + 1) {
      result.push_back(total == Rational(1) ? base : raw_power(base, total));
    } else {
      for (Expr& factor : collected_power(base, total, fractional)) {
        again = again || split_power(factor).first != base;
        result.push_back(std::move(factor));
      }
    }
    i = j;
  }
  if (again) {
    result.emplace_back(coefficient);
    return product(std::move(result));
  }
  std::sort(result.begin(), result.end(), in_order);
  if (result.empty()) return coefficient;
  if (coefficient != Rational(1)) result.insert(result.begin(), Expr(coefficient));
  if (result.size() == 1) return result.front();
  return raw_node(Expr::Kind::product, 0, std::move(result));
}

Expr operator+(const Expr& a, const Expr& b) {
  return sum({a, b});
}
Expr operator-(const Expr& a, const Expr& b) {
  return sum({a, -b});
}
Expr operator*(const Expr& a, const Expr& b) {
  return product({a, b});
}
Expr operator/(const Expr& a, const Expr& b) {
  return product({a, pow(b, -1)});
}
Expr operator-(const Expr& a) {
  return product({Expr(-1), a});
}

Expr& Expr::operator+=(const Expr& other) {
  return *this = *this + other;
}
Expr& Expr::operator-=(const Expr& other) {
  return *this = *this - other;
}
Expr& Expr::operator*=(const Expr& other) {
  return *this = *this * other;
}
Expr& Expr::operator/=(const Expr& other) {
  return *this = *this / other;
}

}  // namespace nke
