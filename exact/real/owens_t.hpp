// SPDX-License-Identifier: Apache-2.0
// The Gaussian mass between a ray from the origin and one side of a wedge, enclosed. Private to exact/real.
//
// Definition  a line at distance h ≥ 0 from the origin and on it the point P at distance w from the foot; the ray of
//             the line that ends at P and comes from −∞, and the ray from the origin through P, continued to infinity,
//             bound a sector. Its mass is
//             V(h, w) = (h/2π) ∫_{−∞}^{w} exp(−(h²+t²)/2)/(h²+t²) dt = ½Q(h) + T(h, w/h),
//             with Q(h) = Φ(−h) and Owen's T. V(h, w) + V(h, −w) = Q(h); V(0, w) is 0, ¼ or ½.
// Error       relative: V is enclosed with about prec bits of its own, also where it is exp(−10¹²), if h and w are
//             known to prec bits and 2 log₂ of the larger of them more.
// Source      Owen 1956; Komelj 2023 for |w| small; for |w| large the expansion of Mills' ratio, which envelops.
#pragma once

#include "arb_scratch.hpp"

namespace nke {

/// V(h, w); h and w are not both 0.
void sector_mass(arb_t out, const arb_t h, const arb_t w, slong prec);

}  // namespace nke
