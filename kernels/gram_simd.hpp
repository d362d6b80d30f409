// SPDX-License-Identifier: Apache-2.0
// Inner products of rows, a tile at a time: the Gram product that every kernel of points begins with. Private to
// kernels.
//
// Definition  C[i][j] = Σ_k A[i][k] B[j][k]. B is packed first: panels of `panel_width` rows, [panel][k][row], the last
//             filled up with zero rows.
// Bits        each entry is one chain of fused multiply-adds in the order of k, cut after gram_depth products: the same
//             for (i,j) and (j,i), for every tile and every number of threads. So matrices are symmetric to the bit,
//             and equal rows have equal entries.
// Cost        87 … 90 % of the fused multiply-adds a core can do (bench/kernels_points_bench.cpp).
#pragma once

#include <cstddef>

namespace nke::kernels::simd {

/// Tiles are at most this many rows and columns; a multiple of every panel width.
inline constexpr std::size_t tile_side = 240;
inline constexpr std::size_t gram_depth = 1024;

std::size_t panel_width(float);
std::size_t panel_width(double);

/// Elements that `rows` packed rows of `depth` take.
template <class T>
std::size_t packed_size(std::size_t rows, std::size_t depth) {
  const std::size_t width = panel_width(T{});
  return (rows + width - 1) / width * width * depth;
}

/// rows: row-major with stride `depth`.
void pack(const float* rows, std::size_t count, std::size_t depth, float* packed);
void pack(const double* rows, std::size_t count, std::size_t depth, double* packed);

/// c[i * tile_side + j] for i < m, j < n, with A's rows `depth` apart and B packed; `panels` begins at a whole panel. n is
/// rounded up to whole panels. m, n ≤ tile_side.
void gram_tile(const float* a, std::size_t m, const float* panels, std::size_t n, std::size_t depth, float* c);
void gram_tile(const double* a, std::size_t m, const double* panels, std::size_t n, std::size_t depth, double* c);

}  // namespace nke::kernels::simd
