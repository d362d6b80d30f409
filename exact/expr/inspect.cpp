// SPDX-License-Identifier: Apache-2.0
// Questions about an expression; each visits a shared node once.
#include <unordered_set>

#include <nke/exact/expr/expr.hpp>
#include <nke/exact/expr/substitute.hpp>

#include "expr_node.hpp"
#include "rewrite.hpp"

namespace nke {
namespace {

template <class F>
void visit(const Expr& e, std::unordered_set<Expr>& seen, const F& f) {
  if (!seen.insert(e).second) return;
  f(e);
  for (const Expr& operand : e.operands()) visit(operand, seen, f);
}

}  // namespace

std::pair<Rational, Expr> split_coefficient(const Expr& e) {
  if (e.is_number()) return {e.number(), Expr(1)};
  if (!e.is(Expr::Kind::product) || !e.operand(0).is_number()) return {Rational(1), e};
  const auto rest = e.operands().subspan(1);
  if (rest.size() == 1) return {e.operand(0).number(), rest.front()};
  return {e.operand(0).number(), raw_node(Expr::Kind::product, 0, {rest.begin(), rest.end()})};
}

std::pair<Expr, Rational> split_power(const Expr& e) {
  if (e.is_rational_power()) return {e.operand(0), e.operand(1).number()};
  return {e, Rational(1)};
}

std::set<std::string> symbols(const Expr& e) {
  std::set<std::string> names;
  std::unordered_set<Expr> seen;
  visit(e, seen, [&names](const Expr& node) {
    if (node.is(Expr::Kind::symbol)) names.insert(node.name());
  });
  return names;
}

bool depends_on(const Expr& e, std::string_view symbol_name) {
  bool found = false;
  std::unordered_set<Expr> seen;
  visit(e, seen,
        [&](const Expr& node) { found = found || (node.is(Expr::Kind::symbol) && node.name() == symbol_name); });
  return found;
}

std::size_t node_count(const Expr& e) {
  std::unordered_set<Expr> seen;
  visit(e, seen, [](const Expr&) {});
  return seen.size();
}

Expr substitute(const Expr& e, const Substitution& replacements) {
  // Entered as known results of the old symbols: a symbol that only arises on the way, as x does from −(−x), stays.
  std::unordered_map<Expr, Expr> done;
  for (const auto& [name, replacement] : replacements) done.emplace(symbol(name), replacement);
  return rewrite(
      e, [](const Expr& node) { return node; }, done);
}

Expr substitute(const Expr& e, std::string_view symbol_name, const Expr& replacement) {
  return substitute(e, Substitution{{std::string(symbol_name), replacement}});
}

}  // namespace nke
