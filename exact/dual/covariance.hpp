// SPDX-License-Identifier: Apache-2.0
// Where is a dual evaluated? At the covariance [[a, c], [c, b]] of the pair (u, v), kept accurate where it matters.
//
// Definition  (u, v) ~ N(0, [[a, c], [c, b]]); correlation ρ = c/√(ab), sine √(1 − ρ²) = √(ab − c²)/√(ab).
// Why         near ρ = ±1 everything a dual knows is in 1 − ρ², and 1 − ρ·ρ in doubles has lost it. So the sine is a
//             member of its own, computed from ab − c² by fused multiply-adds (doubles) or exactly (rationals).
// Domain      a, b ≥ 0 and finite, c² ≤ ab. Doubles may miss c² ≤ ab by rounding: up to 8 ε ab beyond counts as ρ = ±1.
//             Rationals are held to the letter. Outside: DomainError.
// Degenerate  a = 0 or b = 0: c must be 0; ρ = 0 and sine = 1 by convention (nothing depends on them).
// Error       rho and sine within 4 ε, relatively, of those of the given doubles or of the exact rationals, for any
//             magnitudes: the variances are scaled by powers of four first, so products neither overflow nor vanish.
#pragma once

#include <nke/exact/real/rational.hpp>

namespace nke {

struct Covariance {
  double a;     ///< Var u
  double b;     ///< Var v
  double c;     ///< Cov(u, v)
  double rho;   ///< correlation, in [−1, 1]
  double sine;  ///< √(1 − ρ²), in [0, 1]

  Covariance(double a, double b, double c);
  Covariance(const Rational& a, const Rational& b, const Rational& c);
  /// Var u = a, Var v = b and correlation cos θ, for a caller who knows the angle better than the covariance.
  static Covariance from_angle(double a, double b, double theta);

  /// The same pair with the roles of u and v exchanged.
  Covariance swapped() const;

 private:
  Covariance() = default;
};

}  // namespace nke
