// SPDX-License-Identifier: Apache-2.0
// An activation made ready for slices: short polynomials in ρ, or coefficients h_n at each pixel. Private to kernels.
//
// Method  homogeneous σ of degree 1: homogeneous_fit.hpp. A dual given as a formula with K(a,b,c) = √(ab) κ(ρ), κ
//         analytic: Chebyshev series of κ and κ̇. Everything else: the Mehler series, if few enough terms do.
// Error   what is cut off is below the tolerance times √(K(a,a,a) K(b,b,b)) at every ρ, likewise K̇; otherwise there is
//         no slice activation, and the plain recursion over pixels is used.
#pragma once

#include <memory>
#include <optional>

#include <nke/hermite/series.hpp>
#include <nke/kernels/network.hpp>

#include "slices_simd.hpp"

namespace nke {

template <class T>
struct SliceFunction {
  kernels::simd::SliceActivation<T> numbers;
  double at_one = 1;                            // K(a,a,a)/a, where K is homogeneous
  std::shared_ptr<const HermiteSeries> series;  // else

  int planes() const { return series == nullptr ? 0 : numbers.terms; }
  /// K(a,a,a) as the slices see it.
  double diagonal(double a) const;
};

/// `layer` is an activation; variances are at most `largest`.
template <class T>
std::optional<SliceFunction<T>> slice_function(const Layer& layer, double largest, double tolerance);

}  // namespace nke
