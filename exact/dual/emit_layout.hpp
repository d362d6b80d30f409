// SPDX-License-Identifier: Apache-2.0
// What all formats of a dual have in common. Private to exact/dual.
#pragma once

#include <string>
#include <vector>

#include <nke/exact/dual/emit.hpp>
#include <nke/exact/expr/print.hpp>

namespace nke {

/// Value and derivative with one list of names, in text or LaTeX.
struct PrintedDual {
  std::optional<std::string> value;
  std::optional<std::string> derivative;
  std::vector<NamedPart> where;
};
PrintedDual printed_dual(const DualFormula& formula, SharedText (*print)(std::span<const Expr>));

/// The text cut before a " + " or " - ", so that lines hold at most `width` columns where that is possible: where no
/// bracket is open, and in lines that are still too long where `most_brackets` or fewer are.
std::vector<std::string> cut_at_terms(const std::string& text, std::size_t width,
                                      std::size_t (*columns)(std::string_view), int most_brackets);

/// A long line of code cut at its terms.
std::vector<std::string> cut_code(const std::string& text);

/// What stands on top of code: activation, formulas, where they hold, what was measured, how to get it again.
std::vector<std::string> about(const DualFormula& formula, const std::string& format);

/// Parameters, those without a usual value first: "slope, alpha=0.01" in Python, "double slope, double alpha = 0.01" in
/// C++, where one that `used` does not depend on has no name, only a comment.
std::string parameter_list(const DualFormula& formula, Language language, const std::string& before,
                           const Expr* used = nullptr);

}  // namespace nke
