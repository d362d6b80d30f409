// SPDX-License-Identifier: Apache-2.0
// How far must a Hermite series go? The smallest degree that is proven to be enough on a whole range of variances.
//
// Definition  N is sufficient for ε on [a₀, a₁] if T_N(a) ≤ ε E σ(√a z)² for every a in it, T_N = Σ_{n>N} h_n². Then,
//             by Cauchy and Schwarz, the series cut after N differs from K(a,b,c) by at most ε √(K(a,a,a) K(b,b,b)) for
//             all such a, b and every correlation, ±1 included.
// Theorem     with s_a(z) = σ(√a z), D = x d/dx, t = log √(a/a_k) and P_N the projection on degrees above N,
//             ‖P_N s_a‖ ≤ Σ_{j≤J} |t|^j/j! ‖P_N (D^j σ)_{a_k}‖ + |t|^{J+1}/(J+1)! sup ‖(D^{J+1} σ)_{a'}‖,
//             by Taylor's formula, since s_a = e^{tD} s_{a_k}; the tails on the right are Parseval's, for D^j σ; and
//             E f(√a' z)² ≤ √(a₁/a') E f(√a₁ z)² for a' ≤ a₁, because the densities compare so.
// Method      the range is halved until that proves a degree which a variance in it is proven to need; J = 3 for smooth
//             σ, and the order of the first kink less one otherwise. A homogeneous σ needs one variance only.
// Kinks       T_N of σ with kinks or jumps falls like a power of N only, and small ε need high degrees: there the tail of
//             each kink is bounded by a formula (kink_tail.hpp), which proves a degree at once, if not the smallest.
// Fails       NotCertified if the range had to be cut too finely: give one variance then.
// Cost        some ms a variance looked at.
#pragma once

#include <cstdint>

#include <nke/exact/real/rational.hpp>

namespace nke {

class Activation;

struct DegreeRequest {
  Rational epsilon;
  Rational min_variance;
  Rational max_variance;
};

struct SufficientDegree {
  std::int64_t degree = 0;     ///< proven to be enough
  std::int64_t necessary = 0;  ///< proven to be needed at one of the variances looked at; equal to degree for smooth σ
  int variances = 0;           ///< looked at, or parts of the range
};

SufficientDegree sufficient_degree(const Activation& sigma, const DegreeRequest& request);

}  // namespace nke
