// SPDX-License-Identifier: Apache-2.0
// What do the formulas themselves say about the parts a Phi2 is made of? Private to the compiler of block programs.
//
// Why         a dual with two thresholds stands beside Phi2(h, k, x, y) as terms of Φ(w_h), Φ(w_k) and exp(−(h² + w_h²)/2),
//             where w_h = (k − rh)/√(1−r²), r = x/√(x²+y²), is the place of the corner on the line of h; and Phi2 computes
//             w_h, φ(w_h) and Mills' ratio there anyway. A formula writes w_h in a, b, c and d, without the roundings of
//             h and k, which near r = ±1 take half the digits.
//             Where they are used for one line, they are for the other: the lines meet.
// Method      two expressions are taken for the same if 160 bits at four points of no meaning say so.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <unordered_map>

#include <nke/exact/expr/block_program.hpp>
#include <nke/exact/expr/expr.hpp>

namespace nke::detail {

/// Line 0 is that of h, line 1 that of k.
struct CornerOnLine {
  Expr gate;
  std::size_t line = 0;
};

struct Gates {
  /// For each Phi2 and line, the formula's own w, if it has them for both.
  std::unordered_map<Expr, std::array<std::optional<Expr>, 2>> corners;
  /// Arguments of Φ that are such a w written in h, k, x and y, as bounds of errors have them.
  std::unordered_map<Expr, CornerOnLine> on_line;
  /// Exponentials that are 2π φ(h) φ(w_h).
  std::unordered_map<Expr, Expr> at_corner;
  /// Exponentials that are one over this.
  std::unordered_map<Expr, Expr> growth;
};

Gates find_gates(std::span<const Expr> outputs, const BlockInputs& inputs);

}  // namespace nke::detail
