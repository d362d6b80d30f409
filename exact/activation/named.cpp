// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include <nke/exact/activation/named.hpp>
#include <nke/exact/expr/parse.hpp>

#include "named_rows.hpp"

namespace nke {
namespace {

std::vector<NamedActivation> build_registry() {
  std::vector<NamedActivation> registry;
  const auto add = [&registry](std::span<const detail::NamedRow> rows, ClosedFormClass closed_form) {
    for (const detail::NamedRow& row : rows) {
      const auto aliases = std::find(row.aliases.begin(), row.aliases.end(), std::string_view()) - row.aliases.begin();
      const auto parameters = std::find_if(row.parameters.begin(), row.parameters.end(),
                                           [](const NamedParameter& p) { return p.name.empty(); }) -
                              row.parameters.begin();
      registry.push_back({.name = row.name,
                          .aliases = std::span(row.aliases).first(static_cast<std::size_t>(aliases)),
                          .parameters = std::span(row.parameters).first(static_cast<std::size_t>(parameters)),
                          .expression = row.expression,
                          .closed_form = closed_form,
                          .closed_form_reason = row.closed_form_reason,
                          .description = row.description,
                          .source = row.source});
    }
  };
  add(detail::rows_with_closed_form(), ClosedFormClass::in);
  add(detail::rows_without_closed_form(), ClosedFormClass::out);
  return registry;
}

const std::vector<NamedActivation>& registry() {
  static const std::vector<NamedActivation> rows = build_registry();
  return rows;
}

}  // namespace

std::span<const NamedActivation> named_activations() {
  return registry();
}

const NamedActivation* find_named_activation(std::string_view name) {
  for (const NamedActivation& row : registry()) {
    if (row.name == name || std::find(row.aliases.begin(), row.aliases.end(), name) != row.aliases.end()) return &row;
  }
  return nullptr;
}

std::string_view nearest_activation_name(std::string_view name) {
  std::vector<std::string_view> candidates;
  for (const NamedActivation& row : registry()) {
    candidates.push_back(row.name);
    candidates.insert(candidates.end(), row.aliases.begin(), row.aliases.end());
  }
  return nearest_name(name, candidates);
}

}  // namespace nke
