// SPDX-License-Identifier: Apache-2.0
// The names a user may call: the primitives, and spellings that stand for expressions in them. Private to exact/expr.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nke/exact/expr/expr.hpp>

namespace nke {

/// sqrt(x), relu(x), clip(x, low, high), pow(x, y), and min and max of more than two.
struct Spelling {
  std::string_view name;
  std::size_t fewest;
  std::size_t most;
  Expr (*expand)(std::span<const Expr> arguments);
};

/// Whether a name is a function: a primitive, a spelling or piecewise.
bool is_function_name(std::string_view name);
/// "tanh takes 1 argument, not 2", or nothing if the number of arguments is right. The name is that of a function.
std::string wrong_argument_count(std::string_view name, std::size_t count);
/// The call of a function that is not piecewise, with the right number of arguments.
Expr call(std::string_view name, const std::vector<Expr>& arguments);
/// pi and e.
std::optional<Expr> named_constant(std::string_view name);
/// A known name for an unknown one: "log" for "ln", "tanh" for "tahn"; empty if none is near. Functions only, or any
/// name including `symbols`.
std::string suggestion_for_function(std::string_view name);
std::string suggestion_for_symbol(std::string_view name, const std::vector<std::string>& symbols);

}  // namespace nke
