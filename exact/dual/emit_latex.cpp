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

// The longest bracket \left( … \right) of a line that stands in no other: where it begins, and where its inside ends.
std::pair<std::size_t, std::size_t> longest_bracket(const std::string& line) {
  constexpr std::string_view left = "\\left(";
  constexpr std::string_view right = "\\right)";
  std::pair<std::size_t, std::size_t> longest{0, 0};
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '{') ++depth;
    if (line[i] == '}') --depth;
    if (line.compare(i, left.size(), left) == 0 && depth++ == 0) begin = i;
    if (line.compare(i, right.size(), right) == 0 && --depth == 0 && i - begin > longest.second - longest.first) {
      longest = {begin, i};
    }
  }
  return longest;
}

// A line that is too long is cut inside its longest bracket, too, which then is one of fixed size: \left and \right have
// to stand on one line.
std::vector<std::string> cut_inside(const std::string& line) {
  const auto [begin, end] = longest_bracket(line);
  if (seen_letters(line) <= line_width || end == 0) return {line};
  const std::size_t inside = begin + std::string_view("\\left(").size();
  auto cut = cut_at_terms(line.substr(inside, end - inside), line_width, seen_letters, 0);
  if (cut.size() == 1) return {line};
  cut.front() = line.substr(0, begin) + "\\Bigl(" + cut.front();
  cut.back() += "\\Bigr)" + line.substr(end + std::string_view("\\right)").size());
  return cut;
}

void add_formula(std::string& text, const std::string& head, const std::string& formula) {
  if (!text.empty()) text += " \\\\\n";
  std::vector<std::string> cut;
  for (const std::string& line : cut_at_terms(formula, line_width, seen_letters, 0)) {
    for (std::string& part : cut_inside(line)) cut.push_back(std::move(part));
  }
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
