// SPDX-License-Identifier: Apache-2.0
#include "switches.hpp"

#include <algorithm>
#include <unordered_set>

#include <nke/exact/expr/function_table.hpp>

namespace nke::detail {
namespace {

template <class Test>
bool any_node(const Expr& e, const Test& test, std::unordered_set<Expr>& seen) {
  if (!seen.insert(e).second) return false;
  if (test(e)) return true;
  return std::ranges::any_of(e.operands(), [&](const Expr& operand) { return any_node(operand, test, seen); });
}

bool is_switch(const Expr& e) {
  if (e.is(Expr::Kind::piecewise) || e.is(Function::atan2)) return true;
  return e.is(Expr::Kind::function) && function_row(e.function()).where_it_switches.place != Switch::Place::nowhere;
}

bool has_limited_domain(const Expr& e) {
  if (e.is(Expr::Kind::function)) return function_row(e.function()).domain != RealDomain::everywhere;
  if (!e.is(Expr::Kind::power)) return false;
  return !e.is_rational_power() || e.operand(1).number().sign() < 0 || !e.operand(1).number().is_integer();
}

}  // namespace

bool has_switch(const Expr& e) {
  std::unordered_set<Expr> seen;
  return any_node(e, is_switch, seen);
}

bool has_switch_or_domain(const Expr& e) {
  std::unordered_set<Expr> seen;
  return any_node(
      e, [](const Expr& node) { return is_switch(node) || has_limited_domain(node); }, seen);
}

}  // namespace nke::detail
