// SPDX-License-Identifier: Apache-2.0
// The derivative almost everywhere, as a simplified expression.
//
// Definition  the rules of calculus; abs' = sign, sign' = step' = 0 (jumps leave no trace), max and min by step,
//             piecewise branch by branch. Where a kink sits the value follows from step(0) = 1/2 and sign(0) = 0.
// Limits      a derivative of more than 200 000 nodes: LimitError. For high orders use jet.hpp, which does not grow.
#pragma once

#include <string_view>

#include <nke/exact/expr/expr.hpp>

namespace nke {

inline constexpr std::size_t derivative_node_limit = 200'000;

Expr differentiate(const Expr& e, std::string_view variable);

}  // namespace nke
