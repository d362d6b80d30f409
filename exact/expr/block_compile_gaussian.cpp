// SPDX-License-Identifier: Apache-2.0
// The normal distribution in one and two variables, in pieces that terms share.
#include <span>
#include <vector>

#include "block_compiler.hpp"

namespace nke::detail {

namespace {

// t² with its roots gone: (θ/√a)² is θ²/a.
Expr square_of(const Expr& t) {
  const auto [coefficient, body] = split_coefficient(t);
  std::vector<Expr> factors{Expr(coefficient * coefficient)};
  const auto add_factor = [&](const Expr& factor) {
    const auto [base, exponent] = split_power(factor);
    factors.push_back(pow(base, Expr(exponent + exponent)));
  };
  if (body.is(Expr::Kind::product)) {
    for (const Expr& factor : body.operands()) add_factor(factor);
  } else {
    add_factor(body);
  }
  return nke::product(std::move(factors));
}

}  // namespace

// φ(t), Mills' ratio of |t| and, from both, Φ(t): what a Phi2 is made of, shared with the terms beside it.
BlockCompiler::Value BlockCompiler::density(const Expr& t) {
  const Value v = value_of(t);
  // Of a threshold, the exponent as the formula would have it: in the tail each rounding of t would cost t² of them.
  if (group(v) < 2) return scaled(exponential(Expr(Rational(-1, 2)) * square_of(t)), 0.39894228040143267794);
  return emit(Operation::gauss, {v});
}
BlockCompiler::Value BlockCompiler::mass(const Expr& t) {
  const auto corner = gates_.on_line.find(t);
  if (corner != gates_.on_line.end() && !gates_.corners.at(corner->second.gate)[corner->second.line]) {
    const Value w = along(corner->second.gate, corner->second.line);
    return emit(Operation::mass, {w, emit(Operation::gauss, {w}), emit(Operation::mills, {w})});
  }
  const Value v = value_of(t);
  return emit(Operation::mass, {v, density(t), emit(Operation::mills, {v})});
}

// Where the corner of a Phi2 is on the line of h or of k.
BlockCompiler::Value BlockCompiler::along(const Expr& gate, std::size_t line) {
  if (const std::optional<Expr>& own = gates_.corners.at(gate)[line]) return value_of(*own);
  const std::span<const Expr> hkxy = gate.operands();
  return emit(Operation::along, {value_of(hkxy[line]), value_of(hkxy[1 - line]), value_of(hkxy[2]), value_of(hkxy[3])});
}
BlockCompiler::Value BlockCompiler::density_along(const Expr& gate) {
  const std::optional<Expr>& own = gates_.corners.at(gate)[0];
  return own ? density(*own) : emit(Operation::gauss, {along(gate, 0)});
}

BlockCompiler::Value BlockCompiler::quadrant(const Expr& e) {
  const Expr &h = e.operand(0), &k = e.operand(1);
  const Value at_h = value_of(h), at_k = value_of(k), w_h = along(e, 0), w_k = along(e, 1);
  const Value gauss_h = density(h), mills_h = emit(Operation::mills, {at_h});
  const Value gauss_k = density(k), mills_k = emit(Operation::mills, {at_k});
  const Value gauss_w = density_along(e), mills_w_h = emit(Operation::mills, {w_h});
  const Value mills_w_k = emit(Operation::mills, {w_k});
  return emit(Operation::quadrant,
              {at_h, at_k, w_h, w_k, gauss_h, mills_h, gauss_k, mills_k, gauss_w, mills_w_h, mills_w_k});
}

}  // namespace nke::detail
