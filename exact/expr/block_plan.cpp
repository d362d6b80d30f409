// SPDX-License-Identifier: Apache-2.0
// When and where each step is done: lists for the row, the columns and the entries, with registers that are used again
// as soon as their value is no longer needed, so that a block stays in the first cache.
#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <vector>

#include "block_code.hpp"

namespace nke::detail {

namespace {

// One list of steps, its operands already elsewhere or in registers.
class Scheduler {
 public:
  /// `slot_of` says where a value that this list does not compute is.
  Scheduler(const ValueGraph& graph, std::function<int(const ValueRef&)> slot_of, int first_register)
      : graph_(graph), slot_of_(std::move(slot_of)), first_register_(first_register) {}

  /// `wanted`: values and the slots they go to, where they may stand while other steps read them.
  std::vector<PlannedStep> schedule(const std::vector<std::size_t>& list,
                                    const std::vector<std::pair<ValueRef, int>>& wanted) {
    for (std::size_t at = 0; at < list.size(); ++at) {
      position_[list[at]] = at;
      for (const ValueRef& v : graph_.steps[list[at]].in) {
        if (v.kind == ValueRef::Kind::step) last_use_[static_cast<std::size_t>(v.index)] = at;
      }
    }
    std::map<std::size_t, int> direct;
    for (const auto& [v, slot] : wanted) {
      if (v.kind != ValueRef::Kind::step) continue;
      const auto step = static_cast<std::size_t>(v.index);
      if (position_.contains(step)) direct.emplace(step, slot);
    }
    for (std::size_t at = 0; at < list.size(); ++at) place(list[at], at, direct);
    for (const auto& [v, slot] : wanted) {
      const bool done = v.kind == ValueRef::Kind::step && direct.contains(static_cast<std::size_t>(v.index)) &&
                        direct.at(static_cast<std::size_t>(v.index)) == slot;
      if (done) continue;
      PlannedStep copy;
      copy.in[0] = where(v);
      copy.out = slot;
      planned_.push_back(copy);
    }
    return planned_;
  }

  int registers() const { return registers_; }

 private:
  void place(std::size_t step, std::size_t at, const std::map<std::size_t, int>& direct) {
    const ValueStep& source = graph_.steps[step];
    PlannedStep planned;
    planned.operation = source.operation;
    for (std::size_t k = 0; k < source.in.size(); ++k) {
      if (source.in[k].kind != ValueRef::Kind::none) planned.in[k] = where(source.in[k]);
    }
    // Operands are read before the result is written, vector by vector, so the result may take an operand's place.
    for (const ValueRef& v : source.in) {
      if (v.kind != ValueRef::Kind::step || last_use_[static_cast<std::size_t>(v.index)] != at) continue;
      const auto found = register_of_.find(static_cast<std::size_t>(v.index));
      if (found == register_of_.end()) continue;
      free_.push_back(found->second);
      register_of_.erase(found);
    }
    if (const auto found = direct.find(step); found != direct.end()) {
      planned.out = found->second;
      slots_[step] = planned.out;
    } else {
      if (free_.empty()) free_.push_back(registers_++);
      register_of_[step] = free_.back();
      planned.out = first_register_ + free_.back();
      slots_[step] = planned.out;
      free_.pop_back();
    }
    planned_.push_back(planned);
  }

  int where(const ValueRef& v) const {
    if (v.kind == ValueRef::Kind::step) {
      if (const auto found = slots_.find(static_cast<std::size_t>(v.index)); found != slots_.end()) {
        return found->second;
      }
    }
    return slot_of_(v);
  }

  const ValueGraph& graph_;
  std::function<int(const ValueRef&)> slot_of_;
  int first_register_, registers_ = 0;
  std::map<std::size_t, std::size_t> position_, last_use_;
  std::map<std::size_t, int> register_of_, slots_;
  std::vector<int> free_;
  std::vector<PlannedStep> planned_;
};

}  // namespace

BlockPlan plan_block(const ValueGraph& graph, const BlockInputs& inputs) {
  BlockPlan plan;
  plan.numbers = graph.numbers;
  plan.row_inputs = static_cast<int>(inputs.row.size());
  plan.column_inputs = static_cast<int>(inputs.column.size());
  plan.entry_inputs = static_cast<int>(inputs.entry.size());
  plan.outputs = static_cast<int>(graph.outputs.size());

  std::vector<std::size_t> row, column, entry, whole;
  for (std::size_t i = 0; i < graph.steps.size(); ++i) {
    const Dependence d = graph.steps[i].dependence;
    (d <= on_row ? row : d == on_column ? column : entry).push_back(i);
    if (d > on_row) whole.push_back(i);
  }

  // Row values stand in the order they are computed; column values are those that an entry or an output reads.
  const int first_row_step = static_cast<int>(graph.numbers.size()) + plan.row_inputs;
  std::map<std::size_t, int> row_slot, column_value;
  for (const std::size_t i : row) row_slot.emplace(i, first_row_step + static_cast<int>(row_slot.size()));
  plan.row_values = first_row_step + static_cast<int>(row.size());
  const auto read_by_entry = [&](const ValueRef& v) {
    if (v.kind == ValueRef::Kind::step && graph.dependence(v) == on_column) {
      column_value.emplace(static_cast<std::size_t>(v.index), static_cast<int>(column_value.size()));
    }
  };
  for (const std::size_t i : entry) {
    for (const ValueRef& v : graph.steps[i].in) read_by_entry(v);
  }
  for (const ValueRef& v : graph.outputs) read_by_entry(v);
  plan.column_values = static_cast<int>(column_value.size());

  const auto slot_of = [&](const ValueRef& v) -> int {
    switch (v.kind) {
      case ValueRef::Kind::number: return v.index;
      case ValueRef::Kind::input:
        return v.index < plan.row_inputs ? static_cast<int>(graph.numbers.size()) + v.index
                                         : plan.first_column_input() + v.index - plan.row_inputs;
      case ValueRef::Kind::step: {
        const auto i = static_cast<std::size_t>(v.index);
        const auto found = row_slot.find(i);
        return found != row_slot.end() ? found->second : plan.first_column_value() + column_value.at(i);
      }
      case ValueRef::Kind::none: break;
    }
    return -1;
  };
  for (const std::size_t i : row) {
    PlannedStep planned;
    planned.operation = graph.steps[i].operation;
    planned.out = row_slot.at(i);
    for (std::size_t k = 0; k < graph.steps[i].in.size(); ++k) {
      if (graph.steps[i].in[k].kind != ValueRef::Kind::none) planned.in[k] = slot_of(graph.steps[i].in[k]);
    }
    plan.row.push_back(planned);
  }

  std::vector<std::pair<ValueRef, int>> stored, results;
  for (const auto& [step, index] : column_value) {
    stored.emplace_back(ValueRef{ValueRef::Kind::step, static_cast<int>(step)}, plan.first_column_value() + index);
  }
  for (std::size_t k = 0; k < graph.outputs.size(); ++k) {
    results.emplace_back(graph.outputs[k], plan.first_output() + static_cast<int>(k));
  }
  const auto scheduled = [&](const std::vector<std::size_t>& list, const auto& wanted) {
    Scheduler scheduler(graph, slot_of, plan.first_register());
    std::vector<PlannedStep> steps = scheduler.schedule(list, wanted);
    plan.registers = std::max(plan.registers, scheduler.registers());
    return steps;
  };
  plan.column = scheduled(column, stored);
  plan.entry = scheduled(entry, results);
  plan.whole = scheduled(whole, results);
  return plan;
}

}  // namespace nke::detail
