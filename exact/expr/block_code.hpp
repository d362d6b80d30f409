// SPDX-License-Identifier: Apache-2.0
// What stands between the compiler of block programs (block_compile.cpp), the fusing of steps (block_fuse.cpp), the
// plan of memory (block_plan.cpp) and the evaluator (block_program.cpp). Private to these.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <nke/exact/expr/block_program.hpp>

#include "block_steps.hpp"

namespace nke::detail {

using block::Operation;

/// What a value depends on, as a sum of these: only numbers 0, the row's inputs 1, the columns' 2, the entries' 4.
using Dependence = unsigned;
inline constexpr Dependence on_row = 1, on_column = 2, on_entry = 4;

/// A value before it has a place: a number, an input, or what a step computes.
struct ValueRef {
  enum class Kind : std::uint8_t { none, number, input, step };
  Kind kind = Kind::none;
  int index = 0;
  friend auto operator<=>(const ValueRef&, const ValueRef&) = default;
};

struct ValueStep {
  Operation operation = Operation::copy;
  std::array<ValueRef, block::most_operands> in{};
  Dependence dependence = 0;
  friend auto operator<=>(const ValueStep&, const ValueStep&) = default;
};

/// The formulas as steps, each computed once; inputs are counted through row, column and entry.
struct ValueGraph {
  std::vector<double> numbers;
  std::vector<Dependence> inputs;
  std::vector<ValueStep> steps;
  std::vector<ValueRef> outputs;

  Dependence dependence(const ValueRef& v) const;
};

/// The operation a primitive is computed by.
Operation operation_of(Function f);

ValueGraph compile_block(std::span<const Expr> outputs, const BlockInputs& inputs);

/// Multiply-adds for products used once, in a sum of the same dependence; then steps nobody needs are dropped.
ValueGraph fuse(ValueGraph graph);

/// Operands and results are slots: first the row's vectors (numbers, row inputs, row results), then column inputs,
/// entry inputs, stored column values, outputs, registers.
struct PlannedStep {
  Operation operation = Operation::copy;
  std::array<int, block::most_operands> in = nothing();
  int out = 0;

  static constexpr std::array<int, block::most_operands> nothing() {
    std::array<int, block::most_operands> none{};
    none.fill(-1);
    return none;
  }
};

struct BlockPlan {
  std::vector<double> numbers;
  int row_inputs = 0, row_values = 0;  ///< row_values: all vectors of the row, numbers and inputs among them
  int column_inputs = 0, entry_inputs = 0, column_values = 0, outputs = 0;
  int registers = 0;                ///< the most any of the lists needs
  std::vector<PlannedStep> row;     ///< once a call
  std::vector<PlannedStep> column;  ///< column inputs to column values
  std::vector<PlannedStep> entry;   ///< with column values at hand
  std::vector<PlannedStep> whole;   ///< column and entry in one, nothing at hand

  int first_column_input() const { return row_values; }
  int first_entry_input() const { return first_column_input() + column_inputs; }
  int first_column_value() const { return first_entry_input() + entry_inputs; }
  int first_output() const { return first_column_value() + column_values; }
  int first_register() const { return first_output() + outputs; }
  int slots() const { return first_register() + registers; }
};

BlockPlan plan_block(const ValueGraph& graph, const BlockInputs& inputs);

}  // namespace nke::detail
