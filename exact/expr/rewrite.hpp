// SPDX-License-Identifier: Apache-2.0
// An expression rewritten from the leaves up, each shared node once. Private to exact/expr.
#pragma once

#include <unordered_map>
#include <vector>

#include <nke/exact/expr/expr.hpp>

namespace nke {

/// The operands of each node are rewritten first, then the node made of them is given to `f`.
template <class F>
Expr rewrite(const Expr& e, const F& f, std::unordered_map<Expr, Expr>& done) {
  if (const auto found = done.find(e); found != done.end()) return found->second;
  std::vector<Expr> operands;
  operands.reserve(e.operands().size());
  bool changed = false;
  for (const Expr& operand : e.operands()) {
    operands.push_back(rewrite(operand, f, done));
    changed = changed || !(operands.back() == operand);
  }
  const Expr result = f(changed ? rebuild(e, std::move(operands)) : e);
  done.emplace(e, result);
  return result;
}

template <class F>
Expr rewrite(const Expr& e, const F& f) {
  std::unordered_map<Expr, Expr> done;
  return rewrite(e, f, done);
}

}  // namespace nke
