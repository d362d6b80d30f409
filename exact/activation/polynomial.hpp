// SPDX-License-Identifier: Apache-2.0
// Polynomials in x with rational coefficients: recognised in expressions, and their real roots without error.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <nke/exact/expr/expr.hpp>
#include <nke/exact/real/rational.hpp>

#include "point.hpp"

namespace nke::detail {

/// c_0 … c_n with e = Σ c_k x^k and c_n ≠ 0 (empty for e = 0); nothing if e is no such polynomial or n > degree_limit.
using Coefficients = std::vector<Rational>;
inline constexpr int degree_limit = 200;
std::optional<Coefficients> polynomial_coefficients(const Expr& e);

/// All real roots in increasing order, each once; rational ones exactly. The polynomial is not zero.
std::vector<Point> real_roots(const Coefficients& coefficients);

}  // namespace nke::detail
