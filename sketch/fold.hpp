// SPDX-License-Identifier: Apache-2.0
// Fewer features without throwing any away: add the entries of a long sketch with random signs.
//
// Definition  F(t)_j = Σ_g s_{g,j} t_{gm+j}, j < m: a CountSketch whose buckets are the residues mod m, from length
//             c to m ≤ c.
// Guarantee   E ⟨F(t), F(t')⟩ = ⟨t, t'⟩ exactly, over the signs. If all pairs of entries are alike, as in a
//             randomised Hadamard sketch, then to leading order
//               Var = (1/m − 1/c)(|t|²|t'|² + ⟨t, t'⟩²):
//             with the variance of the long sketch, that of a Gaussian sketch of length m. Keeping m of the c
//             entries of a TensorSRHT instead costs up to four times as much (8/m against 2/m at ρ = 1).
// Domain      1 ≤ m ≤ c (ShapeError).
// Cost        c additions.
// Source      Charikar, Chen, Farach-Colton, ICALP 2002 (CountSketch).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <nke/sketch/random.hpp>

namespace nke::sketch {

class Fold {
 public:
  Fold(std::size_t from, std::size_t to, RandomStream& random);
  std::size_t from() const { return from_; }
  std::size_t to() const { return to_; }
  /// Entries that the first argument of a call must have: c rounded up to a multiple of m, zeros after the first c.
  std::size_t readable() const;
  /// out ← scale · F(t). t has at least readable() entries, out m; else ShapeError.
  void operator()(std::span<const float> t, float scale, std::span<float> out) const;

 private:
  std::size_t from_, to_;
  std::vector<std::uint8_t> signs_;  // for groups 1, 2, …: group 0 is added as it is
};

}  // namespace nke::sketch
