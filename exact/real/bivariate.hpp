// SPDX-License-Identifier: Apache-2.0
// How probable is it that two correlated normal variables both stay below their thresholds?
//
// Definition  Phi2(h, k, x, y) = P(Z₁ ≤ h, Z₂ ≤ k) for standard normal Z₁, Z₂ with correlation r = x/√(x²+y²), so that
//             √(1−r²) = y/√(x²+y²), y ≥ 0. The correlation comes in two numbers, as the angle of atan2(y, x) does: near
//             r = ±1 all that is known of it is in y, and 1 − r·r would lose it.
// Geometry    the mass of a wedge under the plane's Gaussian. Its apex is at distance R from the origin,
//             R² = (h² − 2rhk + k²)/(1−r²); its sides lie on two lines at distances |h| and |k|. With
//             V(h, w) = ½Q(h) + T(h, w/h), Q(h) = Φ(−h), T Owen's function, w_h = (k − rh)/√(1−r²), w_k likewise:
//             Phi2 = V(−h, w_h) + V(−k, w_k)                          for h, k ≤ 0
//             Phi2 = ½erf(h/√2) + ½erf(k/√2) + V(h, −w_h) + V(k, −w_k)  for h, k ≥ 0
//             Phi2 = V(−h, w_h) − V(k, w_k)                           for h ≤ 0 ≤ k.
//             Every V is positive; only the difference cancels, and only as far as r is close to −1.
// Degenerate  y = 0: Φ(min(h, k)) for x > 0 and max(0, Φ(h) − Φ(−k)) for x < 0. h = k = 0: atan2(y, −x)/(2π). y < 0 or
//             x = y = 0: NaN, or a ball that is not finite.
// Error       Ball: none that is not in the radius. Exact arguments give a relative accuracy of the working precision
//             in all tails, for h, k from −1e6 and far below, and for y/x down to 2^−3000; balls give the
//             hull of what is possible. double: 2.3e-16 absolute and 1e-12 relative wherever Phi2 > 1e-290. Mpfr: a few
//             units of 2^−bits, relative, for y/x down to 2^−(bits + 300); 0 below MPFR's smallest number, 2^−2^30.
// Cost        in docs/numbers.md, with the command that measures it (bench/expr_phi2_bench.cpp).
// Source      Owen, Tables for computing bivariate normal probabilities (1956); Komelj, The bivariate normal integral
//             via Owen's T function as a modified Euler's arctangent series (2023), from which is the series in T.
#pragma once

#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/complex_ball.hpp>
#include <nke/exact/real/mpfr.hpp>

namespace nke {

double Phi2(double h, double k, double x, double y);
Mpfr Phi2(const Mpfr& h, const Mpfr& k, const Mpfr& x, const Mpfr& y);
Ball Phi2(const Ball& h, const Ball& k, const Ball& x, const Ball& y);
/// h and k may be complex (complex_phi.hpp), x and y are real; elsewhere, and with Analytic::yes where y may be 0, not
/// finite.
ComplexBall Phi2(const ComplexBall& h, const ComplexBall& k, const ComplexBall& x, const ComplexBall& y,
                 Analytic analytic = Analytic::no);

}  // namespace nke
