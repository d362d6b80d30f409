// SPDX-License-Identifier: Apache-2.0
// Expressions as text and as LaTeX, in the order an author would choose; the same output on every run.
//
// Definition  parse_expression(to_text(e)) == e, unless the text is past the parser's limits. Numbers print as
//             decimals where these are finite and short, as a/b otherwise. Few parentheses: only those that the
//             precedence asks for.
// Limits      50 000 nodes written out as a tree: LimitError.
#pragma once

#include <string>

#include <nke/exact/expr/expr.hpp>

namespace nke {

inline constexpr std::uint64_t print_size_limit = 50'000;

/// "x*tanh(log(1 + exp(x)))".
std::string to_text(const Expr& e);
/// "x \tanh\left(\log\left(1 + e^{x}\right)\right)", for math mode with amsmath.
std::string to_latex(const Expr& e);

}  // namespace nke
