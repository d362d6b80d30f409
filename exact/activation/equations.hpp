// SPDX-License-Identifier: Apache-2.0
// g(x) = 0 as a union of simpler equations, by undoing what can be undone exactly.
#pragma once

#include <vector>

#include <nke/exact/expr/expr.hpp>

namespace nke::detail {

/// Equations f(x) = 0, f free of switches, whose roots together are those of g at the points where g is defined. An
/// equation without roots is dropped: exp(u) = 0 gives nothing, exp(u) = 2 gives u - log(2), u·v = 0 both factors.
/// An f that vanishes identically is returned as the number 0.
std::vector<Expr> simpler_equations(const Expr& g);

}  // namespace nke::detail
