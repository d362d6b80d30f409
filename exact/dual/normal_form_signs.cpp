// SPDX-License-Identifier: Apache-2.0
#include "normal_form_signs.hpp"

#include <algorithm>

#include <nke/exact/activation/named.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/real/ball.hpp>

namespace nke::detail {

Rational usual_value(const std::string& parameter) {
  for (const NamedActivation& row : named_activations()) {
    for (const NamedParameter& p : row.parameters) {
      if (p.name != parameter) continue;
      const Expr value = parse_expression(p.default_value);
      if (value.is_number() && !value.is_zero()) return value.number();
    }
  }
  return 1;
}

int Signs::hint(const Expr& e) const {
  if (e.is_number()) return e.number().sign();
  const std::set<std::string> names = symbols(e);
  for (const long bits : {64L, 256L, 2048L}) {
    const Precision precision = Precision::bits(bits);
    Bindings<Ball> at;
    long place = 0;
    for (const std::string& name : names) {
      const Rational off(1000 + ++place, 1000);
      at.emplace(name, Ball(usual_value(name) * off, precision));
    }
    const Ball value = evaluate(e, at, precision);
    if (certainly_positive(value)) return 1;
    if (certainly_negative(value)) return -1;
  }
  return 0;
}

int Signs::of(const Expr& e) {
  if (e.is_number()) return e.number().sign();
  if (e.positive()) return 1;
  const Expr opposite = -e;
  if (opposite.positive()) return -1;
  const int sign = hint(e);
  if (!symbols(e).empty() && sign != 0) assume_positive(sign > 0 ? e : opposite);
  return sign;
}

// A product is positive if its factors are: alpha rather than 3/(2*alpha).
void Signs::assume_positive(const Expr& e) {
  const auto [coefficient, rest] = split_coefficient(e);
  if (rest.is(Expr::Kind::product)) {
    for (const Expr& factor : rest.operands()) of(factor);
    return;
  }
  if (rest.is_rational_power()) {
    of(rest.operand(0));
    return;
  }
  Expr positive = expand(coefficient.sign() < 0 ? -rest : rest);
  if (positive.is(Expr::Kind::sum)) {  // t − s rather than t/2 − s/2
    const Rational scale = abs(split_coefficient(positive.operands().back()).first);
    positive = expand(Expr(Rational(1) / scale) * positive);
  }
  const auto before = [](const Assumption& a, const Assumption& b) { return order(a.positive, b.positive) < 0; };
  const auto place = std::lower_bound(assumptions_.begin(), assumptions_.end(), Assumption{positive}, before);
  if (place == assumptions_.end() || place->positive != positive) assumptions_.insert(place, {positive});
}

void Signs::add(const std::vector<Assumption>& assumptions) {
  for (const Assumption& a : assumptions) assume_positive(a.positive);
}

}  // namespace nke::detail
