// SPDX-License-Identifier: Apache-2.0
// An activation made ready for slices: a few numbers, short polynomials in ρ, or coefficients h_n at each pixel. Private
// to kernels.
//
// Method  homogeneous σ of degree 1 is A|x| + Bx: A² and B² from the dual at ρ = ±1, then slice_duals_simd.hpp. A dual
//         given as a formula with K(a,b,c) = √(ab) κ(ρ), κ analytic: Chebyshev series of κ and κ̇. Everything else: the
//         Mehler series, if few enough terms do; only those degrees that σ has.
// Error   what is cut off is below the tolerance times √(K(a,a,a) K(b,b,b)) at every ρ, likewise K̇; otherwise there is
//         no slice activation, and the plain recursion over pixels is used.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include <nke/hermite/series.hpp>
#include <nke/kernels/network.hpp>

#include "slices_simd.hpp"

namespace nke {

template <class T>
struct SliceFunction {
  kernels::simd::SliceActivation<T> numbers;
  double at_one = 1;                            // K(a,a,a)/a, where K is homogeneous
  std::shared_ptr<const HermiteSeries> series;  // else

  /// Numbers a pixel needs for the series, and what they are at its variance.
  std::size_t planes() const;
  void coefficients(double variance, std::span<double> planes) const;
  /// K(a,a,a) as the slices see it.
  double diagonal(double a) const;
  /// Multiplies K̇ by the units of the next layer.
  void use_units(double units);
};

/// `layer` is an activation; variances are at most `largest`.
template <class T>
std::optional<SliceFunction<T>> slice_function(const Layer& layer, double largest, double tolerance);

}  // namespace nke
