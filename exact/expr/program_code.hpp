// SPDX-License-Identifier: Apache-2.0
// The register code between the compiler (program_compile.cpp) and the evaluator (program.cpp). Private to the two.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <nke/exact/expr/block_math.hpp>
#include <nke/exact/expr/program.hpp>

namespace nke {

/// One operation; exactly one of the function pointers is set, or none for a copy of `a`.
struct ProgramStep {
  using Unary = void (*)(block::In, block::Out);
  using Binary = void (*)(block::In, block::In, block::Out);
  using WithConstant = void (*)(block::In, double, block::Out);
  using Quaternary = void (*)(block::In, block::In, block::In, block::In, block::Out);

  Unary unary = nullptr;
  Binary binary = nullptr;
  WithConstant with_constant = nullptr;
  Quaternary quaternary = nullptr;
  /// Before registers are assigned: the argument of the program, also standing for operands that are not there.
  static constexpr int argument = -1;

  bool selects = false;  ///< out = mask a ? b : c
  double constant = 0;
  int out = 0;
  int a = argument, b = argument, c = argument, d = argument;
};

/// The block functions of a primitive of one argument, and of one of four.
ProgramStep::Unary unary_function(Function f);
ProgramStep::Quaternary quaternary_function(Function f);

struct Program::Code {
  /// Registers: 0 is the argument, 1 the result, then `constants` (filled once a call), then the rest.
  static constexpr int argument = 0, result = 1, first = 2;
  std::vector<ProgramStep> steps;
  std::vector<double> constants;
  int registers = first;

  static Code compile(const Expr& e, std::string_view variable);
  /// From steps in which `out` is the step's own index and −2, −3, … are the constants, to shared registers. The last
  /// step gives the result.
  static Code assign_registers(const std::vector<ProgramStep>& steps, std::vector<double> constants);
};

}  // namespace nke
