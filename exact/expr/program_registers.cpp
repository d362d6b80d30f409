// SPDX-License-Identifier: Apache-2.0
// Register allocation: a register whose value is no longer needed is used again, so that a block stays in the cache.
#include <algorithm>
#include <array>
#include <utility>

#include "program_code.hpp"

namespace nke {

Program::Code Program::Code::assign_registers(const std::vector<ProgramStep>& steps, std::vector<double> constants) {
  // The last step that reads each value; after it the register is free.
  std::vector<std::size_t> last_use(steps.size(), 0);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const int r : {steps[i].a, steps[i].b, steps[i].c, steps[i].d}) {
      if (r >= 0) last_use[static_cast<std::size_t>(r)] = i;
    }
  }
  Code code;
  code.constants = std::move(constants);
  code.registers = first + static_cast<int>(code.constants.size());
  std::vector<int> place(steps.size(), 0), free;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    ProgramStep step = steps[i];
    std::array<int, 4> released{-1, -1, -1, -1};
    std::size_t count = 0;
    for (int* r : {&step.a, &step.b, &step.c, &step.d}) {
      const int virtual_register = *r;
      if (virtual_register < ProgramStep::argument) {
        *r = first + (-2 - virtual_register);
      } else if (virtual_register >= 0) {
        const auto index = static_cast<std::size_t>(virtual_register);
        *r = place[index];
        if (last_use[index] == i && std::find(released.begin(), released.end(), *r) == released.end()) {
          released[count++] = *r;
        }
      } else {
        *r = argument;
      }
    }
    // Operands are read before the result is written, element by element, so the result may take an operand's place.
    free.insert(free.end(), released.begin(), released.begin() + static_cast<std::ptrdiff_t>(count));
    if (i + 1 == steps.size()) {
      step.out = result;
    } else if (free.empty()) {
      step.out = code.registers++;
    } else {
      step.out = free.back();
      free.pop_back();
    }
    place[i] = step.out;
    code.steps.push_back(step);
  }
  return code;
}

}  // namespace nke
