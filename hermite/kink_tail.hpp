// SPDX-License-Identifier: Apache-2.0
// How much of a Hermite series with kinks or jumps lies beyond degree N, by formula? Private to hermite.
//
// Theorem     let the pieces of σ have derivatives up to q, J_ij the jump of σ^(j) at t_i, ξ_i = t_i/√a. Then σ is a function
//             g with continuous g^(q−1) and g^(q) = σ^(q), plus Σ J_ij (x − t_i)₊^j/j!, j < q, and
//               √T_N(a) ≤ √(a^q E σ^(q)(√a z)² / ((N+1) N ⋯ (N−q+2))) + Σ |J_ij| √(tail of the hinge).
//             The coefficients of a hinge are a^{j/2} φ(ξ) p_{n−m}(ξ)/√(n(n−1)⋯(n−m+1)), m = j + 1. For ψ = p_k e^{−x²/4},
//             ψ″ = −Q ψ with Q = k + 1/2 − x²/4, so Q ψ² + ψ′² falls with |x| (Sonine), and from its value at 0
//               p_k(ξ)² ≤ e^{ξ²/2} √(2(k + 1/2)/π) (1 − 1/(4k²))^{−1/2} / (k + 1/2 − ξ²/4).
//             Summed over k ≥ K = N + 1 − m ≥ 2, where 4K + 2 > ξ²:
//               tail ≤ a^j e^{−ξ²/2} (2π)^{−1} √(2/π) (1 − 1/(4K²))^{−1/2} (1 − ξ²/(4K+2))^{−1} K^{1/2−m}/(m − 1/2).
//             This has the true order of decay; for relu it is twice the tail.
// Ranges      a range is cut into parts of ratio 1.2; on [a₀, a₁], E f(√a z)² is at most √(a₁/a₀) E f(√a₁ z)² and at least
//             √(a₀/a₁) E f(√a₀ z)², since the densities compare so.
// Fails       NotCertified if breakpoints are not proven, σ is singular, or no derivative has a proven norm.
#pragma once

#include <nke/exact/activation/activation.hpp>

namespace nke {

struct KinkDegree {
  double degree = 0;  ///< enough for T_N ≤ ε E σ² on the whole range; can be larger than any one would use
  int parts = 0;
};

KinkDegree kink_degree(const Activation& sigma, double epsilon, double min_variance, double max_variance);

}  // namespace nke
