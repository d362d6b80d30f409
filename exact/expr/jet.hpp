// SPDX-License-Identifier: Apache-2.0
// High derivatives by truncated power series: no expression grows, every order costs one convolution.
//
// Definition  taylor(e, "x", t, n): the coefficients c_0 … c_n with e(t + h) = Σ c_k h^k + O(h^(n+1)); c_k =
//             e^(k)(t)/k!.
// Degenerate  at a switch the conventions of differentiate() apply: abs and sign take sign(0) = 0, min and max the
//             mean of both sides. An undecided Ball gives the hull of the series on either side, which encloses the
//             coefficients at every point of the ball. Undefined: NaN, or a non-finite ball.
// Error       double and Mpfr: rounding errors only. Ball: rigorous.
// Cost        O(n²) operations a node.
// Source      the recurrences follow from the first-order differential equation of each function (see series.hpp).
#pragma once

#include <string_view>
#include <vector>

#include <nke/exact/expr/expr.hpp>
#include <nke/exact/real/precision.hpp>

namespace nke {

inline constexpr int taylor_order_limit = 10'000;

/// T is double, Mpfr or Ball. `e` has no symbol but `variable`: DomainError otherwise.
template <class T>
std::vector<T> taylor(const Expr& e, std::string_view variable, const T& at, int order, Precision precision);

}  // namespace nke
