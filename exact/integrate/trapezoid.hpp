// SPDX-License-Identifier: Apache-2.0
// The trapezoidal rule with a proven error: few equidistant nodes for integrands that are analytic near the real line.
//
// Theorem     Let f be real-analytic and holomorphic on a neighbourhood of the closed set between the real segment
//             [−R, R] and a staircase above it: the columns [x_j, x_{j+1}] × [0, H_j], 0 = x_0 < … < x_J = R, together
//             with their mirror images at both axes. With R = K h,
//               | ∫_{−R}^{R} f − h Σ_{k=−K}^{K−1} f((k + 1/2) h) |
//                 ≤ 2 Σ_j M_j (x_{j+1} − x_j) / (e^{c H_j} − 1)               the steps
//                 + 2 Σ_j max(M_j, M_{j+1}) (−log(1 − e^{−c h_j})) / c        the risers, h_j = min(H_j, H_{j+1})
//                 + 2 M_J log(2) / c                                          the ends
//             c = 2π/h, M_j ≥ sup |f(z)| + |f(−z̄)| over column j.
// Proof       1/(1 + e^{−2πiz/h}) and 1/(1 + e^{2πiz/h}) have their poles at the nodes, with residues that make the sum
//             appear; the first is at most 1/(e^{cy} − 1) in the upper half plane, and exactly 1/(1 + e^{cy}) on the
//             lines Re z = ±R, because R is a multiple of h. The staircase is the contour; the lower half is its mirror
//             image.
// Why stairs  f carries a Gaussian weight: far out the contour may be lower. So poles that come nearer to the axis as
//             |x| grows (gelu_tanh) cost little, and one rule serves where there is no strip.
// Error       log_error bounds the sum of all three; it is computed from proven column bounds, upwards (bounds.hpp).
// Source      Trefethen & Weideman, The exponentially convergent trapezoidal rule, SIAM Review 56 (2014), for strips.
#pragma once

#include <optional>

#include <nke/exact/integrate/bounds.hpp>

namespace nke {

struct TrapezoidRule {
  double step = 0;       ///< h, with at most 12 bits: nodes (k + 1/2) h are exact in double
  long half_count = 0;   ///< K
  double log_error = 0;  ///< of ∫_{−Kh}^{Kh}, for every integrand under the bound
};

struct TrapezoidRequest {
  double reach = 0;      ///< Kh is at least this, and farther out if the ends need it
  double log_error = 0;  ///< asked for
  long node_limit = 20000;
};

/// The widest step found. `bound` is that of |f(z)| + |f(−z̄)| on boxes with 0 ≤ left; it is asked for about a hundred
/// boxes. Nothing if no step within the limit could be proven.
std::optional<TrapezoidRule> plan_trapezoid(const LogBound& bound, const TrapezoidRequest& request);

}  // namespace nke
