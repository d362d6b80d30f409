// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/activation/named.hpp>
#include <nke/exact/dual/closed_form.hpp>
#include <nke/exact/dual/emit.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/substitute.hpp>

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
  // "gelu(2*x - 1)" is an expression in which gelu is a function; "gelu(x)" is gelu.
  std::string_view word;
  for (std::size_t i = open; i < close; i += std::max<std::size_t>(word.size(), 1)) {
    word = text.substr(i, std::min(text.find_first_not_of(letters, i), text.size()) - i);
    const bool is_x = word == "x";
    const bool alone =
        text.find_first_not_of(" \t\n", open + 1) == i && text.find_first_not_of(" \t\n", i + 1) == close - 1;
    if (is_x && !alone) return nullptr;
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

// A number that would make every coefficient unreadable.
bool is_long(const Expr& value) {
  constexpr std::size_t longest = 20;
  return value.is_number() && to_text(value).size() > longest;
}

// What the text means; parameters of a plain name that have long values stay symbols.
Expr formula_to_derive(std::string_view text, const NamedActivation* row, std::vector<FormulaParameter>& meant) {
  const bool plain = row != nullptr && text.find('(') == std::string_view::npos;
  if (!plain) return activation_formula(text);
  Substitution short_values;
  for (const NamedParameter& parameter : row->parameters) {
    const Expr value = parse_expression(parameter.default_value);
    if (is_long(value)) {
      meant.push_back({std::string(parameter.name), value, true});
    } else {
      short_values.emplace(parameter.name, value);
    }
  }
  return substitute(parse_expression(row->expression), short_values);
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
  const NamedActivation* row = row_of(activation_text);
  std::vector<FormulaParameter> parameters;
  const Expr sigma = formula_to_derive(activation_text, row, parameters);
  DualFormula formula = dual_formula(closed_form_dual(sigma), distributional);
  formula.name = row == nullptr ? "sigma" : std::string(row->name);
  formula.activation = std::string(activation_text);
  formula.sigma = sigma;
  for (const std::string& name : symbols(sigma)) {
    const bool known = std::any_of(parameters.begin(), parameters.end(),
                                   [&name](const FormulaParameter& parameter) { return parameter.name == name; });
    if (name != "x" && !known) parameters.push_back({name, usual_value(row, name)});
  }
  formula.parameters = std::move(parameters);
  return formula;
}

}  // namespace nke
