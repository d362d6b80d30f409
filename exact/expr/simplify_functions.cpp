// SPDX-License-Identifier: Apache-2.0
// Rules for functions and piecewise definitions.
#include <algorithm>
#include <optional>

#include <nke/exact/expr/function_table.hpp>

#include "expr_node.hpp"
#include "simplify_rules.hpp"

namespace nke {
namespace {

// −3*x, and −1 − x: what an author would write with the minus outside.
bool is_negated(const Expr& e) {
  if (e.is(Expr::Kind::sum)) return std::all_of(e.operands().begin(), e.operands().end(), is_negated);
  return split_coefficient(e).first.sign() < 0;
}

// −e term by term: the negation of a sum is a sum.
Expr negated(const Expr& e) {
  if (!e.is(Expr::Kind::sum)) return -e;
  std::vector<Expr> terms;
  for (const Expr& term : e.operands()) terms.push_back(-term);
  return sum(std::move(terms));
}

// A product taken apart into its factors known to be positive (or not negative) and the rest, signs included.
struct ByKnownSign {
  Expr known = 1;
  Expr rest = 1;
};

template <class Known>
ByKnownSign split_by_sign(const Expr& u, const Known& known) {
  ByKnownSign parts;
  const auto [coefficient, others] = split_coefficient(u);
  parts.known = Expr(abs(coefficient));
  if (coefficient.sign() < 0) parts.rest = -1;
  const auto factors = others.is(Expr::Kind::product) ? others.operands() : std::span(&others, 1);
  for (const Expr& factor : factors) (known(factor) ? parts.known : parts.rest) *= factor;
  return parts;
}

// |p u| is p|u| for p >= 0; sign(p u) is sign(u) and step(p u) is step(u) for p > 0: switches then show where they act.
std::optional<Expr> simplify_switch(const Expr& e) {
  const Expr& u = e.operand(0);
  if (u.is_number()) return std::nullopt;
  const bool is_abs = e.is(Function::abs);
  const ByKnownSign parts =
      split_by_sign(u, [is_abs](const Expr& factor) { return is_abs ? factor.nonnegative() : factor.positive(); });
  if (parts.known.is_one()) return std::nullopt;
  const Expr inner = apply(e.function(), {parts.rest});
  return is_abs ? parts.known * inner : inner;
}

// max(a, b) is a where a − b >= 0 is plain from its form.
std::optional<Expr> simplify_extremum(const Expr& e) {
  const Expr& a = e.operand(0);
  const Expr& b = e.operand(1);
  const bool larger = e.is(Function::max);
  if ((a - b).nonnegative()) return larger ? a : b;
  if ((b - a).nonnegative()) return larger ? b : a;
  return std::nullopt;
}

std::optional<Expr> simplify_logarithm(const Expr& u) {
  if (u.is(Function::exp)) return u.operand(0);
  if (u.is(Expr::Kind::sum) && u.operands().size() == 2 && u.operand(0).is_one() && u.operand(1).is(Function::exp)) {
    return softplus(u.operand(1).operand(0));  // log(1 + e^u), which overflows at u = 710
  }
  return std::nullopt;
}

// The condition as far as the form of right − left tells.
Truth known_truth(const Expr& relation) {
  const Expr difference = relation.operand(1) - relation.operand(0);
  if (relation.strict() ? difference.positive() : difference.nonnegative()) return Truth::yes;
  const Expr opposite = relation.operand(0) - relation.operand(1);
  if (relation.strict() ? opposite.nonnegative() : opposite.positive()) return Truth::no;
  return Truth::unknown;
}

}  // namespace

Expr simplify_function(const Expr& e) {
  const FunctionRow& row = function_row(e.function());
  const Expr& u = e.operand(0);
  std::optional<Expr> better;
  switch (e.function()) {
    case Function::log: better = simplify_logarithm(u); break;
    case Function::exp:
      if (u.is(Function::log) && u.operand(0).positive()) better = u.operand(0);
      break;
    case Function::abs:
    case Function::sign:
    case Function::step: better = simplify_switch(e); break;
    case Function::min:
    case Function::max: better = simplify_extremum(e); break;
    default: break;
  }
  if (better) return *better;
  // f(−u) is −f(u) or f(u): one form for both. f(|u|) is f(u) for even f.
  if (row.parity != FunctionParity::none && is_negated(u)) {
    const Expr mirrored = apply(e.function(), {negated(u)});
    return row.parity == FunctionParity::odd ? -mirrored : mirrored;
  }
  if (row.parity == FunctionParity::even && u.is(Function::abs)) return apply(e.function(), {u.operand(0)});
  return e;
}

Expr simplify_piecewise(const Expr& e) {
  std::vector<Branch> branches;
  Expr otherwise = e.operands().back();
  for (std::size_t i = 0; i + 1 < e.operands().size(); i += 2) {
    const Expr& condition = e.operand(i);
    const Truth truth = known_truth(condition);
    const bool seen = std::any_of(branches.begin(), branches.end(),
                                  [&condition](const Branch& branch) { return branch.condition == condition; });
    if (truth == Truth::no || seen) continue;  // never reached
    if (truth == Truth::yes) {
      otherwise = e.operand(i + 1);
      break;
    }
    branches.push_back({condition, e.operand(i + 1)});
  }
  return piecewise(branches, otherwise);
}

}  // namespace nke
