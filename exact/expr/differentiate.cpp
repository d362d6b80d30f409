// SPDX-License-Identifier: Apache-2.0
#include <unordered_map>

#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/expr/simplify.hpp>

#include "expr_node.hpp"

namespace nke {
namespace {

class Differentiation {
 public:
  explicit Differentiation(std::string_view variable) : variable_(variable) {}

  Expr of(const Expr& e) {
    if (const auto found = done_.find(e); found != done_.end()) return found->second;
    Expr result = by_rule(e);
    done_.emplace(e, result);
    return result;
  }

 private:
  Expr by_rule(const Expr& e) {
    spend(e.operands().size() + 1);
    switch (e.kind()) {
      case Expr::Kind::number:
      case Expr::Kind::constant:
      case Expr::Kind::relation: return {};
      case Expr::Kind::symbol: return e.name() == variable_ ? Expr(1) : Expr();
      case Expr::Kind::sum: {
        std::vector<Expr> terms;
        for (const Expr& term : e.operands()) terms.push_back(of(term));
        return sum(std::move(terms));
      }
      case Expr::Kind::product: return of_product(e);
      case Expr::Kind::power: return of_power(e);
      case Expr::Kind::function: {
        std::vector<Expr> terms;
        for (std::size_t i = 0; i < e.operands().size(); ++i) {
          const Expr inner = of(e.operand(i));
          if (!inner.is_zero()) terms.push_back(function_row(e.function()).derivative(e.operands(), i) * inner);
        }
        return sum(std::move(terms));
      }
      case Expr::Kind::piecewise: {
        std::vector<Branch> branches;
        for (std::size_t i = 0; i + 1 < e.operands().size(); i += 2) {
          branches.push_back({e.operand(i), of(e.operand(i + 1))});
        }
        return piecewise(branches, of(e.operands().back()));
      }
    }
    return {};
  }

  Expr of_product(const Expr& e) {
    std::vector<Expr> terms;
    for (std::size_t i = 0; i < e.operands().size(); ++i) {
      const Expr inner = of(e.operand(i));
      if (inner.is_zero()) continue;
      spend(e.operands().size());
      std::vector<Expr> factors(e.operands().begin(), e.operands().end());
      factors[i] = inner;
      terms.push_back(product(std::move(factors)));
    }
    return sum(std::move(terms));
  }

  // (f^g)' = f^g (g' log f + g f'/f), without the parts that are zero: the logarithm needs f > 0.
  Expr of_power(const Expr& e) {
    const Expr& base = e.operand(0);
    const Expr& exponent = e.operand(1);
    const Expr base_slope = of(base);
    const Expr exponent_slope = of(exponent);
    std::vector<Expr> terms;
    if (!base_slope.is_zero()) terms.push_back(exponent * pow(base, exponent - 1) * base_slope);
    if (!exponent_slope.is_zero()) terms.push_back(e * log(base) * exponent_slope);
    return sum(std::move(terms));
  }

  // Work is bounded before it is done: a product of n factors has n terms of n factors.
  void spend(std::size_t amount) {
    constexpr std::size_t work_limit = 5 * derivative_node_limit;
    work_ += amount;
    if (work_ > work_limit) throw_too_large();
  }

  [[noreturn]] static void throw_too_large() {
    throw LimitError("the derivative would have more than " + std::to_string(derivative_node_limit) + " nodes");
  }

  std::string_view variable_;
  std::unordered_map<Expr, Expr> done_;
  std::size_t work_ = 0;
};

}  // namespace

Expr differentiate(const Expr& e, std::string_view variable) {
  require_value(e);
  const Expr raw = Differentiation(variable).of(e);
  if (node_count(raw) > derivative_node_limit) {
    throw LimitError("the derivative has more than " + std::to_string(derivative_node_limit) + " nodes");
  }
  return simplify(raw);
}

}  // namespace nke
