// SPDX-License-Identifier: Apache-2.0
// e^(z²) erfc(z) over boxes of any size: what is left of a Gaussian tail once the Gaussian has been taken out?
//
// Why         in E[σ(v) | u = x] every Φ stands beside an exponential that may be as large as it is small: e^(5·10¹¹)
//             times Φ(−10⁶). With the two exponents added first, what remains is this function, which is tame.
// Definition  erfcx(z) = e^(z²) erfc(z) = (2/√π) ∫_0^∞ e^(−t² − 2zt) dt, entire.
// Domain      the plane; meant for Re z ≥ 0. Further left it grows like 2 e^(z²), and so does the radius on a wide box.
// Wide boxes  value at the centre ± radius · sup |erfcx'|, where on Re z ≥ ξ, from the integral,
//             |erfcx'| ≤ 2/√π (ξ ≥ 0), ≤ 1/(√π ξ²) (ξ > 0), ≤ 2/√π (1 + 2|ξ|√π e^(ξ²)) (ξ < 0); or, on ξ > 0, the disc
//             |erfcx| ≤ min(1, 1/(√π ξ)), whichever is smaller.
#pragma once

#include <nke/exact/real/complex_ball.hpp>

namespace nke::detail {

ComplexBall erfcx(const ComplexBall& z);

}  // namespace nke::detail
