// SPDX-License-Identifier: Apache-2.0
#include "emit_layout.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace nke {

namespace {

// All digits of a finite decimal; a fraction otherwise.
std::string exact_decimal(const Rational& q) {
  constexpr std::size_t most_places = 400;
  Rational scaled = abs(q);
  std::size_t places = 0;
  for (; places < most_places && !scaled.is_integer(); ++places) scaled *= Rational(10);
  if (!scaled.is_integer()) return q.to_string();
  std::string digits = scaled.to_string();
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return (q.sign() < 0 ? "-" : "") + digits;
}

}  // namespace

PrintedDual printed_dual(const DualFormula& formula, SharedText (*print)(std::span<const Expr>)) {
  std::vector<Expr> results;
  if (formula.value) results.push_back(*formula.value);
  if (formula.derivative) results.push_back(*formula.derivative);
  SharedText text = print(results);
  PrintedDual printed;
  if (formula.value) printed.value = text.results.front();
  if (formula.derivative) printed.derivative = text.results.back();
  printed.where = std::move(text.where);
  for (const FormulaParameter& parameter : formula.parameters) {
    if (!parameter.is_meant) continue;
    const SharedText name = print(std::vector{symbol(parameter.name)});
    printed.where.push_back({name.results.front(), exact_decimal(parameter.usual->number())});
  }
  return printed;
}

namespace {

// The pieces between the places where `open` brackets are open and a term begins.
std::vector<std::string> terms_at(const std::string& text, int open) {
  std::vector<std::string> terms;
  int depth = 0;
  std::size_t start = 0;
  const auto begins = [&text](std::size_t at, std::string_view word) {
    return text.compare(at, word.size(), word) == 0;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '{' || begins(i, "\\begin{")) ++depth;
    if (c == ')' || c == '}' || begins(i, "\\end{")) --depth;
    if (depth == open && i > start && (begins(i, " + ") || begins(i, " - "))) {
      terms.push_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  terms.push_back(text.substr(start));
  return terms;
}

}  // namespace

std::vector<std::string> cut_at_terms(const std::string& text, std::size_t width,
                                      std::size_t (*columns)(std::string_view), int most_brackets) {
  std::vector<std::string> lines{text};
  for (int open = 0; open <= most_brackets; ++open) {
    std::vector<std::string> shorter;
    for (const std::string& line : lines) {
      bool first = true;
      for (const std::string& term : terms_at(line, open)) {
        const bool fits = !first && columns(shorter.back()) + columns(term) < width;
        if (fits) {
          shorter.back() += " " + term;
        } else {
          shorter.push_back(term);
        }
        first = false;
      }
    }
    lines = std::move(shorter);
  }
  return lines;
}

std::vector<std::string> cut_code(const std::string& text) {
  constexpr std::size_t line_width = 100;
  return cut_at_terms(
      text, line_width, [](std::string_view line) { return line.size(); }, 3);
}

namespace {

std::string listed(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string rounded_up(double x) {
  const double unit = std::pow(10.0, std::floor(std::log10(x)));
  char text[32];
  std::snprintf(text, sizeof text, "%.0e", std::ceil(x / unit * (1 - 1e-12)) * unit);
  return text;
}

}  // namespace

std::vector<std::string> about(const DualFormula& formula, const std::string& format) {
  std::vector<std::string> lines;
  const bool is_given = !formula.sigma;
  lines.push_back((is_given ? "The dual " : "Dual activation of ") + formula.activation + ".");
  if (!is_given && to_text(*formula.sigma) != formula.activation) {
    lines.push_back("  sigma(x)  = " + to_text(*formula.sigma));
  }
  for (const std::string& line : emit_text(formula)) lines.push_back("  " + line);
  if (!is_given) {
    lines.push_back("with K = E[sigma(u) sigma(v)], K' = E[sigma'(u) sigma'(v)], (u,v) ~ N(0, [[a,c],[c,b]]).");
  }
  if (formula.distributional) lines.emplace_back("K' includes what the jumps of sigma add: it is dK/dc.");
  std::vector<std::string> domain{"a, b >= 0", "c^2 <= a*b"};
  for (const auto& conditions : {finite_where(formula), assumed(formula)}) {
    domain.insert(domain.end(), conditions.begin(), conditions.end());
  }
  lines.push_back("Domain: " + listed(domain) + ".");
  constexpr double useless = 1e-3;
  if (formula.error && *formula.error > useless) {
    lines.emplace_back(
        "Accuracy: none in double precision at some of the places tried (a, b = 1/4, 1, 4): terms of this");
    lines.emplace_back("formula are much larger than their sum. Values that hold: nke dual ACT --mode exact.");
  } else if (formula.error) {
    lines.push_back("Accuracy: in double precision within " + rounded_up(std::fmax(*formula.error, 1e-16)) +
                    " sqrt(K(a,a,a) K(b,b,b)) of proven values, K' likewise");
    lines.emplace_back("(a, b = 1/4, 1, 4 and correlations from -1 + 1e-12 to 1 - 1e-12" +
                       std::string(formula.parameters.empty() ? ")." : ", parameters at their usual values)."));
  }
  lines.push_back("Derived by nke " + formula.version + ": nke derive \"" + formula.activation + "\" --format " +
                  format);
  return lines;
}

std::string parameter_list(const DualFormula& formula, Language language, const std::string& before, const Expr* used) {
  const auto print = [language](const Expr& e) {
    const std::vector<Expr> one{e};
    return language == Language::cpp ? to_cpp(one).results.front() : to_python(one, language).results.front();
  };
  const std::string type = language == Language::cpp ? "double " : "";
  const std::string equals = language == Language::cpp ? " = " : "=";
  std::vector<std::string> required;
  std::vector<std::string> optional;
  if (!before.empty()) required.push_back(before);
  for (const FormulaParameter& parameter : formula.parameters) {
    const std::string symbol = code_symbol(parameter.name, language);
    const bool nameless = used != nullptr && !depends_on(*used, parameter.name);
    const std::string name = type + (nameless ? "/*" + symbol + "*/" : symbol);
    if (parameter.usual) {
      optional.push_back(name + equals + print(*parameter.usual));
    } else {
      required.push_back(name);
    }
  }
  required.insert(required.end(), optional.begin(), optional.end());
  return listed(required);
}

}  // namespace nke
