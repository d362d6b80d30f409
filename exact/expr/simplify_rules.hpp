// SPDX-License-Identifier: Apache-2.0
// One step at a node whose operands are simple already; the node itself if no rule applies. Private to exact/expr.
#pragma once

#include <nke/exact/expr/expr.hpp>

namespace nke {

Expr simplify_sum(const Expr& e);
Expr simplify_product(const Expr& e);
Expr simplify_power(const Expr& e);
Expr simplify_function(const Expr& e);
Expr simplify_piecewise(const Expr& e);

}  // namespace nke
