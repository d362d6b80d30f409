// SPDX-License-Identifier: Apache-2.0
// Powers of one base brought together. Private to exact/expr.
#pragma once

#include <vector>

#include <nke/exact/expr/expr.hpp>

namespace nke {

/// base^total as factors of a product. `fractional` says that the parts had exponents that are not integers, so that
/// the product is defined only where base >= 0; if that cannot be seen from base^total, it becomes base^(total - 1/2) *
/// base^(1/2), which says so.
std::vector<Expr> collected_power(const Expr& base, const Rational& total, bool fractional);

}  // namespace nke
