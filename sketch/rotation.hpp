// SPDX-License-Identifier: Apache-2.0
// The three moves every Hadamard sketch is made of: put the coordinates in random places, rotate by signs, shuffle.
//
// Definition  Placement: x ∈ R^d → R^P, P = 2^k ≥ max(d, 16). Coordinate i goes to a random place, the other places
//             are 0.
//             Rotation: v ∈ R^P → (H D_1 v, …, H D_S v) ∈ R^{SP}, D_s random signs, H unnormalised. Every entry is
//             ⟨signs, v⟩.
//             Shuffle: a random permutation of the entries by blocks of 16. The blocks are permuted, and the lanes
//             within each.
// Why         Exact second moments. For v = Placement(x), w = Placement(y) and A_k = (H D v)_k (H D w)_k,
//               E A_k = ⟨x, y⟩,   E A_k² = ⟨x, y⟩² + V,   E A_k A_l = ⟨x, y⟩² − V/(P−1)  for every k ≠ l,
//               V = |x|²|y|² + ⟨x, y⟩² − 2 Σ x_i² y_i²,
//             whichever k ≠ l are meant: the random placement makes all pairs of rows alike. So rows may be taken in
//             any fixed order, and a shuffle by blocks, which is a load and a permutation of lanes, does what a
//             uniform one by gathers would.
// Domain      d ≥ 1 (ShapeError).
// Source      Ailon and Chazelle, STOC 2006 (H D, then sample); Tropp, 1011.1595 (rows without replacement).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <nke/sketch/aligned.hpp>
#include <nke/sketch/random.hpp>

namespace nke::sketch {

inline constexpr std::size_t lane_block = 16;

/// `n` rounded up to whole blocks of 16.
constexpr std::size_t whole_blocks(std::size_t n) {
  return (n + lane_block - 1) / lane_block * lane_block;
}

class Placement {
 public:
  Placement(std::size_t dimension, RandomStream& random);
  std::size_t dimension() const { return place_.size(); }
  /// P: a power of two, at least 16.
  std::size_t padded() const { return padded_; }
  /// out[place of i] = factor · x[i], 0 elsewhere. x has d entries, out P.
  void operator()(std::span<const float> x, double factor, std::span<float> out) const;
  void operator()(std::span<const double> x, double factor, std::span<float> out) const;

 private:
  std::vector<std::uint32_t> place_;
  std::size_t padded_;
};

class Rotation {
 public:
  /// As many segments of length `padded` (a power of two ≥ 16) as are needed for `rows` rows.
  Rotation(std::size_t padded, std::size_t rows, RandomStream& random);
  std::size_t padded() const { return padded_; }
  /// S·P.
  std::size_t rows() const { return signs_.size() * 8; }
  /// v has P entries, out S·P; they do not overlap.
  void operator()(std::span<const float> v, std::span<float> out) const;

 private:
  std::size_t padded_;
  std::vector<std::uint8_t> signs_;
};

class Shuffle {
 public:
  /// Of `size` entries, a multiple of 16.
  Shuffle(std::size_t size, RandomStream& random);
  std::size_t size() const { return blocks_.size() * lane_block; }
  /// The place that entry k is taken from.
  std::size_t source(std::size_t k) const;
  /// out[k] = scale · a[k] · b[source(k)] for k < out.size(), a multiple of 16 that is at most size(); a is at least
  /// that long.
  void multiply(std::span<const float> a, std::span<const float> b, float scale, std::span<float> out) const;

 private:
  std::vector<std::uint32_t> blocks_;
  std::vector<std::uint8_t> lanes_;
};

}  // namespace nke::sketch
