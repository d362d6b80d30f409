// SPDX-License-Identifier: Apache-2.0
// E[σ(u)τ(v)] as a recursion leaves it: nothing multiplied out. Private to exact/dual.
//
// Why         x^6 cos(x) exp(−x²/3) multiplied out over a, b, c is a polynomial of a thousand terms, which takes seconds
//             and which nobody reads. In the means and covariances of the tilted normal law, and of that law given that
//             a gate is at its edge, the same expectation is short. So a derivation that outgrows its budget
//             (Ring::spend) is done again here, over expressions, in which shared parts are shared objects.
// Method      the tilt of derivation.hpp and the recursion of moments.hpp. Complex numbers are pairs of expressions.
// Cost        one node or two a moment: 1 … 20 ms.
#pragma once

#include <nke/exact/dual/closed_form.hpp>

namespace nke::detail {

ClosedForm nested_closed_form(const NormalForm& form);
/// E σ(u)², in a.
Expr nested_mean_square(const NormalForm& form);

}  // namespace nke::detail
