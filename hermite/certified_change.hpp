// SPDX-License-Identifier: Apache-2.0
// How much can K change while a, b and c run over balls? What uncertain covariances cost. Private to hermite.
//
// Definition  an upper bound of |K(a,b,c) − K(a₀,b₀,c₀)| over all covariances in the balls, (a₀,b₀,c₀) being one too.
// Notation    f = σ(√a ·), g = σ(√b ·); f = f₀ + Σ J_i 1(· > ξ_i), f₀ continuous, J_i the jumps of σ at t_i, ξ_i = t_i/√a;
//             σ' is the derivative almost everywhere, so that ‖f₀'‖ = √a ‖σ'(√a ·)‖.
// In ρ        ∂K/∂ρ = Σ n f_n g_n ρ^{n−1} ≤ |f| |g|, |f|² = Σ n f_n² r^{n−1}, r = |ρ|, by Cauchy and Schwarz. By Minkowski
//             |f| ≤ ‖f₀'‖ + Σ |J_i| |1(· > ξ_i)|, and the square of the last is the bivariate density at (ξ_i, ξ_i):
//               |f| ≤ A + B (1 − ρ²)^{−1/4},  A = ‖f₀'‖,  B = Σ |J_i| e^{−ξ_i²/4}/√(2π).
//             Integrated from ρ₀ to ρ, since dρ/√(1 − ρ²) = dθ, θ = arccos ρ:
//               |ΔK| ≤ A A' Δρ + (A B' + A' B) √(Δρ Δθ) + B B' Δθ.
//             With jumps K is only Hölder-1/2 at ρ = ±1, and there Δθ is of the size √Δρ: half the digits are lost,
//             as they must be. Elsewhere the bound is as narrow as the argument.
// In √a       at fixed ρ and b: |ΔK| ≤ Δ√a ‖x σ'(√a x)‖ ‖g‖ + Σ |J_i| Δξ_i φ(ξ_i) |E[g(y) | x = ξ_i]|, where the last is
//             at most sup |σ|, and at most ‖g‖ (1 − ρ⁴)^{−1/4} e^{ξ²ρ²/(2(1+ρ²))} by Mehler's kernel; or, without that
//             derivative, |J_i| ‖g‖ √(φ Δξ_i). The least is taken.
// Of norms    |Δ E σ(√a x)²| ≤ 2 Δ√a ‖x σ'(√a x)‖ ‖f‖ + Σ Q_i Δξ_i φ(ξ_i), Q_i being the jumps of σ²: no digits are lost.
// Fails       NotCertified where the breakpoints of σ are not proven or σ has worse than jumps.
#pragma once

#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/hermite/certified_pieces.hpp>

namespace nke {

/// A covariance that is known up to balls, or one in them.
template <class Number>
struct CovarianceOf {
  Number a, b, c;
};

class CertifiedChange {
 public:
  CertifiedChange(const Activation& sigma, const CertifiedPieces& pieces);

  /// `at` over `balls`, both as balls; at.a … are exact but for rounding.
  double operator()(const CovarianceOf<Ball>& balls, const CovarianceOf<Ball>& at) const;
  /// The same of E σ(√a x)².
  double of_norm(const Ball& variance, const Ball& at) const;

 private:
  struct Jump {
    Ball place;
    double size;
    double size_of_square;
    bool at_zero;
  };
  struct Side;
  Side side(const Ball& variance, const Ball& at) const;
  double by_variance(const Side& moving, const Side& fixed, double gap) const;

  Activation sigma_, slope_, moment_;
  std::vector<Jump> jumps_;
  double supremum_;  // of |σ|, or infinity
};

}  // namespace nke
