// SPDX-License-Identifier: Apache-2.0
// How is an expression evaluated at many doubles, fast?
//
// Definition  the expression as a flat list of operations on registers; a register is a block of up to 256 doubles. A
//             subexpression that occurs twice is computed once, constants are folded at 120 bits and rounded once.
//             Formulas of several symbols: block_program.hpp, of which this is the simplest case.
// Rewritings  only those that gain accuracy: log(1+u) is log1p(u), exp(u) − 1 is expm1(u), log(1+exp(u)) is
//             softplus(u); products are added by one fused operation; integer powers are multiplications, half-integer
//             ones use sqrt.
// Special     NaN where the expression is undefined. A branch of piecewise, min or max that is not taken has no
//             influence, even if it is NaN or infinite there.
// Error       the rounding errors of each operation (block_math.hpp); no bound is implied.
// Threads     calls may run concurrently; the registers live in memory kept by each thread.
// Cost        that of the block functions, plus a few ns for each operation and block. No allocation after the first
//             call.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <nke/exact/expr/expr.hpp>

namespace nke {

class Program {
 public:
  /// DomainError if a symbol other than `variable` occurs; LimitError beyond 30 000 operations.
  explicit Program(const Expr& e, std::string_view variable = "x");

  /// y[i] = e(x[i]). The spans have equal length (ShapeError) and are the same memory or do not overlap.
  void operator()(std::span<const double> x, std::span<double> y) const;
  double operator()(double x) const;

  /// Operations for each block, and registers they share.
  std::size_t operations() const;
  std::size_t registers() const;

 private:
  struct Code;
  std::shared_ptr<const Code> code_;
};

}  // namespace nke
