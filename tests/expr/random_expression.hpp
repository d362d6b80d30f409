// SPDX-License-Identifier: Apache-2.0
// Random expressions in x: what the laws are tried on. Every kind of node occurs, and every primitive but
// those at complex arguments, which cost too much to be tried thousands of times: real/complex_phi_test.cpp has them.
#pragma once

#include <random>
#include <vector>

#include <nke/exact/expr/expr.hpp>
#include <nke/exact/expr/function_table.hpp>

namespace nke::test {

class RandomExpression {
 public:
  explicit RandomExpression(std::uint64_t seed) : random_(seed) {}

  /// An expression of at most this nesting; builders that refuse (log(0), …) are tried again.
  Expr operator()(int depth) {
    for (;;) {
      try {
        return make(depth);
      } catch (const Error&) {
      }
    }
  }

  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  /// A fraction in (-limit, limit) that no kink of a small expression meets: its denominator is a large prime.
  Rational point(int limit) {
    constexpr long prime = 1'000'003;
    return Rational(static_cast<long>(random_() % static_cast<std::uint64_t>(2 * limit * prime)) - limit * prime,
                    prime);
  }

 private:
  static constexpr std::size_t cheap_functions = static_cast<std::size_t>(Function::re_Phi);

  Expr leaf() {
    switch (below(8)) {
      case 0: return Rational(below(7) - 3);
      case 1: return Rational(below(41) - 20, below(12) + 1);
      case 2: return pi();
      case 3: return euler();
      default: return symbol("x");
    }
  }

  Expr make(int depth) {
    if (depth == 0) return leaf();
    switch (below(10)) {
      case 0:
      case 1: return list(depth, &sum);
      case 2:
      case 3: return list(depth, &product);
      case 4: return pow(make(depth - 1), Rational(below(7) - 3));
      case 5: return pow(make(depth - 1), Rational(below(7) - 3, below(3) + 1));
      case 6: {
        const Expr left = make(depth - 1);
        const Expr right = make(depth - 1);
        return piecewise({{below(2) == 0 ? less(left, right) : less_equal(left, right), make(depth - 1)}},
                         make(depth - 1));
      }
      default: {
        const FunctionRow& row = function_table()[static_cast<std::size_t>(below(static_cast<int>(cheap_functions)))];
        std::vector<Expr> arguments;
        for (int i = 0; i < row.arity; ++i) arguments.push_back(make(depth - 1));
        return apply(row.function, arguments);
      }
    }
  }

  Expr list(int depth, Expr (*build)(std::vector<Expr>)) {
    std::vector<Expr> operands;
    for (int i = below(3) + 2; i > 0; --i) operands.push_back(make(depth - 1));
    return build(operands);
  }

  std::mt19937_64 random_;
};

}  // namespace nke::test
