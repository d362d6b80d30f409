// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <utility>
#include <vector>

#include "block_code.hpp"

namespace nke::detail {

Dependence ValueGraph::dependence(const ValueRef& v) const {
  switch (v.kind) {
    case ValueRef::Kind::input: return inputs[static_cast<std::size_t>(v.index)];
    case ValueRef::Kind::step: return steps[static_cast<std::size_t>(v.index)].dependence;
    case ValueRef::Kind::none:
    case ValueRef::Kind::number: break;
  }
  return 0;
}

namespace {

// How often each step is read.
std::vector<int> uses(const ValueGraph& graph) {
  std::vector<int> count(graph.steps.size(), 0);
  const auto read = [&](const ValueRef& v) {
    if (v.kind == ValueRef::Kind::step) ++count[static_cast<std::size_t>(v.index)];
  };
  for (const ValueStep& step : graph.steps) {
    for (const ValueRef& v : step.in) read(v);
  }
  for (const ValueRef& v : graph.outputs) read(v);
  return count;
}

// Row, column or entry: when a step is done.
int stage(Dependence d) {
  return d <= on_row ? 0 : d == on_column ? 1 : 2;
}

ValueGraph without_unused(const ValueGraph& graph) {
  std::vector<bool> needed(graph.steps.size(), false);
  const auto need = [&](const ValueRef& v) {
    if (v.kind == ValueRef::Kind::step) needed[static_cast<std::size_t>(v.index)] = true;
  };
  for (const ValueRef& v : graph.outputs) need(v);
  for (std::size_t i = graph.steps.size(); i-- > 0;) {
    if (!needed[i]) continue;
    for (const ValueRef& v : graph.steps[i].in) need(v);
  }
  ValueGraph kept{graph.numbers, graph.inputs, {}, graph.outputs};
  std::vector<int> place(graph.steps.size(), 0);
  const auto move = [&](ValueRef& v) {
    if (v.kind == ValueRef::Kind::step) v.index = place[static_cast<std::size_t>(v.index)];
  };
  for (std::size_t i = 0; i < graph.steps.size(); ++i) {
    if (!needed[i]) continue;
    place[i] = static_cast<int>(kept.steps.size());
    kept.steps.push_back(graph.steps[i]);
    for (ValueRef& v : kept.steps.back().in) move(v);
  }
  for (ValueRef& v : kept.outputs) move(v);
  return kept;
}

}  // namespace

namespace {

// `first`, then `second` with the result as one operand (the first of them, if it is a division).
struct Couple {
  Operation first, second, both;
};
constexpr Couple couples[] = {
    {Operation::multiply, Operation::multiply, Operation::multiply_multiply},
    {Operation::add, Operation::add, Operation::add_add},
    {Operation::add, Operation::multiply, Operation::add_multiply},
    {Operation::multiply, Operation::divide, Operation::multiply_divide},
    {Operation::add, Operation::divide, Operation::add_divide},
    {Operation::divide, Operation::add, Operation::divide_add},
};

}  // namespace

ValueGraph fuse(ValueGraph graph) {
  const std::vector<int> count = uses(graph);
  // The step that computes v by this operation, if v is read here only and at the same time.
  const auto source = [&](const ValueRef& v, const ValueStep& reader, Operation operation) -> const ValueStep* {
    if (v.kind != ValueRef::Kind::step) return nullptr;
    const auto i = static_cast<std::size_t>(v.index);
    const ValueStep& step = graph.steps[i];
    const bool fits =
        step.operation == operation && count[i] == 1 && stage(step.dependence) == stage(reader.dependence);
    return fits ? &step : nullptr;
  };
  const auto product = [&](const ValueRef& v, const ValueStep& reader) {
    return source(v, reader, Operation::multiply);
  };
  for (ValueStep& step : graph.steps) {
    if (step.operation != Operation::add && step.operation != Operation::subtract) continue;
    const bool adds = step.operation == Operation::add;
    const auto [first, second] = std::pair(step.in[0], step.in[1]);
    if (const ValueStep* p = product(second, step)) {
      step.operation = adds ? Operation::multiply_add : Operation::negative_multiply_add;
      step.in = {p->in[0], p->in[1], first, {}};
    } else if (const ValueStep* q = product(first, step)) {
      step.operation = adds ? Operation::multiply_add : Operation::multiply_subtract;
      step.in = {q->in[0], q->in[1], second, {}};
    }
  }
  // A step costs more to fetch and to store than to do.
  for (ValueStep& step : graph.steps) {
    for (const Couple& couple : couples) {
      if (step.operation != couple.second) continue;
      const bool either = couple.second != Operation::divide;
      const ValueStep* inner = source(step.in[0], step, couple.first);
      const ValueRef other = inner != nullptr ? step.in[1] : step.in[0];
      if (inner == nullptr && either) inner = source(step.in[1], step, couple.first);
      if (inner == nullptr) continue;
      step.operation = couple.both;
      step.in = {inner->in[0], inner->in[1], other};
      break;
    }
  }
  return without_unused(graph);
}

}  // namespace nke::detail
