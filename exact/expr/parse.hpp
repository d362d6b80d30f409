// SPDX-License-Identifier: Apache-2.0
// From text to an expression; the language is described in docs/expressions.md.
//
// Definition  numbers are exact: 0.044715 is 44715/1000000. Precedence, from loose to tight: + -, * /, unary minus, ^
//             (to the right): -x^2 is -(x^2), 2^-x is 2^(-x), x^y^z is x^(y^z). 2x is refused: write 2*x.
// Errors      ParseError with the position and a caret; DomainError for 1/0, 0^0, log(0), (-2)^(1/2); LimitError.
// Limits      64 KiB of text, nesting 200, literals of 15 000 digits and decimal exponents of 10 000.
// Cost        linear in the text, up to a logarithm.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nke/exact/expr/expr.hpp>

namespace nke {

struct ParseOptions {
  /// The symbols that may occur; nothing: any name. A name that is not among them is an error with a suggestion.
  std::optional<std::vector<std::string>> symbols = std::nullopt;
  /// Functions beside those of the language, which come first: whether there is one of this name, and what a call of it
  /// is; a DomainError of the latter is shown with its place. Null: none.
  bool (*is_defined)(std::string_view name) = nullptr;
  Expr (*defined)(std::string_view name, const std::vector<Expr>& arguments) = nullptr;
};

inline constexpr std::size_t expression_text_limit = 64 * 1024;
inline constexpr int expression_nesting_limit = 200;
inline constexpr std::size_t literal_digit_limit = 15'000;  // every number within Expr's limit fits

Expr parse_expression(std::string_view text, const ParseOptions& options = {});

/// The nearest of `candidates` to `name` by edit distance (swapped neighbours count one), or an empty view if none is
/// near.
std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace nke
