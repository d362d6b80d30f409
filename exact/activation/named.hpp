// SPDX-License-Identifier: Apache-2.0
// Which activations have a name? The registry: a table of expressions with their sources.
//
// A row is text: nothing in the library is coded for a particular activation, and no formula of a dual is here. To add
// one, add a row to named_in.cpp or named_out.cpp (docs/activations.md); the tests run over every row.
#pragma once

#include <span>
#include <string_view>

namespace nke {

struct NamedParameter {
  std::string_view name;
  std::string_view default_value;  ///< exact text: a decimal, a fraction or a constant expression
};

/// Whether the dual has a closed form: σ is a sum of polynomial × exp(quadratic) × at most one gate (step or Φ).
enum class ClosedFormClass { in, out };

struct NamedActivation {
  std::string_view name;
  std::span<const std::string_view> aliases;
  std::span<const NamedParameter> parameters;
  std::string_view expression;  ///< in x and the parameters
  ClosedFormClass closed_form;
  std::string_view closed_form_reason;  ///< the form it takes, or what leaves the class
  std::string_view description;
  std::string_view source;  ///< authors, year, arXiv id or DOI where there is one
};

/// Every named activation, in the order of the table: piecewise polynomial, with exponentials, smooth in the class,
/// outside.
std::span<const NamedActivation> named_activations();

/// The row with this name or alias, or null.
const NamedActivation* find_named_activation(std::string_view name);

/// The known name or alias nearest to this one by edit distance; empty if none is near.
std::string_view nearest_activation_name(std::string_view name);

}  // namespace nke
