// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <vector>

#include <nke/exact/expr/program.hpp>

#include "program_code.hpp"

namespace nke {

namespace {

// 256 doubles are 2 KiB: a dozen registers stay in the first-level cache, and the price of an indirect call is shared
// by enough elements (bench/expr_program_bench.cpp: 64 costs 15 % more on gelu, 1024 gains nothing).
constexpr std::size_t block_size = 256;

// Registers of this thread, aligned to a cache line. They grow to the largest program met and stay.
double* workspace(std::size_t doubles) {
  thread_local std::vector<double> memory;
  if (memory.size() < doubles + 8) memory.resize(doubles + 8);
  auto address = reinterpret_cast<std::uintptr_t>(memory.data());
  return memory.data() + (64 - address % 64) % 64 / sizeof(double);
}

void run_step(const ProgramStep& step, block::In a, block::In b, block::In c, block::In d, block::Out out) {
  if (step.unary) {
    step.unary(a, out);
  } else if (step.binary) {
    step.binary(a, b, out);
  } else if (step.with_constant) {
    step.with_constant(a, step.constant, out);
  } else if (step.quaternary) {
    step.quaternary(a, b, c, d, out);
  } else if (step.selects) {
    block::select(a, b, c, out);
  } else if (a.data() != out.data()) {
    std::copy(a.begin(), a.end(), out.begin());
  }
}

}  // namespace

Program::Program(const Expr& e, std::string_view variable)
    : code_(std::make_shared<const Code>(Code::compile(e, variable))) {}

void Program::operator()(std::span<const double> x, std::span<double> y) const {
  if (x.size() != y.size()) {
    throw ShapeError("a program was given " + std::to_string(x.size()) + " arguments and room for " +
                     std::to_string(y.size()) + " results");
  }
  if (x.empty()) return;
  const Code& code = *code_;
  // Blocks of nearly equal length, in whole vectors: 260 elements are 136 + 124, not 256 + 4.
  const std::size_t blocks = (x.size() + block_size - 1) / block_size;
  const std::size_t length = std::min(((x.size() + blocks - 1) / blocks + 7) / 8 * 8, x.size());
  const std::size_t stride = (length + 7) / 8 * 8;
  double* memory = workspace(stride * static_cast<std::size_t>(code.registers - Code::first));
  for (std::size_t i = 0; i < code.constants.size(); ++i) std::fill_n(memory + i * stride, length, code.constants[i]);

  for (std::size_t begin = 0; begin < x.size(); begin += length) {
    const std::size_t n = std::min(length, x.size() - begin);
    const auto in = [&](int r) -> block::In {
      if (r < 0) return {};
      if (r == Code::argument) return x.subspan(begin, n);
      if (r == Code::result) return y.subspan(begin, n);
      return {memory + static_cast<std::size_t>(r - Code::first) * stride, n};
    };
    for (const ProgramStep& step : code.steps) {
      const block::Out out = step.out == Code::result
                                 ? y.subspan(begin, n)
                                 : block::Out(memory + static_cast<std::size_t>(step.out - Code::first) * stride, n);
      run_step(step, in(step.a), in(step.b), in(step.c), in(step.d), out);
    }
  }
}

double Program::operator()(double x) const {
  double y = 0;
  (*this)(std::span<const double>(&x, 1), std::span<double>(&y, 1));
  return y;
}

std::size_t Program::operations() const {
  return code_->steps.size();
}

std::size_t Program::registers() const {
  return static_cast<std::size_t>(code_->registers - Code::first);
}

}  // namespace nke
