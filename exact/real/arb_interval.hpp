// SPDX-License-Identifier: Apache-2.0
// Intervals as balls. A radius has 30 bits only, so an interval is usually widened a little on its way into a ball;
// here it is never widened across an end that matters. Private to exact/real.
#pragma once

#include <limits>

#include "arb_scratch.hpp"

namespace nke {

/// The values a function can take: its ends are −1, 0, 1, 2 or infinite.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// x becomes a ball around [low, high]: exactly that interval if it can be, and of one sign if the interval is.
void set_interval(arb_t x, const arf_t low, const arf_t high, slong prec);

/// The smallest ball around both, up to rounding; not finite if one of them is not.
void enclose_both(arb_t out, const arb_t a, const arb_t b, slong prec);

/// Moves a ball whose ends stick out of the range back into it: what lies outside was no value of the function anyway.
void keep_in_range(arb_t x, Range range, slong prec);

}  // namespace nke
