// SPDX-License-Identifier: Apache-2.0
// A closed form over many entries of a kernel matrix at once, in doubles or floats: fast, and it says where not to
// trust it.
//
// Definition  K and K̇ of closed_form.hpp at (a, b[j], c[j]), from stable_value and stable_derivative as one program
//             (block_program.hpp). d[j] = a b[j] − c[j]², by fused multiply-adds unless it is given.
// Degenerate  d below 2^−130 ab (floats: 2^−60) counts as that, also at ρ = ±1, where a form may read 0/0: the effect on K and K̇
//             is below their rounding. a = 0 or b = 0: whatever the form gives, often NaN; the error then is not finite.
// Error       a form is a sum of terms which may cancel: a bounded σ at large variance, exp(x) − 1 at small ones. So an
//             error can be asked for with each entry: a running bound of all roundings (block_rounding.hpp), relative
//             to √(K(a,a,a) K(b,b,b)) and √(K̇(a,a,a) K̇(b,b,b)), whichever is worse; an estimate, not a proof. And
//             trusted() gives variances between which it stays below a few units at every correlation, as probed when
//             the form was compiled, so that no entry there need be asked about.
// Domain      integrable_where_positive: where one of these is not > 0, the error is infinite.
// Threads     calls may run concurrently. Programs are compiled when first needed; copies share them.
// Cost        docs/fast-duals.md; with the error, two to three times that without.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include <nke/exact/dual/closed_form.hpp>
#include <nke/exact/expr/block_program.hpp>

namespace nke {

/// One row of a kernel matrix. Spans that are not empty have one length; K or Kdot empty: not wanted.
template <class T>
struct DualRow {
  T a{};
  std::span<const T> b, c;
  std::span<const T> d{};  ///< empty: from a, b and c
  std::span<T> K{}, Kdot{};
  std::span<T> error{};  ///< empty: not wanted
};

class BlockDual {
 public:
  /// DomainError if the form has symbols other than a, b, c, d.
  explicit BlockDual(const ClosedForm& form);

  void operator()(const DualRow<double>& row) const;
  void operator()(const DualRow<float>& row) const;

  /// Entry by entry, each with its own a. K or Kdot may be empty.
  void operator()(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                  std::span<const double> d, std::span<double> K, std::span<double> Kdot) const;

  /// Variances between which the error stays below `tolerance` at every correlation; empty (low > high) if there are none.
  struct Interval {
    double low = 0, high = 0;
    bool contains(double variance) const { return low <= variance && variance <= high; }
  };
  template <class T>
  Interval trusted(double tolerance) const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // its programs are compiled when first asked for
};

}  // namespace nke
