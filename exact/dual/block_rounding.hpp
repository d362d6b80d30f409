// SPDX-License-Identifier: Apache-2.0
// How much may a formula lose to rounding, as a formula? Private to the block dual.
//
// Definition  a first-order bound E(e), in units of the machine epsilon: 0 for a, b, c and numbers, d for d; for a sum
//             Σ E + half of what its partial sums may be, for a product Σ E(factor) Π |other factors| + half |e| a
//             multiplication, for a function Σ |∂f| E + 4 |f|. It shares its subexpressions with the formula.
// Exponents   are summed without loss by block programs, so only |exponent| enters, not its terms.
// Error       an estimate: no terms of second order, no constants of proportionality tighter than 2.
#pragma once

#include <nke/exact/expr/expr.hpp>

namespace nke::detail {

Expr rounding_bound(const Expr& e);

}  // namespace nke::detail
