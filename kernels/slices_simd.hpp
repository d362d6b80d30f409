// SPDX-License-Identifier: Apache-2.0
// Covariances of pixels by offsets: a 3×3 convolution never mixes two offsets, so each goes through a chain of
// convolutions and activations alone, in the first cache. Private to kernels.
//
// Definition  slice (dy, sx): all pairs of pixels (i, j) of x and (i + dy, (j + sx) mod width) of x'. Its rows lie in
//             memory padded to whole vectors; where a row wraps around, neighbours are cut.
// Carried     K and M = Θ + K after each activation: then the conv's Θ' = w²A(Θ) + Σ', Σ' = w²A(K) + b² is
//             w²A(M) + b².
// Units       each layer has its own: what comes in is a variance times w²/9 (and whatever keeps it ordinary).
// Stage       convolutions (3×3, SAME, stride 1) each with its activation, then a 2×2 average pool into the slices of the
//             next stage, or a sum over all.
#pragma once

#include <cstddef>

namespace nke::kernels::simd {

enum class SliceDual { kinked, smooth, exponential, gated, gated_line, series, table, block };

template <class T>
inline constexpr std::size_t arcsine_terms = sizeof(T) == 8 ? 8 : 4;

inline constexpr int series_steps = 32;

/// Σ_k d_k T_k: of each term, the last one first, how many products of planes are added and subtracted.
struct TablePart {
  int terms = 0;
  const unsigned char* plus = nullptr;
  const unsigned char* minus = nullptr;
};

/// A table of slice_table.hpp.
struct TableLevel {
  double reach = 2;                                        // right for |ρ| up to this
  double square = 0;                                       // y = square ρ² − 1, or with 0: y = −(2/π) asin ρ
  std::size_t plane = 0;                                   // the first
  TablePart value_even, value_odd, slope_even, slope_odd;  // the odd ones are multiplied by ρ
};

/// Numbers of an activation. What is called …_dot, rate and kappa_dot is in the units of the next layer.
template <class T>
struct SliceActivation {
  SliceDual kind = SliceDual::kinked;
  // kinked, the dual of A|x| + Bx: κ = line ρ + bend (√(1 − ρ²) + |ρ| asin|ρ|), κ̇ = line + bend sign(ρ) asin|ρ|; K = √(ab) κ.
  // asin v = v + v³ arcsine(v²) for |v| ≤ sin ⅛π.
  T line = 0, bend = 0, line_dot = 0, bend_dot = 0;
  T arcsine[arcsine_terms<T>] = {};
  // smooth: κ and κ̇ are polynomials in ρ, `terms` long; exponential: κ̇ = rate κ.
  T kappa[40] = {}, kappa_dot[40] = {};  // 0 beyond `terms`
  T rate = 0;
  // series: K = Σ h_n(a) h_n(b) ρⁿ over `terms` degrees first, first + stride, …, and n = 1 if it has a plane of its own.
  int terms = 0, first = 0, stride = 1;
  bool line_plane = false;
  // While |ρ| ≤ reach[j], the first (j + 1) step of the terms do; the last reach is beyond 1.
  int step = 1;
  T reach[series_steps] = {};
  // table: the shortest first, the last one for every ρ. Uses arcsine.
  const TableLevel* levels = nullptr;
  // gated (slice_gate.hpp): line of the slope, bend of c asin r, curve of r²/s, jump of asin r. Uses arcsine.
  T curve = 0, jump = 0, constant = 0;
  bool mixed = false;
  int planes = 0;  // at x_series, y_series
  // block, in double only: K and K̇ at n entries a, b, c, d (slice_block.hpp), to be multiplied by these.
  void (*block)(const void* data, std::size_t n, const double* const* inputs, double* K, double* Kdot) = nullptr;
  const void* block_data = nullptr;
  T value_units = 1, slope_units = 1;
};

/// One convolution with its activation, on one slice.
template <class T>
struct SliceLayer {
  T bias = 0;  // Σ' = sum of 9 + bias: weights are in the units of what comes in
  const SliceActivation<T>* dual = nullptr;
  // By pixel, rows padded: of x, and of x' rotated by sx: 1/√a, √a in the units of the next layer, and h_n of
  // the series or what else there is of planes, those of a row of pixels together.
  const T* x_inverse = nullptr;
  const T* x_root = nullptr;
  const T* x_series = nullptr;
  const T* y_inverse = nullptr;
  const T* y_root = nullptr;
  const T* y_series = nullptr;
};

inline constexpr int slice_layers = 8;  // in one stage

template <class T>
struct SliceStage {
  int height = 0, width = 0;
  std::size_t stride = 0;  // padded width
  // The input: channels of x and of x' rotated (planes), or K and M of all slices of the stage.
  int channels = 0;
  const T* x = nullptr;
  const T* y = nullptr;
  const T* k_in = nullptr;
  const T* m_in = nullptr;
  int layers = 0;
  SliceLayer<T> layer[slice_layers];
  // The output: slices of half the size to add to (of stride `out_stride`), or null: sums are returned.
  T* k_out = nullptr;
  T* m_out = nullptr;
  std::size_t out_stride = 0;
  T* scratch = nullptr;  // slice_scratch() elements
};

struct SliceSums {
  double k = 0, m = 0;
};

/// Of a vector; 0 where there are none, and slices would be no faster than the plain recursion.
std::size_t vector_bytes();
/// Most vectors in a row.
inline constexpr std::size_t slice_vectors = 8;
inline std::size_t slice_scratch(int height, std::size_t stride) {
  return 11 * static_cast<std::size_t>(height + 2) * stride + 128;
}

/// Rows of `stride` from rows twice as wide, columns moved to the left by sx.
void turn_rows(const float* doubled, std::size_t rows, std::size_t stride, int sx, float* to);
void turn_rows(const double* doubled, std::size_t rows, std::size_t stride, int sx, double* to);

/// The slices (dy, sx) with |dy| ≤ reach < height.
SliceSums run_slices(const SliceStage<float>& stage, int sx, int reach);
SliceSums run_slices(const SliceStage<double>& stage, int sx, int reach);

}  // namespace nke::kernels::simd
