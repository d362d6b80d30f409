// SPDX-License-Identifier: Apache-2.0
// Expressions put in place of symbols, all at once.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <nke/exact/expr/expr.hpp>

namespace nke {

using Substitution = std::map<std::string, Expr, std::less<>>;

/// e with each named symbol replaced; the replacements are not searched again. The result is in normal form, so that an
/// undefined value such as 1/x at x = 0 is a DomainError.
Expr substitute(const Expr& e, const Substitution& replacements);
Expr substitute(const Expr& e, std::string_view symbol_name, const Expr& replacement);

}  // namespace nke
