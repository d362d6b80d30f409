// SPDX-License-Identifier: Apache-2.0
// The dual of any activation with a closed form, for a whole slice at a time: what relu, gates and series leave. Private to
// kernels.
//
// Method  the closed form in blocks (exact/dual/block_dual.hpp), at variances between which its doubles are trusted. A
//         pixel of variance 0 is independent of all others: K(0, b, 0) = σ(0) E σ(v), a jump at 0 counting as the mean
//         of its sides; and its Θ before the activation is 0, so that K̇ does not matter.
// Error   `tolerance` of √(K(a,a,a) K(b,b,b)); a pixel outside is said to be, and then there is no slice plan.
#pragma once

#include <optional>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/dual/block_dual.hpp>
#include <nke/exact/expr/evaluate.hpp>

#include "slice_gate.hpp"

namespace nke {

class SliceBlock {
 public:
  /// Nothing if σ has no closed form, or none that is trusted at the largest variance.
  static std::optional<SliceBlock> make(const Activation& sigma, double largest, double tolerance);

  double diagonal(double a) const;
  /// One plane: K(0, a, 0), in the units of the next layer.
  void set_pixel(const SliceUnits& units, double a, SlicePixel& pixel) const;
  /// K[i] and Kdot[i] at (a[i], b[i], c[i]), d[i] = a[i] b[i] − c[i]²; `block` is a SliceBlock.
  static void evaluate(const void* block, std::size_t n, const double* const* inputs, double* K, double* Kdot);

 private:
  explicit SliceBlock(const ClosedForm& form);
  static std::optional<SliceBlock> derived(const Activation& sigma);
  double mean(double a) const;

  BlockDual dual_;
  BlockDual::Interval trusted_;
  Evaluator<double> mean_;  // E σ(u)
  double mean_at_zero_ = 0;
};

}  // namespace nke
