// SPDX-License-Identifier: Apache-2.0
// Is σ a line plus a line times the normal distribution function, as gelu and erf are, and what does its dual need of a
// pixel? Private to kernels.
//
// Definition  σ(x) = α + βx + (γ + δx) Φ(±x/w), found in the normal form of σ, whatever it is written as; then, with
//             y = x/w and E = Φ − ½, which is odd, σ = α₀ + β₀ y + (γ₀ + δ₀ y) E(y). Variances a, b and the covariance c
//             are those of y; A = 1 + a, B = 1 + b, r = c/√(AB), s = √(1 − r²):
//             2π K = 2π α₀² + √(2π) α₀δ₀ (a/√A + b/√B) + [2π β₀² + √(2π) β₀γ₀ (1/√A + 1/√B)] c + γ₀² asin r
//                    + δ₀² [c asin r + (ab s + r²/s)/√(AB)]
//             2π ∂K/∂c = [2π β₀² + …] + γ₀²/(s √(AB)) + δ₀² [asin r + (r/s)(1/A + 1/B + 1/(AB s²))]
// Error       no term cancels another while δ₀ and γ₀ are not small differences: rounding of r, which is felt as r²/s²
//             and at most as that of 1 − ρ² is in any dual. 1 − r² is at least 1/A + 1/B − 1/(AB), its value at ρ = 1.
// Source      arXiv:2209.04121 (gelu), Williams 1997 (erf); the closed form derived by exact/dual, in which d = ab − c².
#pragma once

#include <optional>
#include <span>

#include <nke/exact/activation/activation.hpp>

#include "slices_simd.hpp"

namespace nke {

struct GaussianGate {
  double constant = 0, line = 0, gate = 0, gated_line = 0;  // α₀, β₀, γ₀, δ₀
  double scale2 = 1;                                        // 1/w²

  /// K(a,a,a) at a variance of x.
  double diagonal(double a) const;
};

/// Nothing if σ is not of this form, or has no gate.
std::optional<GaussianGate> gaussian_gate(const Activation& sigma);

/// The units of a convolution: covariances are `2^exponent` times what slices hold, and what leaves is multiplied by `out`.
struct SliceUnits {
  int exponent = 0;
  double out = 1;
};

/// All but the fit of the arcsine.
template <class T>
void set_gate(const GaussianGate& gate, const SliceUnits& units, kernels::simd::SliceActivation<T>& numbers);

/// What a pixel of variance a 2^exponent is to have in its planes.
struct SlicePixel {
  double inverse = 0, root = 0;
  std::span<double> rest;  // as many planes as the numbers have
  bool outside = false;    // of the variances for which the function is right
};
void set_pixel(const GaussianGate& gate, const SliceUnits& units, double a, SlicePixel& pixel);

}  // namespace nke
