// SPDX-License-Identifier: Apache-2.0
#include "symmetry.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/expr/substitute.hpp>

namespace nke {
namespace {

// sigmoid, Phi, erfc and softplus of −v by their values at v, so that both signs of an argument are one atom.
Expr with_positive_arguments(const Expr& e) {
  if (e.operands().empty()) return e;
  std::vector<Expr> operands;
  for (const Expr& operand : e.operands()) operands.push_back(with_positive_arguments(operand));
  const Expr same = rebuild(e, std::move(operands));
  if (!same.is(Expr::Kind::function) || split_coefficient(same.operand(0)).first.sign() >= 0) return same;
  const Expr v = -same.operand(0);
  switch (same.function()) {
    case Function::sigmoid: return Expr(1) - sigmoid(v);
    case Function::Phi: return Expr(1) - Phi(v);
    case Function::erfc: return Expr(2) - erfc(v);
    case Function::softplus: return softplus(v) - v;
    default: return same;
  }
}

// Multiplying out may be needed to see a cancellation, and may be too large to be worth it.
bool vanishes(const Expr& given) {
  if (simplify(given).is_zero()) return true;
  const Expr e = with_positive_arguments(given);
  try {
    return simplify(expand(e, 1000)).is_zero();
  } catch (const LimitError&) {
    return false;
  }
}

Expr reflected(const Expr& e) {
  return substitute(e, "x", -symbol("x"));
}

}  // namespace

bool is_entire(const Expr& e) {
  switch (e.kind()) {
    case Expr::Kind::number:
    case Expr::Kind::constant:
    case Expr::Kind::symbol: return true;
    case Expr::Kind::power:
      if (!depends_on(e, "x")) return true;
      if (!e.is_rational_power() || !e.operand(1).number().is_integer() || e.operand(1).number().sign() < 0) {
        return false;
      }
      return is_entire(e.operand(0));
    case Expr::Kind::sum:
    case Expr::Kind::product: break;
    case Expr::Kind::function: {
      if (!depends_on(e, "x")) return true;
      constexpr Function entire[] = {Function::exp, Function::sin,  Function::cos, Function::sinh, Function::cosh,
                                     Function::erf, Function::erfc, Function::Phi, Function::phi};
      if (std::find(std::begin(entire), std::end(entire), e.function()) == std::end(entire)) return false;
      break;
    }
    case Expr::Kind::relation:
    case Expr::Kind::piecewise: return false;
  }
  return std::all_of(e.operands().begin(), e.operands().end(), [](const Expr& operand) { return is_entire(operand); });
}

Parity find_parity(const Expr& sigma, const Breakpoints& breakpoints) {
  if (sigma.is_zero()) return Parity::even;
  const Expr mirror = reflected(sigma);
  if (vanishes(sigma - mirror)) return Parity::even;
  if (vanishes(sigma + mirror)) return Parity::odd;
  if (!breakpoints.proven || breakpoints.points.empty()) return Parity::none;
  // Piece by piece: the breakpoints must mirror each other exactly, then each piece must mirror its counterpart.
  const std::size_t count = breakpoints.points.size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto& left = breakpoints.points[i].exact;
    const auto& right = breakpoints.points[count - 1 - i].exact;
    if (!left || !right || *left + *right != Rational(0)) return Parity::none;
  }
  bool even = true;
  bool odd = true;
  for (std::size_t i = 0; i <= count && (even || odd); ++i) {
    const Expr counterpart = reflected(breakpoints.pieces[count - i]);
    even = even && vanishes(breakpoints.pieces[i] - counterpart);
    odd = odd && vanishes(breakpoints.pieces[i] + counterpart);
  }
  return even ? Parity::even : odd ? Parity::odd : Parity::none;
}

std::optional<Rational> find_homogeneity(const Breakpoints& breakpoints) {
  if (!breakpoints.proven) return std::nullopt;
  for (const Breakpoint& point : breakpoints.points) {
    if (!point.exact || !point.exact->is_zero()) return std::nullopt;
  }
  std::optional<Rational> power;
  for (const Expr& piece : breakpoints.pieces) {
    if (simplify(piece).is_zero()) continue;
    const Expr ratio = simplify(symbol("x") * differentiate(piece, "x") / piece);
    if (!ratio.is_number() || (power && *power != ratio.number())) return std::nullopt;
    power = ratio.number();
  }
  return power ? power : Rational(0);
}

}  // namespace nke
