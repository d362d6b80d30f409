// SPDX-License-Identifier: Apache-2.0
// The rules, each with its reason. They shorten an expression or take a cancellation or an overflow out of it; none has
// an inverse among the others, so they come to an end.
#include <algorithm>
#include <optional>
#include <unordered_map>

#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/expr/simplify.hpp>

#include "simplify_rules.hpp"

namespace nke {
namespace {

class Simplifier {
 public:
  Expr run(const Expr& e) {
    if (const auto found = done_.find(e); found != done_.end()) return found->second;
    Expr result = e;
    // A rule may open the way for another, in the new node or below it: as often as something changes.
    for (int round = 0; round < round_limit; ++round) {
      const Expr before = result;
      result = with_simple_operands(result);
      if (result == before) result = apply_rules(result);
      if (result == before) break;
    }
    done_.emplace(e, result);
    done_.emplace(result, result);
    return result;
  }

 private:
  static constexpr int round_limit = 100;  // far more than any expression needs

  Expr with_simple_operands(const Expr& e) {
    std::vector<Expr> operands;
    operands.reserve(e.operands().size());
    bool changed = false;
    for (const Expr& operand : e.operands()) {
      operands.push_back(run(operand));
      changed = changed || !(operands.back() == operand);
    }
    return changed ? rebuild(e, std::move(operands)) : e;
  }

  static Expr apply_rules(const Expr& e) {
    switch (e.kind()) {
      case Expr::Kind::sum: return simplify_sum(e);
      case Expr::Kind::product: return simplify_product(e);
      case Expr::Kind::power: return simplify_power(e);
      case Expr::Kind::function: return simplify_function(e);
      case Expr::Kind::piecewise: return simplify_piecewise(e);
      default: return e;
    }
  }

  std::unordered_map<Expr, Expr> done_;
};

}  // namespace

Expr simplify(const Expr& e) {
  return Simplifier().run(e);
}

}  // namespace nke
