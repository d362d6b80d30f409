// SPDX-License-Identifier: Apache-2.0
// Gauss-Legendre rules of many digits, kept for the next call. Private to exact/real.
//
// Definition  the positive nodes and their weights of the rule with 2n nodes on [−1, 1].
// Error       a few units of 2^−bits.
// Threads     a rule is valid in the thread that asked for it, for as long as the thread lives.
#pragma once

#include <vector>

#include <nke/exact/real/mpfr.hpp>

namespace nke {

struct LegendreNode {
  Mpfr at, weight;
};

const std::vector<LegendreNode>& legendre_half(int n, long bits);

}  // namespace nke
