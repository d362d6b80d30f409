// SPDX-License-Identifier: Apache-2.0
// How long is a formula on paper?
#include <algorithm>
#include <unordered_map>

#include "author.hpp"

namespace nke::detail {
namespace {

long digits(const Rational& q) {
  const long above = std::max<long>(1, static_cast<long>(q.numerator().bit_size()) / 4);
  return q.is_integer() ? above : above + 1 + static_cast<long>(q.denominator().bit_size()) / 4;
}

long number_cost(const Rational& q) {
  return digits(abs(q)) + (q.sign() < 0 ? 1 : 0);
}

// Operands and the signs between them; a sum inside a product or a power is worth its parentheses.
long operand_cost(const Expr& e, bool parentheses) {
  return cost(e) + (parentheses && e.is(Expr::Kind::sum) ? 1 : 0);
}

long computed_cost(const Expr& e) {
  switch (e.kind()) {
    case Expr::Kind::number: return e.is_zero() ? 0 : number_cost(e.number());
    case Expr::Kind::constant:
    case Expr::Kind::symbol: return 1;
    case Expr::Kind::power: {
      const bool root = e.operand(1) == Expr(Rational(1, 2)) || e.operand(1) == Expr(Rational(-1, 2));
      return operand_cost(e.operand(0), !root) + (root ? 2 : cost(e.operand(1)));
    }
    case Expr::Kind::product: {
      long total = 0;
      for (const Expr& factor : e.operands()) {
        const bool sign_only = factor == Expr(-1);
        total += sign_only ? 1 : 1 + operand_cost(factor, true);
      }
      return total - 1;
    }
    default: {
      long total = e.is(Expr::Kind::function) ? 2 : 0;
      for (const Expr& operand : e.operands()) total += 1 + cost(operand);
      return total - 1;
    }
  }
}

// Forms are compared over and over, each made of parts of the last.
thread_local std::unordered_map<Expr, long> known_costs;
thread_local int measuring = 0;

}  // namespace

KnownCosts::KnownCosts() {
  ++measuring;
}
KnownCosts::~KnownCosts() {
  if (--measuring == 0) known_costs.clear();
}

long cost(const Expr& e) {
  if (measuring == 0 || e.operands().empty()) return computed_cost(e);
  if (const auto found = known_costs.find(e); found != known_costs.end()) return found->second;
  const long result = computed_cost(e);
  known_costs.emplace(e, result);
  return result;
}

}  // namespace nke::detail
