// SPDX-License-Identifier: Apache-2.0
#include "activation_text.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <nke/exact/activation/named.hpp>
#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/substitute.hpp>
#include <nke/exact/real/error.hpp>

namespace nke {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// The name at the start of the text; empty if there is none.
std::string_view leading_name(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() &&
         (is_letter(text[length]) || (length > 0 && text[length] >= '0' && text[length] <= '9'))) {
    ++length;
  }
  return text.substr(0, length);
}

// The arguments of "(…)" if the text is one pair of parentheses around them, cut at its own commas.
std::optional<std::vector<std::string_view>> arguments_in(std::string_view text) {
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') return std::nullopt;
  std::vector<std::string_view> arguments;
  std::size_t start = 1;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0 && i + 1 != text.size()) return std::nullopt;
    if ((text[i] == ',' && depth == 1) || i + 1 == text.size()) {
      arguments.push_back(trimmed(text.substr(start, i - start)));
      start = i + 1;
    }
  }
  if (depth != 0) return std::nullopt;
  if (arguments.size() == 1 && arguments.front().empty()) arguments.clear();
  return arguments;
}

bool mentions_x(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view name = leading_name(text.substr(i));
    if (name == "x") return true;
    i += std::max<std::size_t>(1, name.size());
  }
  return false;
}

std::string signature(const NamedActivation& row) {
  std::string text = std::string(row.name) + "(";
  for (const NamedParameter& parameter : row.parameters) {
    if (text.back() != '(') text += ", ";
    text += std::string(parameter.name) + "=" + std::string(parameter.default_value);
  }
  return text + ")";
}

using ParseParameter = Expr (*)(std::string_view text);

Expr constant(std::string_view text) {
  return parse_expression(text, {.symbols = std::vector<std::string>{}});
}

Expr any_expression(std::string_view text) {
  return parse_expression(text);
}

ActivationText named_with(const NamedActivation& row, const std::vector<std::string_view>& arguments,
                          ParseParameter parse_parameter) {
  std::map<std::string_view, Expr> values;
  for (const NamedParameter& parameter : row.parameters) {
    values.emplace(parameter.name, constant(parameter.default_value));
  }
  if (arguments.size() > row.parameters.size()) {
    throw DomainError("'" + std::string(row.name) + "' takes " + std::to_string(row.parameters.size()) +
                      (row.parameters.size() == 1 ? " parameter, not " : " parameters, not ") +
                      std::to_string(arguments.size()) + ": " + signature(row));
  }
  std::vector<std::string_view> given;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string_view name = row.parameters[i].name;
    std::string_view value = arguments[i];
    if (const std::string_view label = leading_name(value); !label.empty()) {
      const std::string_view rest = trimmed(value.substr(label.size()));
      if (!rest.empty() && rest.front() == '=') {
        name = label;
        value = trimmed(rest.substr(1));
      }
    }
    const auto target = values.find(name);
    if (target == values.end()) {
      throw DomainError("'" + std::string(row.name) + "' has no parameter '" + std::string(name) +
                        "': " + signature(row));
    }
    if (std::find(given.begin(), given.end(), name) != given.end()) {
      throw DomainError("the parameter '" + std::string(name) + "' of '" + std::string(row.name) + "' is given twice");
    }
    given.push_back(name);
    target->second = parse_parameter(value);
  }
  Substitution substitution;
  ActivationText result;
  for (const NamedParameter& parameter : row.parameters) {
    substitution.emplace(parameter.name, values.at(parameter.name));
    result.parameters.push_back({std::string(parameter.name), values.at(parameter.name)});
  }
  try {
    result.expression = substitute(parse_expression(row.expression), substitution);
  } catch (const DomainError& error) {
    throw DomainError("these parameters of '" + std::string(row.name) + "' leave nothing defined: " + error.what());
  }
  result.named = &row;
  return result;
}

// A named activation as a function within an expression: gelu(2*x - 1), elu(x, 1/3).
Expr applied(std::string_view name, const std::vector<Expr>& arguments) {
  const NamedActivation& row = *find_named_activation(name);
  const std::string called = std::string(row.name);
  if (arguments.empty() || !depends_on(arguments.front(), "x")) {
    std::string example = called + "(x";
    for (const NamedParameter& parameter : row.parameters) example += ", " + std::string(parameter.name);
    throw DomainError("within an expression '" + called + "' is applied to something with x: " + example + ")");
  }
  if (arguments.size() - 1 > row.parameters.size()) {
    throw DomainError("'" + called + "' has " + std::to_string(row.parameters.size()) +
                      (row.parameters.size() == 1 ? " parameter" : " parameters") +
                      " beside its argument: " + signature(row));
  }
  Substitution substitution{{"x", arguments.front()}};
  for (std::size_t i = 0; i < row.parameters.size(); ++i) {
    const NamedParameter& parameter = row.parameters[i];
    substitution.emplace(parameter.name,
                         i + 1 < arguments.size() ? arguments[i + 1] : constant(parameter.default_value));
  }
  return substitute(parse_expression(row.expression), substitution);
}

bool is_activation(std::string_view name) {
  return find_named_activation(name) != nullptr;
}

ParseOptions with_activations() {
  ParseOptions options;
  options.is_defined = is_activation;
  options.defined = applied;
  return options;
}

[[noreturn]] void unknown(std::string_view name) {
  const std::string_view nearest = nearest_activation_name(name);
  throw DomainError("no activation is named '" + std::string(name) + "'" +
                    (nearest.empty() ? "" : ", did you mean '" + std::string(nearest) + "'?") +
                    " (nke list prints all; an expression must contain x)");
}

// Duals are given as formulas too, elsewhere: dual("c^2"), exp_normalized(1).
[[noreturn]] void refuse_dual(std::string_view name) {
  throw DomainError(
      "'" + std::string(name) +
      "(...)' is a dual K(a,b,c), not an activation: no sigma belongs to it, and what is about sigma itself "
      "cannot be had (nke dual and nke kernel take duals)");
}

// A name with or without parameters; nothing if the text is an expression.
std::optional<ActivationText> read_named(std::string_view text, ParseParameter parse_parameter) {
  constexpr std::size_t longest_call = 4096;
  const std::string_view body = trimmed(text);
  const std::string_view name = leading_name(body);
  if (!name.empty() && body.size() <= longest_call) {
    const NamedActivation* row = find_named_activation(name);
    const std::string_view rest = trimmed(body.substr(name.size()));
    const bool dual = (name == "dual" || name == "exp_normalized") && (rest.empty() || rest.front() == '(');
    if (row == nullptr && dual) refuse_dual(name);
    if (rest.empty() && row != nullptr) {
      return named_with(*row, {}, parse_parameter);
    } else if (rest.empty() && name != "x" && name != "pi" && name != "e") {
      unknown(name);
    } else if (row != nullptr && !mentions_x(rest)) {
      if (const auto arguments = arguments_in(rest)) return named_with(*row, *arguments, parse_parameter);
    } else if (row != nullptr && find_function(row->name) == nullptr && row->name != "relu") {
      // "gelu(x)" is what one writes who takes it for a function of the language: it can mean one thing only.
      const auto arguments = arguments_in(rest);
      if (arguments && arguments->size() == 1 && arguments->front() == "x") {
        return named_with(*row, {}, parse_parameter);
      }
    }
  }
  return std::nullopt;
}

}  // namespace

ActivationText read_activation_text(std::string_view text) {
  std::optional<ActivationText> result = read_named(text, constant);
  if (!result) {
    result.emplace();
    ParseOptions options = with_activations();
    options.symbols = std::vector<std::string>{"x"};
    result->expression = parse_expression(text, options);
  }
  result->name = std::string(trimmed(text));
  return *result;
}

Expr activation_formula(std::string_view text) {
  const std::optional<ActivationText> named = read_named(text, any_expression);
  return named ? named->expression : parse_expression(text, with_activations());
}

}  // namespace nke
