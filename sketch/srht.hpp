// SPDX-License-Identifier: Apache-2.0
// The subsampled randomised Hadamard transform: m random features of x whose inner products estimate ⟨x, y⟩.
//
// Definition  S(x) = m^{-1/2} R H D x: place x at random in a power of two P ≥ d, give it random signs D, transform,
//             keep m of the rows. If m > P, the rows come from ⌈m/P⌉ transforms with fresh signs.
// Guarantee   E ⟨S(x), S(y)⟩ = ⟨x, y⟩ exactly, over the seed. For m ≤ P
//               Var ⟨S(x), S(y)⟩ = V/m · (P − m)/(P − 1),   V = |x|²|y|² + ⟨x, y⟩² − 2 Σ x_i² y_i².
//             With all rows (m a multiple of P) it is an isometry up to rounding.
// Domain      d, m ≥ 1. Wrong lengths: ShapeError.
// Error       Beside the variance, rounding in float: about log2(P)·2⁻²⁴ relative to |x||y|.
// Cost        ⌈m/P⌉ P log2 P additions.
// Source      Ailon and Chazelle, STOC 2006; Tropp, 1011.1595.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <nke/sketch/rotation.hpp>

namespace nke::sketch {

class Srht {
 public:
  Srht(std::size_t dimension, std::size_t features, std::uint64_t seed);
  std::size_t dimension() const { return placement_.dimension(); }
  std::size_t features() const { return features_; }
  /// P, the length of one transform.
  std::size_t padded() const { return placement_.padded(); }
  /// x has dimension() entries, out features(). Calls may run concurrently.
  void operator()(std::span<const float> x, std::span<float> out) const;

 private:
  Srht(std::size_t dimension, std::size_t features, RandomStream random);
  std::size_t features_;
  Placement placement_;
  Rotation rotation_;
  Shuffle shuffle_;
};

}  // namespace nke::sketch
