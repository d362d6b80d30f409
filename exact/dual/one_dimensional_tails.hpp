// SPDX-License-Identifier: Apache-2.0
// How far out must an integral over u go, and what is left beyond?
//
// Method      for x ≥ R each pair of terms is at most a constant times e^(−Ax² + Bx), because
//             x^k ≤ R^k e^(k(x − R)/R) for x ≥ R (log is concave), and |v|^k ≤ y^k e^(k(|v| − y)/y) for any y > 0, whose
//             expectation over v is known; |cos|, gates ≤ 1; a half-line whose exponential decays along it is at most the
//             value at its threshold. Then ∫_R^∞ e^(−Ax² + Bx + C) dx ≤ e^(−AR² + BR + C)/(2AR − B) if 2AR > B.
#pragma once

#include <vector>

#include "inner_terms.hpp"

namespace nke::detail {

struct Outer {
  Rational a;         ///< Var u
  Rational beta;      ///< E[v | u = x] = βx
  Rational variance;  ///< Var(v | u)
};

/// At which bits bounds are computed.
inline constexpr long tail_bits = 128;

/// A bound of ∫_R^∞ |σ(x)| E[|τ(v)| | x] φ_a(x) dx (side = 1) or ∫_(−∞)^(−R) (side = −1), pairs without gates left out.
/// Indeterminate where 2AR > B is not proven.
Ball tail_bound(const std::vector<NumericTerm>& sigma, const std::vector<NumericTerm>& tau, const Outer& outer,
                int side, const Ball& from);

/// A bound of the integral over the whole line, pairs without gates included. Indeterminate where A > 0 is not proven.
Ball whole_line_bound(const std::vector<NumericTerm>& sigma, const std::vector<NumericTerm>& tau, const Outer& outer);

/// A dyadic R, within a factor of 1.2 or so the least, whose tail bound is at most `tolerance`. NotCertified if there is
/// none.
Ball tail_start(const std::vector<NumericTerm>& sigma, const std::vector<NumericTerm>& tau, const Outer& outer,
                int side, const Ball& tolerance);

}  // namespace nke::detail
