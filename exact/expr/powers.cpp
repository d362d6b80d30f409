// SPDX-License-Identifier: Apache-2.0
// The normal forms of powers, over the real numbers: a rewriting that would turn "undefined" into a value on an
// interval is not made, however usual it is over the positive numbers.
#include "powers.hpp"

#include "expr_node.hpp"
#include "number_powers.hpp"

namespace nke {
namespace {

bool is_even(const Rational& r) {
  return (r / Rational(2)).is_integer();
}

Expr number_power(const Rational& base, const Rational& r) {
  if (const auto n = r.to_long()) return integer_power(base, *n);
  if (base == Rational(1)) return base;
  if (base.is_zero()) {
    if (r.sign() < 0) throw DomainError("division by zero");
    return {};
  }
  if (base == Rational(-1) && r.is_integer()) return is_even(r) ? Expr(1) : Expr(-1);
  require_exponent(r);
  if (base.sign() < 0) {
    throw DomainError("(" + base.to_string() + ")^(" + r.to_string() + ") is not a real number");
  }
  NumberPowers numbers;
  numbers.multiply(base, r);
  auto [coefficient, factors] = numbers.result();
  factors.insert(factors.begin(), Expr(coefficient));
  return product(std::move(factors));
}

// Positive whatever x is, and worth pulling out of a root: numbers, their roots, pi.
bool is_positive_constant(const Expr& factor) {
  const Expr& base = factor.is_rational_power() ? factor.operand(0) : factor;
  return base.is(Expr::Kind::constant) || (base.is_number() && base.number().sign() > 0);
}

Expr power_of_product(const Expr& base, const Rational& r) {
  std::vector<Expr> outside;
  std::vector<Expr> inside;
  for (const Expr& factor : base.operands()) {
    if (r.is_integer() || is_positive_constant(factor)) {
      outside.push_back(pow(factor, r));
    } else if (factor.is_number() && factor.number() != Rational(-1)) {
      outside.push_back(pow(abs(factor.number()), r));
      inside.emplace_back(-1);
    } else {
      inside.push_back(factor);
    }
  }
  if (!inside.empty()) {
    const Expr rest = product(std::move(inside));
    outside.push_back(outside.empty() ? raw_power(rest, r) : pow(rest, r));
  }
  return product(std::move(outside));
}

// (b^p)^r for rational p and r.
Expr power_of_power(const Expr& base, const Rational& p, const Rational& r) {
  const Rational total = p * r;
  require_exponent(total);
  if (p.is_integer() && r.is_integer()) return pow(base, total);
  if (p.is_integer() && is_even(p)) return pow(abs(base), total);  // sqrt(x^2) is |x|
  return product(collected_power(base, total, true));
}

}  // namespace

std::vector<Expr> collected_power(const Expr& base, const Rational& total, bool fractional) {
  if (!fractional || !total.is_integer() || base.nonnegative()) {
    if (total.is_zero()) return {};
    return {pow(base, total)};
  }
  const Rational half(1, 2);
  return {raw_power(base, total - half), raw_power(base, half)};
}

Expr pow(const Expr& base, const Expr& exponent) {
  require_value(base);
  require_value(exponent);
  if (!exponent.is_number()) {
    if (base == euler()) return exp(exponent);
    if (base.is_one()) return base;
    return raw_power(base, exponent);
  }
  const Rational& r = exponent.number();
  if (base.is_number()) return number_power(base.number(), r);
  if (r.is_zero()) return 1;
  if (r == Rational(1)) return base;
  require_exponent(r);
  switch (base.kind()) {
    case Expr::Kind::constant: return base.constant() == Constant::e ? exp(exponent) : raw_power(base, exponent);
    case Expr::Kind::product: return power_of_product(base, r);
    case Expr::Kind::power:
      if (base.operand(1).is_number()) return power_of_power(base.operand(0), base.operand(1).number(), r);
      return raw_power(base, exponent);
    case Expr::Kind::function:
      if (base.is(Function::abs) && r.is_integer() && is_even(r)) return pow(base.operand(0), exponent);
      return raw_power(base, exponent);
    default: return raw_power(base, exponent);
  }
}

}  // namespace nke
