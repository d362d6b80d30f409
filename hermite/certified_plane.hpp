// SPDX-License-Identifier: Apache-2.0
// E[σ(u) σ(v)] as a proven integral over the plane: for correlations at which the Hermite series is too slow.
//
// Definition  u = √a x, v = √b (ρ x + s w), x, w independent standard normals, s = √(1 − ρ²) > 0.
// Method      the square |x|, |w| ≤ R is cut by the lines on which u or v is a breakpoint of σ. Between neighbouring
//             abscissae of vertices of this figure the pieces are trapezia lo(x) ≤ w ≤ hi(x), lo and hi affine; with
//             w = lo + (hi − lo) τ, 0 ≤ τ ≤ 1, the integrand is analytic in x and in τ, whatever ρ is: the layers of width s
//             around the kinks, which a fixed grid would miss near ρ = ±1, are pieces of their own. Each piece gets a
//             product of two Gauss-Legendre rules, and is halved where that is cheaper.
// Theorem     with the bound of exact/integrate/gauss_legendre.hpp for one variable, E_x for every real τ and E_τ for
//             every real x, the product rule on a piece of lengths X and T errs by at most T E_x + X E_τ.
//             Outside the square, by Hölder, |E| ≤ (E σ(u)^2q E σ(v)^2q)^(1/2q) · P(|x| > R or |w| > R)^(1−1/q), the
//             moments being bounded by those of the growth bound.
// Error       radius ≤ 10^−digits √(E σ(u)² E σ(v)²) where the cost allows, else NotCertified.
// Cost        10 … 80 ms at 30 digits.
#pragma once

#include <nke/hermite/certified_pieces.hpp>

namespace nke {

struct PlaneRequest {
  Rational a, b, c;  ///< a, b > 0, c² < ab
  int digits = 30;
  double log_scale = 0;  ///< log √(E σ(u)² E σ(v)²), roughly
};

struct PlaneValue {
  Ball value;
  long evaluations = 0;
};

PlaneValue certified_plane(const CertifiedPieces& pieces, const PlaneRequest& request);

}  // namespace nke
