// SPDX-License-Identifier: Apache-2.0
// The complementary error function and the normal tail, relatively accurate however far out. Private to exact/real.
//
// Definition  erfc(x) and Q(h) = Φ(−h) = erfc(h/√2)/2.
// Error       relative: about prec bits of the value's own, if the argument is known to prec bits and 2 log₂|x| more.
//             Arb's own erfc takes a ball's radius through exp(−x²) rounded to 30 bits: at 10⁶ all digits are lost.
#pragma once

#include "arb_scratch.hpp"

namespace nke {

void erfc_with_tail(arb_t out, const arb_t x, slong prec);
void normal_tail(arb_t out, const arb_t h, slong prec);

}  // namespace nke
