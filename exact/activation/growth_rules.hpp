// SPDX-License-Identifier: Apache-2.0
// Growth of one expression on one interval, by rules on its form.
#pragma once

#include <optional>

#include <nke/exact/activation/growth.hpp>
#include <nke/exact/activation/range.hpp>
#include <nke/exact/expr/expr.hpp>

namespace nke::detail {

using Bound = std::optional<GrowthBound>;

/// Arithmetic of bounds A (1+|x|)^p exp(κ|x| + αx²); κ may be negative here. A is rounded up to a double; nothing where
/// it would be infinite.
Bound bound_of_constant(double magnitude);
Bound sum_of(const Bound& a, const Bound& b);
Bound product_of(const Bound& a, const Bound& b);
Bound power_of(const Bound& a, const Rational& positive_exponent);
/// A bound of both, where one holds on one set and one on another.
Bound join(const Bound& a, const Bound& b);
/// The one that grows less at infinity: α first, then κ, p, A.
Bound better_of(const Bound& a, const Bound& b);

/// A bound of |e| for x in the interval, or nothing.
Bound bound_on(const Expr& e, const Range& x);

}  // namespace nke::detail
