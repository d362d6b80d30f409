// SPDX-License-Identifier: Apache-2.0
#include <nke/exact/expr/simplify.hpp>

#include "rewrite.hpp"

namespace nke {
namespace {

std::vector<Expr> terms_of(const Expr& e) {
  if (e.is(Expr::Kind::sum)) return {e.operands().begin(), e.operands().end()};
  return {e};
}

class Expansion {
 public:
  explicit Expansion(std::size_t term_limit) : term_limit_(term_limit) {}

  Expr of(const Expr& e) const {
    if (e.is_rational_power() && e.operand(0).is(Expr::Kind::sum)) {
      const auto n = e.operand(1).number().to_long();
      return n && *n > 1 ? power(e.operand(0), *n) : e;
    }
    if (!e.is(Expr::Kind::product)) return e;
    Expr result = 1;
    for (const Expr& factor : e.operands()) result = times(result, of(factor));
    return result;
  }

 private:
  Expr times(const Expr& a, const Expr& b) const {
    const std::vector<Expr> left = terms_of(a);
    const std::vector<Expr> right = terms_of(b);
    if (left.size() * right.size() > term_limit_) {
      throw_too_many();
    }
    std::vector<Expr> terms;
    terms.reserve(left.size() * right.size());
    for (const Expr& u : left) {
      for (const Expr& v : right) terms.push_back(u * v);
    }
    return sum(std::move(terms));
  }

  Expr power(const Expr& base, long n) const {
    if (static_cast<std::size_t>(n) >= term_limit_) throw_too_many();  // (u + v)^n has n + 1 terms
    Expr result = 1;
    Expr square = base;
    for (; n > 0; n /= 2) {
      if (n % 2 == 1) result = times(result, square);
      if (n > 1) square = times(square, square);
    }
    return result;
  }

  [[noreturn]] void throw_too_many() const {
    throw LimitError("multiplied out, the expression has more than " + std::to_string(term_limit_) + " terms");
  }

  std::size_t term_limit_;
};

}  // namespace

Expr expand(const Expr& e, std::size_t term_limit) {
  const Expansion expansion(term_limit);
  return rewrite(e, [&expansion](const Expr& node) { return expansion.of(node); });
}

}  // namespace nke
