// SPDX-License-Identifier: Apache-2.0
// A homogeneous activation: which function of the correlation is its dual, and which power series is that, exactly?
//
// Definition  σ(x) = right · x^p for x > 0 and left · |x|^p for x < 0, p a whole number ≥ 0 (relu, abs, sign, x^p, …).
//             Then K(a,b,c) = (ab)^{p/2} κ(ρ), K̇ = (ab)^{(p−1)/2} κ̇(ρ), and κ(ρ) = Σ h_n² ρⁿ with the Hermite
//             coefficients h_n = E[σ(z) He_n(z)]/√n! at variance 1.
// Coefficients from E[z^p He_n(z) 1(z > 0)] = p E[z^{p−1} He_{n−1}(z) 1(z > 0)] for p, n ≥ 1, which is integration by
//             parts, every h_n² is a fraction or a fraction over 2π: no quadrature, no rounding.
// Domain      −1 ≤ ρ ≤ 1. Σ h_n² = κ(1) = (right² + left²) (2p − 1)!!/2; the terms fall like n^{−p−3/2} if σ has a kink.
// Cost        a coefficient: one division of factorials.
#pragma once

#include <optional>
#include <vector>

#include <nke/exact/dual/normal_form.hpp>

namespace nke {

struct HomogeneousDual {
  int degree;  ///< p
  Expr right;
  Expr left;
  Expr kappa;      ///< κ in the symbol rho
  Expr kappa_dot;  ///< κ̇ in rho
  std::vector<Assumption> assumptions;

  /// h_n², exactly.
  Expr squared_coefficient(int n) const;
  /// h_0² … h_degree².
  std::vector<Expr> squared_coefficients(int highest) const;
};

/// Nothing if σ is not of this form.
std::optional<HomogeneousDual> homogeneous_dual(const Activation& sigma);
/// The same for an expression in x whose other symbols are parameters. NoClosedForm if it has no normal form at all.
std::optional<HomogeneousDual> homogeneous_dual(const Expr& sigma);

}  // namespace nke
