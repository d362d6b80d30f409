// SPDX-License-Identifier: Apache-2.0
#include <nke/exact/dual/emit.hpp>

#include "emit_layout.hpp"

namespace nke {
namespace {

constexpr std::size_t line_width = 80;

// Roughly what is seen: a command counts as one letter, brackets of the language and spaces as nothing. Fractions count
// both their parts, so that lines come out short rather than long.
std::size_t seen_letters(std::string_view latex) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < latex.size(); ++i) {
    const char c = latex[i];
    if (c == '\\') {
      while (i + 1 < latex.size() && ((latex[i + 1] >= 'a' && latex[i + 1] <= 'z') || latex[i + 1] == '_')) ++i;
      ++count;
    } else if (c != ' ' && c != '{' && c != '}' && c != '^' && c != '_') {
      ++count;
    }
  }
  return count;
}

void add_formula(std::string& text, const std::string& head, const std::string& formula) {
  if (!text.empty()) text += " \\\\\n";
  const auto cut = cut_at_terms(formula, line_width, seen_letters, 0);
  text += head + " &= " + cut.front();
  for (std::size_t i = 1; i < cut.size(); ++i) text += " \\\\\n &\\quad {} " + cut[i];
}

}  // namespace

std::string emit_latex(const DualFormula& formula) {
  const PrintedDual printed = printed_dual(formula, to_shared_latex);
  std::string text;
  if (printed.value) add_formula(text, "K(a,b,c)", *printed.value);
  if (printed.derivative) add_formula(text, "\\dot K(a,b,c)", *printed.derivative);
  for (const auto& [name, part] : printed.where) {
    const bool first = &name == &printed.where.front().name;
    add_formula(text, (first ? "\\text{where}\\quad " : "") + name, part);
  }
  return "\\begin{aligned}\n" + text + "\n\\end{aligned}\n";
}

}  // namespace nke
