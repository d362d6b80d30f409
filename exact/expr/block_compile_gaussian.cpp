// SPDX-License-Identifier: Apache-2.0
// The normal distribution in one and two variables, in pieces that terms share.
#include <algorithm>
#include <span>
#include <vector>

#include "block_compiler.hpp"

namespace nke::detail {

namespace {

constexpr double density_at_0 = 0.39894228040143267794;  // φ(0)

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

// Numbers below 0 times variances and determinants, and their powers.
bool BlockCompiler::is_negative(const Expr& t) const {
  if (!determinant_) return false;
  const auto [coefficient, body] = split_coefficient(t);
  const std::span<const Expr> parts = body.is(Expr::Kind::product) ? body.operands() : std::span(&body, 1);
  return coefficient.sign() < 0 && std::all_of(parts.begin(), parts.end(), [&](const Expr& part) {
           const Expr base = split_power(part).first;
           return base.is(Expr::Kind::symbol) && base.name() != determinant_->c;
         });
}

// exp(t²/2) Φ(t), t <= 0, is Mills' ratio but for a factor; taken from `factors` if they have both. A t below −60 cannot be
// met: the exponential would not be finite, and neither is the bound of errors, which has it as it stands.
std::optional<BlockCompiler::Value> BlockCompiler::scaled_tail(std::vector<Expr>& factors) {
  for (const Expr& tail : factors) {
    if (!tail.is(Function::Phi) || !is_negative(tail.operand(0))) continue;
    const Expr growth = exp(square_of(tail.operand(0)) / Expr(2));
    if (std::find(factors.begin(), factors.end(), growth) == factors.end()) continue;
    const Value ratio = emit(Operation::mills, {value_of(tail.operand(0))});
    const Expr both[] = {tail, growth};
    std::erase_if(factors, [&](const Expr& f) { return f == both[0] || f == both[1]; });
    return scaled(ratio, density_at_0);
  }
  return std::nullopt;
}

// exp((h² + w_h²)/2) Phi2(h, k, …) where the corner is below the foot of both lines (h and k are then not both above 0):
// both parts are exp(−(h² + w_h²)/2) times something, which is left out.
std::optional<BlockCompiler::Value> BlockCompiler::scaled_quadrant(std::vector<Expr>& factors) {
  for (const Expr& growth : factors) {
    const auto found = gates_.growth.find(growth);
    if (found == gates_.growth.end()) continue;
    const Expr gate = found->second;
    const auto& own = gates_.corners.at(gate);
    if (std::find(factors.begin(), factors.end(), gate) == factors.end()) continue;
    if (!is_negative(*own[0]) || !is_negative(*own[1])) continue;
    const Value at_h = value_of(gate.operand(0)), at_k = value_of(gate.operand(1));
    const Value w_h = along(gate, 0), w_k = along(gate, 1), at_0 = number(density_at_0), unused = number(0);
    const auto mills = [this](const Value& t) { return emit(Operation::mills, {t}); };
    const Value result = emit(Operation::quadrant, {at_h, at_k, w_h, w_k, at_0, mills(at_h), unused, mills(at_k), at_0,
                                                    mills(w_h), mills(w_k)});
    const Expr both[] = {growth, gate};
    std::erase_if(factors, [&](const Expr& f) { return f == both[0] || f == both[1]; });
    return result;
  }
  return std::nullopt;
}

// φ(t), Mills' ratio of |t| and, from both, Φ(t): what a Phi2 is made of, shared with the terms beside it.
BlockCompiler::Value BlockCompiler::density(const Expr& t) {
  const Value v = value_of(t);
  // Of a threshold, the exponent as the formula would have it: in the tail each rounding of t would cost t² of them.
  if (group(v) < 2) return scaled(exponential(Expr(Rational(-1, 2)) * square_of(t)), density_at_0);
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

// ±V of one line, from F at the corner. A corner below the foot leaves out what lies beyond.
BlockCompiler::Value BlockCompiler::sector(const Expr& threshold, const Value& along, bool below, const Value& apex,
                                           const Value& wedge) {
  const Value t = value_of(threshold), gauss = below ? number(0) : density(threshold);
  return emit(Operation::sector,
              {t, along, gauss, emit(Operation::mills, {t}), emit(Operation::mills, {along}), apex, wedge});
}

// One threshold is 0: its line adds 1/2 where the other threshold is above 0, and nothing elsewhere. The corner is on it,
// at its distance from the centre.
BlockCompiler::Value BlockCompiler::half_quadrant(const Expr& e, std::size_t line) {
  const Expr &t = e.operand(line), &distance = *gates_.corners.at(e)[1 - line];
  const Value at_t = value_of(t), zero = number(0), w = along(e, line), radius = value_of(distance);
  const Value apex = scaled(density(distance), density_at_0);
  const Value wedge = emit(Operation::wedge, {at_t, w, radius});
  const Value here = sector(t, w, is_negative(*gates_.corners.at(e)[line]), apex, wedge);
  return emit(Operation::corner, {at_t, zero, here, sector(Expr(0), at_t, false, zero, zero)});
}

// The corner is the foot of one line, so that the threshold of that is its distance from the centre.
BlockCompiler::Value BlockCompiler::quadrant_at_foot(const Expr& e, std::size_t line) {
  const Expr &foot = e.operand(line), &other = e.operand(1 - line);
  const Value radius = value_of(foot), t = value_of(other), w = along(e, 1 - line), zero = number(0);
  ValueStep turned{Operation::turned, {ref(t), ref(w), ref(radius)}, 0};
  for (int j = 0; j < block::radial_columns; ++j) {
    turned.in[static_cast<std::size_t>(3 + j)] = ref(emit(Operation::radial, {radius, number(j)}));
  }
  const Value apex = scaled(density(foot), density_at_0);
  const bool below = is_negative(*gates_.corners.at(e)[1 - line]);
  const Value here = sector(other, w, below, apex, emit(turned)), there = sector(foot, zero, false, apex, zero);
  return emit(Operation::corner, {t, radius, here, there});
}

BlockCompiler::Value BlockCompiler::quadrant(const Expr& e) {
  for (std::size_t line = 0; line < 2; ++line) {
    // With digits to spare: the formula knows where the corner is.
    const auto& own = gates_.corners.at(e);
    if (!own[0] || !own[1]) break;
    const auto fixed = [&](std::size_t of) { return varies(e.operand(of)) && group(value_of(e.operand(of))) < 2; };
    if (fixed(line) && own[line]->is_zero()) return quadrant_at_foot(e, line);
    if (fixed(line) && e.operand(1 - line).is_zero()) return half_quadrant(e, line);
  }
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
