// SPDX-License-Identifier: Apache-2.0
#include <nke/exact/dual/emit.hpp>

#include "emit_layout.hpp"

namespace nke {
namespace {

constexpr std::size_t line_width = 100;

std::size_t characters(std::string_view text) {
  return text.size();
}

void add_formula(std::vector<std::string>& lines, const std::string& head, const std::string& text) {
  const std::string indent(head.size(), ' ');
  const auto cut = cut_at_terms(text, line_width - head.size(), characters, 2);
  for (const std::string& line : cut) lines.push_back((&line == &cut.front() ? head : indent) + line);
}

}  // namespace

std::vector<std::string> emit_text(const DualFormula& formula) {
  const PrintedDual printed = printed_dual(formula, to_shared_text);
  std::vector<std::string> lines;
  if (printed.value) add_formula(lines, "K(a,b,c)  = ", *printed.value);
  if (printed.derivative) add_formula(lines, "K'(a,b,c) = ", *printed.derivative);
  for (const auto& [name, text] : printed.where) {
    const bool first = &name == &printed.where.front().name;
    add_formula(lines, (first ? "    where " : "          ") + name + " = ", text);
  }
  return lines;
}

}  // namespace nke
