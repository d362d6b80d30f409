// SPDX-License-Identifier: Apache-2.0
// The rows of the registry as constants; named.cpp turns them into NamedActivation.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include <nke/exact/activation/named.hpp>

namespace nke::detail {

/// Unused aliases and parameters stay empty.
struct NamedRow {
  std::string_view name;
  std::array<std::string_view, 3> aliases;
  std::array<NamedParameter, 4> parameters;
  std::string_view expression;
  std::string_view closed_form_reason;
  std::string_view description;
  std::string_view source;
};

/// Those whose dual has a closed form, and those whose dual has none (docs/activations.md says how to tell).
std::span<const NamedRow> rows_with_closed_form();
std::span<const NamedRow> rows_without_closed_form();

}  // namespace nke::detail
