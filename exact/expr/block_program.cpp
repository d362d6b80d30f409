// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <nke/exact/expr/block_program.hpp>
#include <nke/exact/real/error.hpp>

#include "block_code.hpp"

namespace nke {

using block::Operand;
using block::unit;
using detail::BlockPlan;
using detail::PlannedStep;

namespace {

// 4 KiB a register: the half dozen of a usual program stay in the first-level cache, and enough elements share the price
// of an indirect call (docs/fast-duals.md).
constexpr std::size_t block_bytes = 4096;

// Memory of this thread, aligned to a cache line. It grows to the largest program met and stays.
template <class T>
T* workspace(std::size_t count) {
  thread_local std::vector<T> memory;
  if (memory.size() < count + unit<T>) memory.resize(count + unit<T>);
  const auto address = reinterpret_cast<std::uintptr_t>(memory.data());
  return memory.data() + (64 - address % 64) % 64 / sizeof(T);
}

template <class T>
Operand<T>* slot_table(std::size_t count) {
  thread_local std::vector<Operand<T>> table;
  if (table.size() < count) table.resize(count);
  return table.data();
}

// The slots of one call, and the memory behind those that are the program's own.
template <class T>
class Call {
 public:
  Call(const BlockPlan& plan, const block::Kernel<T>* kernels, std::size_t n)
      : plan_(plan), kernels_(kernels), slots_(slot_table<T>(static_cast<std::size_t>(plan.slots()))) {
    // Blocks of nearly equal length, in whole units: 260 doubles are 136 + 124, not 256 + 4.
    const std::size_t most = block_bytes / sizeof(T);
    const std::size_t blocks = (n + most - 1) / most;
    length = blocks == 0 ? 0 : ((n + blocks - 1) / blocks + unit<T> - 1) / unit<T> * unit<T>;
    const auto row_values = static_cast<std::size_t>(plan.row_values);
    const auto borrowed = static_cast<std::size_t>(plan.slots()) - row_values;
    T* memory = workspace<T>(row_values * unit<T> + borrowed * length);
    for (std::size_t i = 0; i < row_values; ++i) slots_[i] = {memory + i * unit<T>, Operand<T>::repeats};
    scratch_ = memory + row_values * unit<T>;
    for (std::size_t i = row_values; i < row_values + borrowed; ++i) {
      slots_[i] = {scratch_of(static_cast<int>(i)), Operand<T>::varies};
    }
  }

  std::size_t length = 0;  // of a block

  void fill_row(std::span<const T> inputs) {
    const std::size_t numbers = plan_.numbers.size();
    for (std::size_t i = 0; i < numbers; ++i) {
      std::fill_n(own(static_cast<int>(i)), unit<T>, static_cast<T>(plan_.numbers[i]));
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) std::fill_n(own(static_cast<int>(numbers + i)), unit<T>, inputs[i]);
    run(plan_.row, unit<T>);
  }

  // The slot is x[0 … n). An input that will be written over is read from a copy; so is a ragged end, filled up with the
  // first value, which is as good as any.
  void bind(int slot, const T* x, std::size_t n, bool overwritten) {
    if (n % unit<T> == 0 && !overwritten) {
      slots_[slot].at = x;
      return;
    }
    T* copy = scratch_of(slot);
    std::memcpy(copy, x, n * sizeof(T));
    std::fill(copy + n, copy + (n + unit<T> - 1) / unit<T> * unit<T>, x[0]);
    slots_[slot].at = copy;
  }
  // The same for memory that may be read up to the next unit.
  void bind_padded(int slot, const T* x) { slots_[slot].at = x; }

  void bind_result(int slot, T* y, std::size_t n) { slots_[slot].at = n % unit<T> == 0 ? y : scratch_of(slot); }
  void deliver(int slot, T* y, std::size_t n) {
    if (slots_[slot].at != y) std::memcpy(y, slots_[slot].at, n * sizeof(T));
  }

  void run(const std::vector<PlannedStep>& steps, std::size_t n) {
    for (const PlannedStep& step : steps) {
      // What is left of earlier steps behind the operands, nobody reads.
      for (std::size_t k = 0; k < block::most_operands && step.in[k] >= 0; ++k) operands_[k] = slots_[step.in[k]];
      kernels_[static_cast<std::size_t>(step.operation)](operands_, own(step.out), n);
    }
  }

 private:
  // Only slots that are written are asked for: registers, results and the row's own.
  T* own(int slot) { return const_cast<T*>(slots_[slot].at); }
  T* scratch_of(int slot) { return scratch_ + static_cast<std::size_t>(slot - plan_.row_values) * length; }

  const BlockPlan& plan_;
  const block::Kernel<T>* kernels_;
  Operand<T>* slots_;
  T* scratch_ = nullptr;
  Operand<T> operands_[block::most_operands];
};

[[noreturn]] void wrong_number(const char* what, std::size_t given, int wanted) {
  throw ShapeError("a block program was given " + std::to_string(given) + " " + what + " and takes " +
                   std::to_string(wanted));
}

template <class Spans>
void require_length(const Spans& spans, std::size_t n) {
  for (const auto& s : spans) {
    if (s.size() != n) {
      throw ShapeError("a block program was given spans of " + std::to_string(n) + " and " + std::to_string(s.size()) +
                       " entries");
    }
  }
}

void require_count(const char* what, std::size_t given, int wanted) {
  if (given != static_cast<std::size_t>(wanted)) wrong_number(what, given, wanted);
}

}  // namespace

template <class T>
bool is_among(std::span<const T> input, std::span<const std::span<T>> outputs) {
  return std::any_of(outputs.begin(), outputs.end(), [&](const auto& out) { return out.data() == input.data(); });
}

template <class T>
struct BlockProgram<T>::Code {
  BlockPlan plan;
};

template <class T>
struct BlockProgram<T>::Columns::Values {
  std::size_t size = 0, stride = 0;
  std::vector<T> inputs, values;  // each of `stride` entries: a unit more than the columns, so that blocks may end late
};

template <class T>
BlockProgram<T>::BlockProgram(std::span<const Expr> outputs, const BlockInputs& inputs)
    : code_(std::make_shared<const Code>(
          Code{detail::plan_block(detail::fuse(detail::compile_block(outputs, inputs)), inputs)})) {}

template <class T>
void BlockProgram<T>::operator()(In row, std::span<const In> columns, std::span<const In> entries,
                                 std::span<const Out> outputs) const {
  const BlockPlan& plan = code_->plan;
  require_count("row inputs", row.size(), plan.row_inputs);
  require_count("column inputs", columns.size(), plan.column_inputs);
  require_count("entry inputs", entries.size(), plan.entry_inputs);
  require_count("outputs", outputs.size(), plan.outputs);
  if (outputs.empty() || outputs[0].empty()) return;
  const std::size_t size = outputs[0].size();
  require_length(columns, size);
  require_length(entries, size);
  require_length(outputs, size);

  Call<T> call(plan, block::kernels(T{}), size);
  call.fill_row(row);
  for (std::size_t begin = 0; begin < size; begin += call.length) {
    const std::size_t n = std::min(call.length, size - begin);
    for (int i = 0; i < plan.column_inputs; ++i)
      call.bind(plan.first_column_input() + i, columns[i].data() + begin, n, is_among<T>(columns[i], outputs));
    for (int i = 0; i < plan.entry_inputs; ++i)
      call.bind(plan.first_entry_input() + i, entries[i].data() + begin, n, is_among<T>(entries[i], outputs));
    for (int i = 0; i < plan.outputs; ++i) call.bind_result(plan.first_output() + i, outputs[i].data() + begin, n);
    call.run(plan.whole, (n + unit<T> - 1) / unit<T> * unit<T>);
    for (int i = 0; i < plan.outputs; ++i) call.deliver(plan.first_output() + i, outputs[i].data() + begin, n);
  }
}

template <class T>
typename BlockProgram<T>::Columns BlockProgram<T>::columns(std::span<const In> columns) const {
  const BlockPlan& plan = code_->plan;
  require_count("column inputs", columns.size(), plan.column_inputs);
  const std::size_t size = columns.empty() ? 0 : columns[0].size();
  require_length(columns, size);
  auto values = std::make_shared<typename Columns::Values>();
  values->size = size;
  values->stride = size + unit<T>;
  for (const In& column : columns) {
    values->inputs.insert(values->inputs.end(), column.begin(), column.end());
    values->inputs.insert(values->inputs.end(), unit<T>, size > 0 ? column[0] : T{});
  }
  values->values.resize(values->stride * static_cast<std::size_t>(plan.column_values));

  Call<T> call(plan, block::kernels(T{}), size);
  // No row is known yet, and no step of a column reads one: only the numbers matter.
  const std::vector<T> no_row(static_cast<std::size_t>(plan.row_inputs), T{1});
  call.fill_row(no_row);
  for (std::size_t begin = 0; begin < size; begin += call.length) {
    const std::size_t n = std::min(call.length, size - begin);
    for (int i = 0; i < plan.column_inputs; ++i) {
      call.bind_padded(plan.first_column_input() + i, values->inputs.data() + i * values->stride + begin);
    }
    const auto result = [&](int i) { return values->values.data() + i * values->stride + begin; };
    for (int i = 0; i < plan.column_values; ++i) call.bind_result(plan.first_column_value() + i, result(i), n);
    call.run(plan.column, (n + unit<T> - 1) / unit<T> * unit<T>);
    for (int i = 0; i < plan.column_values; ++i) call.deliver(plan.first_column_value() + i, result(i), n);
  }
  Columns prepared;
  prepared.values_ = std::move(values);
  return prepared;
}

template <class T>
void BlockProgram<T>::operator()(In row, const Columns& columns, std::size_t first, std::span<const In> entries,
                                 std::span<const Out> outputs) const {
  const BlockPlan& plan = code_->plan;
  require_count("row inputs", row.size(), plan.row_inputs);
  require_count("entry inputs", entries.size(), plan.entry_inputs);
  require_count("outputs", outputs.size(), plan.outputs);
  if (outputs.empty() || outputs[0].empty()) return;
  const std::size_t size = outputs[0].size();
  require_length(entries, size);
  require_length(outputs, size);
  if (first > columns.size() || size > columns.size() - first) {
    throw ShapeError("a block program was asked for columns " + std::to_string(first) + " to " +
                     std::to_string(first + size) + " of " + std::to_string(columns.size()));
  }
  const typename Columns::Values& prepared = *columns.values_;

  Call<T> call(plan, block::kernels(T{}), size);
  call.fill_row(row);
  for (std::size_t begin = 0; begin < size; begin += call.length) {
    const std::size_t n = std::min(call.length, size - begin);
    const std::size_t at = first + begin;
    for (int i = 0; i < plan.column_inputs; ++i) {
      call.bind_padded(plan.first_column_input() + i, prepared.inputs.data() + i * prepared.stride + at);
    }
    for (int i = 0; i < plan.column_values; ++i) {
      call.bind_padded(plan.first_column_value() + i, prepared.values.data() + i * prepared.stride + at);
    }
    for (int i = 0; i < plan.entry_inputs; ++i)
      call.bind(plan.first_entry_input() + i, entries[i].data() + begin, n, is_among<T>(entries[i], outputs));
    for (int i = 0; i < plan.outputs; ++i) call.bind_result(plan.first_output() + i, outputs[i].data() + begin, n);
    call.run(plan.entry, (n + unit<T> - 1) / unit<T> * unit<T>);
    for (int i = 0; i < plan.outputs; ++i) call.deliver(plan.first_output() + i, outputs[i].data() + begin, n);
  }
}

template <class T>
std::size_t BlockProgram<T>::Columns::size() const {
  return values_ ? values_->size : 0;
}

template <class T>
typename BlockProgram<T>::Operations BlockProgram<T>::operations() const {
  const BlockPlan& plan = code_->plan;
  return {plan.row.size(), plan.column.size(), plan.entry.size()};
}

template <class T>
std::size_t BlockProgram<T>::registers() const {
  return static_cast<std::size_t>(code_->plan.registers);
}

template class BlockProgram<double>;
template class BlockProgram<float>;

}  // namespace nke
