// SPDX-License-Identifier: Apache-2.0
// Conditions e > 0 as a reader would state them.
#include <map>

#include <nke/exact/dual/emit.hpp>
#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/expr/substitute.hpp>

namespace nke {
namespace {

struct Bound {
  std::string symbol;
  bool above;  // symbol > limit
  Rational limit;
};

// p + q s > 0 with numbers p, q is s > -p/q or s < -p/q.
std::optional<Bound> bound(const Expr& e) {
  const std::set<std::string> names = symbols(e);
  if (names.size() != 1) return std::nullopt;
  const std::string& name = *names.begin();
  const Expr slope = expand(differentiate(e, name));
  const Expr offset = substitute(e, name, 0);
  if (!slope.is_number() || !offset.is_number()) return std::nullopt;
  return Bound{name, slope.number().sign() > 0, -(offset.number() / slope.number())};
}

// Bounds of one symbol on one side are merged into the tightest.
std::vector<std::string> conditions(const std::vector<Expr>& positive) {
  std::map<std::pair<std::string, bool>, Rational> bounds;
  std::vector<std::string> others;
  for (const Expr& e : positive) {
    const auto [coefficient, rest] = split_coefficient(e);
    const Expr scaled = coefficient.sign() > 0 ? rest : -rest;
    if (const auto found = bound(scaled)) {
      const auto [place, added] = bounds.try_emplace({found->symbol, found->above}, found->limit);
      if (!added && (place->second < found->limit) == found->above) place->second = found->limit;
    } else {
      others.push_back(to_text(scaled) + " > 0");
    }
  }
  std::vector<std::string> texts;
  for (const auto& [key, limit] : bounds) {
    texts.push_back(key.first + (key.second ? " > " : " < ") + to_text(Expr(limit)));
  }
  texts.insert(texts.end(), others.begin(), others.end());
  return texts;
}

}  // namespace

std::vector<std::string> finite_where(const DualFormula& formula) {
  return conditions(formula.integrable_where_positive);
}

std::vector<std::string> assumed(const DualFormula& formula) {
  std::vector<Expr> positive;
  for (const Assumption& assumption : formula.assumptions) positive.push_back(assumption.positive);
  return conditions(positive);
}

}  // namespace nke
