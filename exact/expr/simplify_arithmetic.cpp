// SPDX-License-Identifier: Apache-2.0
// Rules for sums, products and powers.
#include <algorithm>
#include <optional>

#include "simplify_rules.hpp"

namespace nke {
namespace {

// u with e = c + c*exp(u), and c.
struct OnePlusExp {
  Rational scale;
  Expr exponent;
};

std::optional<OnePlusExp> as_one_plus_exp(const Expr& e) {
  if (!e.is(Expr::Kind::sum) || e.operands().size() != 2 || !e.operand(0).is_number()) return std::nullopt;
  const auto [coefficient, rest] = split_coefficient(e.operand(1));
  if (!rest.is(Function::exp) || coefficient != e.operand(0).number()) return std::nullopt;
  return OnePlusExp{coefficient, rest.operand(0)};
}

// 1 − f(u) without the cancellation, for those f that have such a form.
std::optional<Expr> complement(const Expr& f) {
  if (f.is(Function::sigmoid)) return sigmoid(-f.operand(0));
  if (f.is(Function::Phi)) return Phi(-f.operand(0));
  if (f.is(Function::erf)) return erfc(f.operand(0));
  return std::nullopt;
}

// c − c*f(u) = c*(1 − f(u)): 1 − sigmoid(x) has no correct digit at x = 40, sigmoid(−x) has them all.
std::optional<Expr> without_cancellation(const Expr& e) {
  if (!e.operand(0).is_number()) return std::nullopt;
  const Rational constant = e.operand(0).number();
  for (std::size_t i = 1; i < e.operands().size(); ++i) {
    const auto [coefficient, rest] = split_coefficient(e.operand(i));
    if (coefficient != -constant) continue;
    if (const auto better = complement(rest)) {
      std::vector<Expr> terms(e.operands().begin() + 1, e.operands().end());
      terms[i - 1] = Expr(constant) * *better;
      return sum(std::move(terms));
    }
  }
  return std::nullopt;
}

// exp(w)*sigmoid(v)^k with w = −n v: e^(−v) sigmoid(v) is sigmoid(−v), which does not overflow.
std::optional<Expr> absorb_into_sigmoid(const Expr& exponential, const Expr& base, const Rational& power) {
  if (!base.is(Function::sigmoid) || !power.is_integer() || power.sign() <= 0) return std::nullopt;
  const auto [outer, direction] = split_coefficient(exponential.operand(0));
  const auto [inner, same_direction] = split_coefficient(base.operand(0));
  Rational ratio;
  if (direction == same_direction) {
    ratio = -outer / inner;
  } else if (exponential.operand(0) == -base.operand(0)) {
    ratio = 1;
  } else {
    return std::nullopt;
  }
  if (!ratio.is_integer() || ratio.sign() <= 0) return std::nullopt;
  const Rational used = std::min(ratio, power);
  const Expr& v = base.operand(0);
  return product({exp(exponential.operand(0) + Expr(used) * v), pow(sigmoid(-v), used), pow(base, power - used)});
}

// sign(u)*u is |u|, and sign(u)*|u| is u.
std::optional<Expr> absorb_sign(const Expr& sign_factor, const Expr& other) {
  const Expr& u = sign_factor.operand(0);
  if (other == u) return abs(u);
  if (other == abs(u)) return u;
  return std::nullopt;
}

// Factors i and j of a product replaced by one expression.
Expr with_pair_replaced(const Expr& e, std::size_t i, std::size_t j, const Expr& replacement) {
  std::vector<Expr> factors{replacement};
  for (std::size_t k = 0; k < e.operands().size(); ++k) {
    if (k != i && k != j) factors.push_back(e.operand(k));
  }
  return product(std::move(factors));
}

// One exponential is shorter than two, and what cancels in the exponent cannot overflow.
std::optional<Expr> with_exponentials_merged(const Expr& e) {
  std::vector<Expr> exponents;
  std::vector<Expr> others;
  for (const Expr& factor : e.operands()) {
    const auto [base, power] = split_power(factor);
    if (base.is(Function::exp)) {
      exponents.push_back(Expr(power) * base.operand(0));
    } else if (base == euler()) {
      exponents.emplace_back(power);
    } else {
      others.push_back(factor);
    }
  }
  if (exponents.size() < 2) return std::nullopt;
  others.push_back(exp(sum(std::move(exponents))));
  return product(std::move(others));
}

}  // namespace

Expr simplify_sum(const Expr& e) {
  if (const auto better = without_cancellation(e)) return *better;
  // 2*(1 + x) − 2 is 2*x: a number times a sum is multiplied out among other terms, so that like terms meet.
  std::vector<Expr> terms;
  bool changed = false;
  for (const Expr& term : e.operands()) {
    const auto [coefficient, rest] = split_coefficient(term);
    if (rest.is(Expr::Kind::sum)) {
      for (const Expr& inner : rest.operands()) terms.push_back(Expr(coefficient) * inner);
      changed = true;
    } else {
      terms.push_back(term);
    }
  }
  return changed ? sum(std::move(terms)) : e;
}

Expr simplify_product(const Expr& e) {
  if (const auto merged = with_exponentials_merged(e)) return *merged;
  const auto factors = e.operands();
  for (std::size_t i = 0; i < factors.size(); ++i) {
    const bool exponential = factors[i].is(Function::exp);
    if (!exponential && !factors[i].is(Function::sign)) continue;
    for (std::size_t j = 0; j < factors.size(); ++j) {
      if (i == j) continue;
      const auto [base, power] = split_power(factors[j]);
      const auto better =
          exponential ? absorb_into_sigmoid(factors[i], base, power) : absorb_sign(factors[i], factors[j]);
      if (better) return with_pair_replaced(e, i, j, *better);
    }
  }
  return e;
}

Expr simplify_power(const Expr& e) {
  const Expr& base = e.operand(0);
  if (!e.is_rational_power()) return e;
  const Rational& r = e.operand(1).number();
  if (base.is(Function::exp)) return exp(Expr(r) * base.operand(0));  // valid for every real r: exp is positive
  if (r.is_integer() && r.sign() < 0) {
    if (const auto parts = as_one_plus_exp(base)) {  // 1/(1 + e^u) is sigmoid(−u), which does not overflow
      return pow(parts->scale, r) * pow(sigmoid(-parts->exponent), -r);
    }
  }
  return e;
}

}  // namespace nke
