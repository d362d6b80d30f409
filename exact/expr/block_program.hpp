// SPDX-License-Identifier: Apache-2.0
// How are several formulas over the entries of a matrix evaluated fast, in doubles or floats?
//
// Definition  out_k[j] = e_k(row, column[j], entry[j]): the inputs are symbols, some with one value for the whole row of
//             a matrix, some with a value for each column, some with one for each entry. All outputs are one program
//             that shares subexpressions.
// Hoisting    what depends on the row alone is computed once a call; what depends on the columns alone once for all
//             rows, if the columns are prepared (Columns). Sums and products are grouped so that much of them is.
// Rewritings  those of program.hpp, and multiply-adds; the argument of exp, if it is a sum, is summed without loss, so
//             that exp(c − (a + b)/2) keeps its digits where the terms are large.
// Determinant an input d = ab − c² may be computed from a, b, c by fused multiply-adds (covariance.hpp: why), but at
//             least as 2^−130 ab (floats: 2^−60), so that formulas which are 0/0 at c² = ab give their limit.
// Special     as in program.hpp: NaN where undefined, alternatives not taken have no influence. Each entry depends on
//             its own inputs only, in whatever company: every length gives the same bits.
// Error       rounding of each operation (block_math.hpp; floats alike in units of their own); no bound is implied.
//             Instruction sets may differ in the last places.
// Aliasing    an output may be the memory of an input, or overlaps none.
// Threads     calls may run concurrently. No allocation after a thread's first call.
// Cost        that of the operations: 0.1 ns a multiply-add, 0.3 a square root, 0.6 exp, 1.1 atan2 (doubles, AVX-512),
//             twice that with AVX2, half that for floats; docs/fast-duals.md.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nke/exact/expr/expr.hpp>

namespace nke {

/// Which symbols are inputs, and how often each changes.
struct BlockInputs {
  std::vector<std::string> row, column, entry;

  /// `name` is ab − c² of three of the inputs, to a few roundings; see Determinant above. If a fourth, `given`, says
  /// what it is, that is taken, but at least `least` times ab.
  struct Determinant {
    std::string name, a, b, c;
    std::string given = {};
    double least = 0;
  };
  std::optional<Determinant> determinant = {};
};

/// T is double or float.
template <class T>
class BlockProgram {
 public:
  using In = std::span<const T>;
  using Out = std::span<T>;

  /// DomainError if another symbol occurs or a name occurs twice; LimitError beyond 30 000 operations.
  BlockProgram(std::span<const Expr> outputs, const BlockInputs& inputs);

  /// One value for each row input; a span for each column input, each entry input, each output: all of one length
  /// (ShapeError).
  void operator()(In row, std::span<const In> columns, std::span<const In> entries, std::span<const Out> outputs) const;

  /// What depends on the columns alone, computed once for many rows. A value; copies share it.
  class Columns {
   public:
    std::size_t size() const;

   private:
    friend class BlockProgram;
    struct Values;
    std::shared_ptr<const Values> values_;
  };
  Columns columns(std::span<const In> columns) const;

  /// The same over the columns first, first + 1, … as many as the outputs are long.
  void operator()(In row, const Columns& columns, std::size_t first, std::span<const In> entries,
                  std::span<const Out> outputs) const;

  /// Operations for a row, for a column, and for an entry once the columns are prepared.
  struct Operations {
    std::size_t row = 0, column = 0, entry = 0;
  };
  Operations operations() const;
  /// Blocks the intermediate values share.
  std::size_t registers() const;

 private:
  struct Code;
  std::shared_ptr<const Code> code_;
};

extern template class BlockProgram<double>;
extern template class BlockProgram<float>;

}  // namespace nke
