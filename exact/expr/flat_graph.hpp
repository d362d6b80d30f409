// SPDX-License-Identifier: Apache-2.0
// An expression as a list of operations in an order in which they can be done. Private to exact/expr.
//
// Definition  every distinct subexpression once, operands before what uses them; the last one is the expression itself.
//             Factors of a product with negative exponents are moved below one fraction line, so that a/b is one
//             division.
#pragma once

#include <cstdint>
#include <vector>

#include <nke/exact/expr/expr.hpp>

namespace nke {

struct Operation {
  Expr expr;                            ///< kind, function, number, … of the operation
  std::vector<std::uint32_t> operands;  ///< indices of earlier operations; of a rational power only the base
  std::vector<std::uint32_t> divisors;  ///< of a product: factors below the fraction line
};

std::vector<Operation> flatten(const Expr& e);

}  // namespace nke
