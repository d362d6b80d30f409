// SPDX-License-Identifier: Apache-2.0
// What does the text of an activation mean: a name, a name with parameters, or an expression in x?
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nke/exact/activation/activation.hpp>

namespace nke {

struct ActivationText {
  Expr expression;
  std::string name;
  std::vector<Parameter> parameters;
  const NamedActivation* named = nullptr;
};

/// The rules are on the page of activation.hpp. ParseError, DomainError.
ActivationText read_activation_text(std::string_view text);

}  // namespace nke
