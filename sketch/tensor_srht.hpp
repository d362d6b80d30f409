// SPDX-License-Identifier: Apache-2.0
// The sketch of a product: features of the tensor u ⊗ v, whose inner products estimate ⟨u, u'⟩⟨v, v'⟩, without
// forming it.
//
// Definition  T(u, v)_k = m^{-1/2} (H D_1 u)_k (H D_2 v)_{π(k)}: m entries of H D_1 u ⊗ H D_2 v, with π a random
//             permutation. If m exceeds the length of a transform, the rows come from several with fresh signs.
// Guarantee   E ⟨T(u, v), T(u', v')⟩ = ⟨u, u'⟩⟨v, v'⟩ exactly, over the seed. If both transforms have length m,
//               Var = V_u V_v / (m − 1),   V_u = |u|²|u'|² + ⟨u, u'⟩² − 2 Σ u_i² u'_i²,   V_v alike.
//             For unit vectors at ρ_u, ρ_v that is at most (1 + ρ_u²)(1 + ρ_v²)/(m − 1). Pairs of rows drawn one by
//             one, as in the papers, have ((1 + 2ρ_u²)(1 + 2ρ_v²) − ρ_u²ρ_v²)/m: 8/m against 4/m at ρ = 1. Every row
//             used once is what pays.
// Domain      Dimensions and m ≥ 1. Wrong lengths: ShapeError.
// Cost        Two transforms and m products.
// Source      Ahle, Kapralov, Knudsen, Pagh, Velingker, Woodruff, Zandieh, 1909.01821 (TensorSRHT). The balanced
//             rows and their variance: docs/sketches.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <nke/sketch/rotation.hpp>

namespace nke::sketch {

/// The product step alone, for vectors already of power-of-two length and in random places (or random themselves).
class TensorStep {
 public:
  TensorStep(std::size_t left, std::size_t right, std::size_t features, RandomStream& random);
  std::size_t features() const { return features_; }
  /// out[0, whole_blocks(features)) ← scale · (H D_1 u)_k (H D_2 v)_{π(k)}. The scratch is resized as needed.
  void operator()(std::span<const float> u, std::span<const float> v, float scale, AlignedVector& scratch,
                  std::span<float> out) const;

 private:
  std::size_t features_;
  Rotation left_, right_;
  Shuffle shuffle_;
};

class TensorSrht {
 public:
  TensorSrht(std::size_t left, std::size_t right, std::size_t features, std::uint64_t seed);
  std::size_t features() const { return step_.features(); }
  /// u and v have the two dimensions, out features() entries. Calls may run concurrently.
  void operator()(std::span<const float> u, std::span<const float> v, std::span<float> out) const;

 private:
  TensorSrht(std::size_t left, std::size_t right, std::size_t features, RandomStream random);
  Placement place_left_, place_right_;
  TensorStep step_;
};

}  // namespace nke::sketch
