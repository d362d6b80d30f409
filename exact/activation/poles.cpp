// SPDX-License-Identifier: Apache-2.0
#include "poles.hpp"

#include <algorithm>

#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/real/error.hpp>

#include "point.hpp"

namespace nke::detail {
namespace {

void search(const Expr& f, const Rational& at, Pole& pole) {
  const auto [base, exponent] = split_power(f);
  const auto n = exponent.to_long();
  if (n && *n < 0 && depends_on(base, "x") && (pole.order == 0 || pole.base == base)) {
    const auto value = value_at(base, at);
    if (value && proves_zero(*value)) pole = {base, std::max(pole.order, -*n)};
  }
  for (const Expr& operand : f.operands()) search(operand, at, pole);
}

}  // namespace

Pole find_pole(const Expr& f, const Rational& at) {
  Pole pole;
  search(f, at, pole);
  return pole;
}

Expr cleared_of(const Expr& f, const Pole& pole) {
  constexpr std::size_t term_limit = 1000;
  const Expr factor = pow(pole.base, Expr(pole.order));
  if (!f.is(Expr::Kind::sum)) return simplify(f * factor);
  // Term by term: the power cancels in each, and the base is not torn apart.
  Expr total;
  for (const Expr& term : f.operands()) total += term * factor;
  try {
    return simplify(expand(total, term_limit));
  } catch (const LimitError&) {
    return simplify(total);
  }
}

}  // namespace nke::detail
