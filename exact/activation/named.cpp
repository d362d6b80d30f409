// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <numeric>
#include <string>
#include <vector>

#include <nke/exact/activation/named.hpp>

#include "named_rows.hpp"

namespace nke {
namespace {

std::vector<NamedActivation> build_registry() {
  std::vector<NamedActivation> registry;
  const auto add = [&registry](std::span<const detail::NamedRow> rows, ClosedForm closed_form) {
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
  add(detail::rows_with_closed_form(), ClosedForm::in);
  add(detail::rows_without_closed_form(), ClosedForm::out);
  return registry;
}

const std::vector<NamedActivation>& registry() {
  static const std::vector<NamedActivation> rows = build_registry();
  return rows;
}

// Insertions, deletions and substitutions that turn a into b; letters that differ in case only count as equal.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
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
  constexpr std::size_t longest_name = 64;  // nothing longer is a misspelt name
  if (name.empty() || name.size() > longest_name) return {};
  std::string_view nearest;
  std::size_t smallest = 1 + std::max<std::size_t>(1, name.size() / 3);  // a third of the letters may be wrong
  const auto consider = [&](std::string_view candidate) {
    if (const std::size_t distance = edit_distance(name, candidate); distance < smallest) {
      smallest = distance;
      nearest = candidate;
    }
  };
  for (const NamedActivation& row : registry()) {
    consider(row.name);
    for (const std::string_view alias : row.aliases) consider(alias);
  }
  return nearest;
}

}  // namespace nke
