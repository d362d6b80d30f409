// SPDX-License-Identifier: Apache-2.0
// How fast can σ grow? A bound that holds on the whole real line, proven from the form of the expression.
//
// Definition  |σ(x)| ≤ A (1+|x|)^p exp(κ|x| + α x²) for every real x at which σ is defined.
// Why         balls cannot represent [R, ∞): without such a bound no integral over the line, and so no Hermite
//             coefficient, is ever certified. E σ(√a z)² is finite for sure when α < 1/(4a).
// Method      structural rules (sums, products, powers, compositions) with ranges of the parts over whole half-lines;
//             on bounded intervals the range alone. Constants are exact dyadic rationals, rounded upwards.
// Degenerate  σ = 0 has A = 0. α is negative for Gaussian-like σ. No rule applies (poles, exp(x³)): no bound, and a
//             reason.
// Error       one-sided: the bound is never too small; A is seldom the least one possible.
#pragma once

#include <optional>
#include <string>

#include <nke/exact/activation/breakpoints.hpp>
#include <nke/exact/expr/expr.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke {

struct GrowthBound {
  Rational amplitude;  ///< A ≥ 0
  Rational power;      ///< p ≥ 0
  Rational linear;     ///< κ ≥ 0
  Rational quadratic;  ///< α, of either sign

  /// log of the bound at x, rounded upwards; −infinity if A = 0. Does not overflow.
  double log_at(double x) const;
  /// Whether the bound proves E σ(√a z)² < ∞ for a standard normal z: with σ² ≤ … e^{2αa z²} and the density e^{−z²/2}
  /// that is 2αa < 1/2, that is α < 1/(4a), whatever p and κ are. Variance 0 is always fine; a < 0 is a DomainError.
  bool square_integrable(const Rational& variance) const;

  friend bool operator==(const GrowthBound&, const GrowthBound&) = default;
};

/// "|σ(x)| <= 3/2 (1+|x|)^2 exp(|x| - 1/2 x^2)" in ASCII, leaving out factors that are 1.
std::string to_text(const GrowthBound& bound);

struct Growth {
  std::optional<GrowthBound> bound;
  std::string reason;  ///< why there is no bound; empty if there is one
};

/// The bound of σ, whose breakpoints have been found.
Growth find_growth(const Expr& sigma, const Breakpoints& breakpoints);

}  // namespace nke
