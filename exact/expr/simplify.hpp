// SPDX-License-Identifier: Apache-2.0
// A shorter or numerically safer form of the same function.
//
// Definition  a few rules, from the leaves up, until none applies; simplify.cpp gives each with its reason.
// Domain      the value is kept wherever the argument is defined; single points may be filled in.
// Degenerate  simplify(simplify(e)) == simplify(e). A part that turns out to be defined nowhere, such as 1/(2*(1 + x)
//             - 2 - 2*x), is a DomainError.
// Cost        each distinct subexpression is visited once.
#pragma once

#include <nke/exact/expr/expr.hpp>

namespace nke {

Expr simplify(const Expr& e);

/// Products and small integer powers of sums multiplied out, everywhere in e. LimitError past `term_limit` terms.
Expr expand(const Expr& e, std::size_t term_limit = 10'000);

}  // namespace nke
