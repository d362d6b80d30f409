// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include <nke/exact/expr/function_table.hpp>

#include "primitives_bivariate.hpp"
#include "primitives_complex.hpp"
#include "primitives_exponential.hpp"
#include "primitives_switching.hpp"
#include "primitives_trigonometric.hpp"

namespace nke {
namespace {

template <std::size_t... i>
constexpr std::array<FunctionRow, sizeof...(i)> make_table(std::index_sequence<i...>) {
  return {row_of<static_cast<Function>(i)>()...};
}

// One row for each enumerator: an enumerator without its Primitive does not compile.
constexpr auto table = make_table(std::make_index_sequence<function_count>());

}  // namespace

const FunctionRow& function_row(Function function) {
  return table[static_cast<std::size_t>(function)];
}

std::span<const FunctionRow> function_table() {
  return table;
}

const FunctionRow* find_function(std::string_view name) {
  for (const FunctionRow& row : table) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace nke
