// SPDX-License-Identifier: Apache-2.0
// A dual near ρ = ±1 of σ with a kink at 0 and without a closed form: what makes its series long is taken out and summed in
// closed form. Private to the fast dual.
//
// Definition  σ = g + r, g = ½ sign(x) P(x) e^{−μx²}, where the polynomial P gives g the jumps of σ, σ', … σ^(8) at 0.
//             K_σ = K_g + Σ (h_n(a) h_n(b) of σ − the same of g) ρⁿ. K_g has a closed form; the summands fall faster than those of
//             σ by the factor n^(−5) or so, since those of r do.
// Why         σ'' jumps: Σ h_n² needs 10⁵ terms at ρ = 1 and the nested integral takes 5 ms; this takes some 10 µs.
// Domain      one breakpoint, at 0, where σ is a kink or a jump; variances from a 64th of the largest planned for.
// Degenerate  no value where the error would be above zero_kink_error of the scale √(E σ(u)² E σ(v)²): at large variances, where the
//             series is longer and the closed form cancels.
// Error       what the last quarter of the series adds, as if the rest were no more, and four times what the closed form was seen to
//             lose against balls when this was made. An estimate; docs/fast-duals.md has what was measured.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/dual/covariance.hpp>
#include <nke/hermite/nested_quadrature.hpp>
#include <nke/hermite/series.hpp>

#include "known_duals.hpp"

namespace nke {

inline constexpr double zero_kink_error = 2e-13;

class ZeroKinkDual {
 public:
  /// Null if σ is not of the kind, or if the parts do not exist up to this variance.
  static std::unique_ptr<const ZeroKinkDual> make(const Activation& sigma, double largest_variance);

  /// For |ρ| < 1.
  std::optional<Estimate> operator()(const Covariance& at) const;

 private:
  ZeroKinkDual(const Activation& kink, std::shared_ptr<const KnownDual> closed, HermiteSeries whole,
               HermiteSeries kink_series);
  void bound_the_rest();
  void measure_the_closed_form(const Activation& kink);
  std::size_t terms_for(double rho) const;
  double sample_variance(std::size_t i) const;

  static constexpr std::size_t samples = 5;  ///< variances, increasing
  std::shared_ptr<const KnownDual> closed_;
  HermiteSeries whole_, kink_;
  /// Bounds of what the series adds from the 64 i-th term on, for variances up to each sample, relative to the scale.
  std::vector<std::array<double, samples>> rest_;
  std::array<double, samples> rounding_{};  ///< of the closed form for variances up to each, relative to its scale
};

}  // namespace nke
