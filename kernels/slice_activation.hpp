// SPDX-License-Identifier: Apache-2.0
// An activation made ready for slices: a few numbers, short polynomials in ρ, or coefficients h_n at each pixel. Private
// to kernels.
//
// Method  homogeneous σ of degree 1 is A|x| + Bx: A² and B² from the dual at ρ = ±1, then slice_duals_simd.hpp. Lines
//         and lines times the normal distribution function by slice_gate.hpp. A dual given as a formula with K(a,b,c) =
//         √(ab) κ(ρ), κ analytic: Chebyshev series of κ and κ̇. Other σ without kinks: the Mehler series, if few enough terms
//         do; only those degrees that σ has. With a kink at 0: slice_table.hpp. With a closed form: slice_block.hpp.
// Error   what is cut off is below the tolerance times √(K(a,a,a) K(b,b,b)) at every ρ, likewise K̇; otherwise there is
//         no slice activation, and the plain recursion over pixels is used.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include <nke/hermite/series.hpp>
#include <nke/kernels/network.hpp>

#include "slice_block.hpp"
#include "slice_gate.hpp"
#include "slice_table.hpp"
#include "slices_simd.hpp"

namespace nke {

template <class T>
struct SliceFunction {
  kernels::simd::SliceActivation<T> numbers;
  double at_one = 1;  // K(a,a,a)/a, where K is homogeneous
  std::optional<GaussianGate> gate;
  std::shared_ptr<const SliceBlock> block;
  std::shared_ptr<const SliceTable> table;
  std::shared_ptr<const HermiteSeries> series;  // else

  std::size_t planes() const { return static_cast<std::size_t>(numbers.planes); }
  /// What a pixel of variance a 2^exponent has in its planes.
  void set_pixel(const SliceUnits& units, double a, SlicePixel& pixel) const;
  /// K(a,a,a) as the slices see it.
  double diagonal(double a) const;
  void use_units(const SliceUnits& units);
  /// Whether K(t a, t b, t c) = t K(a, b, c), so that any unit will do.
  bool homogeneous() const { return !gate && block == nullptr && table == nullptr && series == nullptr; }

 private:
  void coefficients(double variance, std::span<double> planes) const;
};

/// `layer` is an activation; variances are at most `largest`.
template <class T>
std::optional<SliceFunction<T>> slice_function(const Layer& layer, double largest, double tolerance);

}  // namespace nke
