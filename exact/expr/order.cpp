// SPDX-License-Identifier: Apache-2.0
// The canonical order. A product is compared as its list of powers from the last factor, its most complicated one,
// down; numeric factors decide only between terms that are otherwise equal. So 1 < x < x^2 < x^2*y < exp(x) < x*exp(x).
#include <nke/exact/expr/expr.hpp>

namespace nke {
namespace {

std::strong_ordering order_base(const Expr& a, const Expr& b);

struct Power {
  const Expr& base;
  const Expr* exponent;  // null: 1
};

Power as_power(const Expr& e) {
  if (e.is(Expr::Kind::power)) return {e.operand(0), &e.operand(1)};
  return {e, nullptr};
}

std::strong_ordering order_power(const Expr& a, const Expr& b) {
  if (a == b) return std::strong_ordering::equal;
  const Power p = as_power(a);
  const Power q = as_power(b);
  if (p.base == q.base) {
    const Expr one(1);
    return order(p.exponent != nullptr ? *p.exponent : one, q.exponent != nullptr ? *q.exponent : one);
  }
  return order_base(p.base, q.base);
}

// Sums stand between symbols and functions: x*(1 + x)*exp(x).
int rank(Expr::Kind kind) {
  switch (kind) {
    case Expr::Kind::number: return 0;
    case Expr::Kind::constant: return 1;
    case Expr::Kind::symbol: return 2;
    case Expr::Kind::sum: return 3;
    case Expr::Kind::product: return 4;
    case Expr::Kind::power: return 5;
    case Expr::Kind::function: return 6;
    case Expr::Kind::piecewise: return 7;
    case Expr::Kind::relation: return 8;
  }
  return 9;
}

using Compare = std::strong_ordering (*)(const Expr&, const Expr&);

// From the last element down; a list that is the tail of the other comes first.
std::strong_ordering order_from_last(std::span<const Expr> a, std::span<const Expr> b, Compare compare) {
  for (std::size_t i = 1; i <= a.size() && i <= b.size(); ++i) {
    const Expr& u = a[a.size() - i];
    const Expr& v = b[b.size() - i];
    if (u == v) continue;
    if (const auto result = compare(u, v); result != 0) return result;
  }
  return a.size() <=> b.size();
}

std::strong_ordering order_from_first(std::span<const Expr> a, std::span<const Expr> b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (a[i] == b[i]) continue;
    if (const auto result = order(a[i], b[i]); result != 0) return result;
  }
  return a.size() <=> b.size();
}

std::strong_ordering order_base(const Expr& a, const Expr& b) {
  if (a == b) return std::strong_ordering::equal;
  if (a.kind() != b.kind()) return rank(a.kind()) <=> rank(b.kind());
  switch (a.kind()) {
    case Expr::Kind::number: return a.number() <=> b.number();
    case Expr::Kind::constant: return a.constant() <=> b.constant();
    case Expr::Kind::symbol: return a.name().compare(b.name()) <=> 0;
    case Expr::Kind::sum: return order_from_last(a.operands(), b.operands(), &order);
    case Expr::Kind::product: return order(a, b);
    case Expr::Kind::power: return order_power(a, b);
    case Expr::Kind::function:
      if (a.function() != b.function()) return a.function() <=> b.function();
      return order_from_first(a.operands(), b.operands());
    case Expr::Kind::piecewise: return order_from_first(a.operands(), b.operands());
    case Expr::Kind::relation:
      if (a.strict() != b.strict()) return a.strict() <=> b.strict();
      return order_from_first(a.operands(), b.operands());
  }
  return std::strong_ordering::equal;
}

struct Factors {
  std::span<const Expr> powers;  // without the numeric factor
  const Expr* coefficient;       // null: 1
};

Factors factors_of(const Expr& e) {
  if (!e.is(Expr::Kind::product)) return {std::span(&e, 1), nullptr};
  const auto all = e.operands();
  if (all.front().is_number()) return {all.subspan(1), &all.front()};
  return {all, nullptr};
}

}  // namespace

std::strong_ordering order(const Expr& a, const Expr& b) {
  if (a == b) return std::strong_ordering::equal;
  if (a.is_number() && b.is_number()) return a.number() <=> b.number();
  if (a.is_number()) return std::strong_ordering::less;
  if (b.is_number()) return std::strong_ordering::greater;
  const Factors p = factors_of(a);
  const Factors q = factors_of(b);
  if (const auto result = order_from_last(p.powers, q.powers, &order_power); result != 0) return result;
  const Rational one(1);
  return (p.coefficient != nullptr ? p.coefficient->number() : one) <=>
         (q.coefficient != nullptr ? q.coefficient->number() : one);
}

}  // namespace nke
