// SPDX-License-Identifier: Apache-2.0
#include "block_rounding.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include <nke/exact/expr/function_table.hpp>

namespace nke::detail {

namespace {

const Rational half(1, 2);

class Bound {
 public:
  Expr of(const Expr& e) {
    if (const auto found = done_.find(e); found != done_.end()) return found->second;
    Expr result = by_rule(e);
    done_.emplace(e, result);
    return result;
  }

 private:
  Expr by_rule(const Expr& e) {
    switch (e.kind()) {
      case Expr::Kind::number:
      case Expr::Kind::constant:
      case Expr::Kind::relation: return {};
      case Expr::Kind::symbol: return e.name() == "d" ? e : Expr();
      case Expr::Kind::sum: return of_sum(e);
      case Expr::Kind::product: return of_product(e);
      case Expr::Kind::power: return of_power(e);
      case Expr::Kind::function: return e.is(Function::exp) ? of_exp(e) : of_function(e);
      case Expr::Kind::piecewise: break;
    }
    std::vector<Branch> branches;
    for (std::size_t i = 0; i + 1 < e.operands().size(); i += 2) {
      branches.push_back({e.operand(i), of(e.operand(i + 1))});
    }
    return piecewise(branches, of(e.operands().back()));
  }

  Expr of_sum(const Expr& e) {
    std::vector<Expr> parts, sizes;
    for (const Expr& term : e.operands()) {
      parts.push_back(of(term));
      sizes.push_back(abs(term));
    }
    parts.push_back(Expr(half) * (sizes.size() == 2 ? abs(e) : sum(sizes)));
    return sum(std::move(parts));
  }

  // Σ E(f_i) Π_{j≠i} |f_j| + |f_1 f_2 …| (n − 1)/2
  Expr of_factors(const std::vector<Expr>& factors) {
    std::vector<Expr> parts;
    for (std::size_t i = 0; i < factors.size(); ++i) {
      std::vector<Expr> others{of(factors[i])};
      for (std::size_t j = 0; j < factors.size(); ++j) {
        if (j != i) others.push_back(abs(factors[j]));
      }
      parts.push_back(product(std::move(others)));
    }
    const long multiplications = static_cast<long>(factors.size()) - 1;
    parts.push_back(Expr(half * Rational(multiplications)) * abs(product(factors)));
    return sum(std::move(parts));
  }

  Expr of_product(const Expr& e) {
    std::vector<Expr> factors(e.operands().begin(), e.operands().end());
    const auto damping =
        std::find_if(factors.begin(), factors.end(), [](const Expr& f) { return f.is(Function::exp); });
    const auto wave = std::find_if(factors.begin(), factors.end(),
                                   [](const Expr& f) { return f.is(Function::sinh) || f.is(Function::cosh); });
    if (damping == factors.end() || wave == factors.end()) return of_factors(factors);
    // A block program computes exp(p) sinh(q) as exp(p + |q|) times something of size 1.
    const Expr p = damping->operand(0), q = wave->operand(0);
    const Expr damped = *damping * *wave;
    const Expr relative = Expr(8) + exponent(p) + exponent(q) + abs(p + abs(q));
    const Expr pair[] = {*damping, *wave};
    std::erase_if(factors, [&](const Expr& f) { return f == pair[0] || f == pair[1]; });
    if (factors.empty()) return abs(damped) * relative;
    const Expr rest = product(factors);
    return abs(damped) * (abs(rest) * relative + of(rest));
  }

  Expr of_power(const Expr& e) {
    const Expr& base = e.operand(0);
    if (base.is_number() || base.is(Expr::Kind::constant)) return abs(e) * (Expr(4) + of(e.operand(1)));
    if (!e.is_rational_power()) {
      return abs(e) * (Expr(4) + of(e.operand(1)) * abs(log(base)) + of(base) * abs(e.operand(1)) / abs(base));
    }
    const Rational& exponent_of_base = e.operand(1).number();
    return Expr(abs(exponent_of_base)) * (of(base) * abs(e) / abs(base) + Expr(half) * abs(e));
  }

  // The error of an exponent but for its last rounding: what its terms carry.
  Expr exponent(const Expr& e) {
    const auto [coefficient, body] = split_coefficient(e);
    if (!body.is(Expr::Kind::sum)) return Expr(abs(coefficient)) * of(body);
    std::vector<Expr> parts;
    for (const Expr& term : body.operands()) parts.push_back(exponent(term));
    return Expr(abs(coefficient)) * sum(std::move(parts));
  }

  Expr of_exp(const Expr& e) { return e * (Expr(2) + exponent(e.operand(0)) + abs(e.operand(0))); }

  Expr of_function(const Expr& e) {
    std::vector<Expr> parts{Expr(e.is(Function::abs) || e.is(Function::sign) || e.is(Function::step) ? 0 : 4) * abs(e)};
    for (std::size_t i = 0; i < e.operands().size(); ++i) {
      const Expr carried = of(e.operand(i));
      if (!carried.is_zero()) parts.push_back(abs(function_row(e.function()).derivative(e.operands(), i)) * carried);
    }
    return sum(std::move(parts));
  }

  std::unordered_map<Expr, Expr> done_;
};

}  // namespace

Expr rounding_bound(const Expr& e) {
  return Bound().of(e);
}

}  // namespace nke::detail
