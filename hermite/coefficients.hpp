// SPDX-License-Identifier: Apache-2.0
// Hermite coefficients of any activation in double: the spectrum from which duals, series and sketches are made.
//
// Definition  h_n(a) = E[σ(√a z) He_n(z)]/√n!, z ~ N(0,1); norm = E σ(√a z)² = Σ_n h_n(a)². This is the normalisation
//             everywhere in nke.
// Domain      a ≥ 0, σ(√a z) square-integrable, else DomainError naming both.
// Degenerate  a = 0: h_0 = σ(0), the mean of both sides at a jump; all others are 0.
// Rule        equidistant nodes where σ is smooth (exponential convergence), Gauss-Legendre panels split at breakpoints
//             otherwise; never Gauss-Hermite, whose weights and convergence are both poor (docs/hermite.md).
// Error       |error of h_n| ≤ 5e-16 for n ≤ 100 at a = 1 for the registered activations (measured against Mpfr).
//             error_bound is an estimate: the difference seen between two resolutions when the rule was planned, plus
//             the rounding of the sums. σ that cannot be resolved to 1e-3 of its norm is NotCertified.
// Cost        planning 0.2 … 5 ms a factor of two in variance; then a few µs a call
//             (bench/hermite_coefficients_bench.cpp).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nke {

class Activation;
struct SampledFunction;

struct FastCoefficients {
  std::vector<double> values;  ///< h_0 … h_N
  double norm = 0;             ///< E σ(√a z)²
  double tail = 0;             ///< norm − Σ h_n², or 0 where that is below tail_noise and so only rounding
  double tail_noise = 0;       ///< rounding error of the tail: with it added, the tail is an upper estimate
  double error_bound = 0;      ///< estimated largest error of a coefficient
};

/// h_0(a) … h_degree(a).
FastCoefficients hermite_coefficients(const Activation& sigma, int degree, double variance);

struct HermiteRange {
  int degree = 100;
  double min_variance = 1;
  double max_variance = 1;
};

/// The quadrature planned once; a call costs a few microseconds. A value: copies share the plan. Thread-safe.
class HermiteRule {
 public:
  HermiteRule(const Activation& sigma, const HermiteRange& range);
  HermiteRule(SampledFunction sigma, const HermiteRange& range);

  struct Moments {
    double norm = 0;
    double error_bound = 0;
  };
  /// Writes h_0(variance), h_1, … into h, at most degree() + 1 of them. The variance is 0 or within the range planned
  /// for.
  Moments operator()(double variance, std::span<double> h) const;
  /// The same with norm and tail.
  FastCoefficients coefficients(double variance) const;

  int degree() const;
  double min_variance() const;
  double max_variance() const;
  bool covers(double variance) const;
  /// "trapezoid" or "panels".
  std::string_view method(double variance) const;
  /// Nodes on the half line; σ is evaluated at twice as many points.
  int nodes(double variance) const;

 private:
  struct Plan;
  std::shared_ptr<const Plan> plan_;
};

}  // namespace nke
