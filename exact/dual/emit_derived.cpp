// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/activation/named.hpp>
#include <nke/exact/dual/closed_form.hpp>
#include <nke/exact/dual/emit.hpp>
#include <nke/exact/expr/parse.hpp>

namespace nke {
namespace {

// The row whose name the text begins with: a formula that is not of the registry has no usual values.
const NamedActivation* row_of(std::string_view text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  const std::size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos) return nullptr;
  const std::size_t end = std::min(text.find_first_not_of(letters, begin), text.size());
  const NamedActivation* row = find_named_activation(text.substr(begin, end - begin));
  const std::size_t open = std::min(text.find_first_not_of(" \t\n", end), text.size());
  if (row == nullptr || (open < text.size() && text[open] != '(')) return nullptr;
  // "gelu(x)*2" begins like a call of the registry, too: the whole must be one pair of parentheses.
  const std::size_t close = open == text.size() ? open : text.find_last_not_of(" \t\n") + 1;
  int depth = 0;
  for (std::size_t i = open; i < close; ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth == 0 && i + 1 < close) return nullptr;
  }
  return row;
}

std::optional<Expr> usual_value(const NamedActivation* row, const std::string& name) {
  if (row == nullptr) return std::nullopt;
  for (const NamedParameter& parameter : row->parameters) {
    if (parameter.name == name) return parse_expression(parameter.default_value);
  }
  return std::nullopt;
}

}  // namespace

DualFormula dual_formula(const ClosedForm& closed, bool distributional) {
  DualFormula formula;
  formula.value = closed.value;
  formula.derivative = distributional ? closed.derivative + closed.jumps : closed.derivative;
  formula.stable_value = closed.stable_value;
  formula.stable_derivative =
      distributional ? closed.stable_derivative + closed.stable_jumps : closed.stable_derivative;
  if (!closed.jumps.is_zero()) formula.jumps = closed.jumps;
  formula.mean = closed.mean;
  formula.diagonal = closed.diagonal;
  formula.assumptions = closed.assumptions;
  formula.integrable_where_positive = closed.integrable_where_positive;
  formula.distributional = distributional && !closed.jumps.is_zero();
  return formula;
}

DualFormula derive_formula(std::string_view activation_text, bool distributional) {
  const Expr sigma = activation_formula(activation_text);
  DualFormula formula = dual_formula(closed_form_dual(sigma), distributional);
  const NamedActivation* row = row_of(activation_text);
  formula.name = row == nullptr ? "sigma" : std::string(row->name);
  formula.activation = std::string(activation_text);
  formula.sigma = sigma;
  for (const std::string& name : symbols(sigma)) {
    if (name != "x") formula.parameters.push_back({name, usual_value(row, name)});
  }
  return formula;
}

}  // namespace nke
