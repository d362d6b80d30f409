// SPDX-License-Identifier: Apache-2.0
// A dual by brute force: E[σ(u)σ(v)] as an integral inside an integral, for any σ, at any correlation.
//
// Definition  u = √a x, v = √b (ρ x + s z) with x, z ~ N(0,1) independent, s = √(1 − ρ²): the outer rule runs over x,
//             the inner one over z, both composite Gauss–Legendre on the panels on which σ is resolved (pieces.hpp).
// Why         it knows no Hermite series and no closed form, so it vouches for both; and near ρ = ±1, where the series
//             of a kinked σ hardly converges, it is the method of choice.
// Method      the outer panels end at the breakpoints of σ, at their images under u ↦ v, and at 1 to 8.6 conditional
//             standard deviations around each image, where the inner integral bends; ρ = ±1 is one single integral.
// Domain      variances 0 … `largest_variance` of the constructor; E σ² finite at that variance, else DomainError.
// Degenerate  a = 0: u is 0; a breakpoint of σ at 0 counts as the mean of its two sides.
// Error       error_estimate: the difference to a rule with fewer nodes plus 4 ε Σ|terms|. An estimate, not a proof.
// Cost        about 1 ms for relu or tanh at unit variance; grows with the square of the number of panels of σ.
#pragma once

#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/dual/covariance.hpp>
#include <nke/hermite/sampled_function.hpp>

namespace nke {

struct Estimate {
  double value;
  double error_estimate;
};

class NestedQuadrature {
 public:
  NestedQuadrature(Activation sigma, double largest_variance);

  /// E[σ(u)σ(v)]. DomainError if a variance is larger than the constructor's.
  Estimate operator()(const Covariance& at) const;

  /// E[σ(√a z)²], one integral.
  Estimate second_moment(double variance) const;

 private:
  Estimate along_the_line(double a, double b, double sign) const;
  Estimate in_the_plane(const Covariance& at, double reach) const;
  void require_variance(double variance) const;

  Activation sigma_;
  SampledFunction sampled_;
  double largest_variance_;
  std::vector<double> edges_;  // pieces of σ
};

/// How many standard deviations of N(0, variance) matter for E σ²: beyond them the integrand is below e^−40 of its
/// largest value. DomainError if there is no such number below 64, or if E σ² does not fit into a double.
double relevant_reach(const Activation& sigma, double variance);

}  // namespace nke
