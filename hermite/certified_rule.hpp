// SPDX-License-Identifier: Apache-2.0
// One quadrature for all Gaussian moments of σ at one variance: which nodes, and what error is proven?
//
// Definition  for every n ≤ N, with s(z) = σ(√a z) and p_n = He_n/√n!,
//               | E[s p_n] − Σ_k w_k φ(z_k) (s(z_k) p_n(z_k) + s(−z_k) p_n(−z_k)) | ≤ scale · e^log_error,
//               | E[s²]    − Σ_k w_k φ(z_k) (s(z_k)² + s(−z_k)²) |               ≤ scale² · e^log_error,
//             with w_k, z_k > 0, φ the standard normal density. All nodes are on the half line.
// Method      equidistant nodes where σ is one analytic piece (exact/integrate/trapezoid.hpp), Gauss-Legendre panels
//             between breakpoints otherwise, or where they need fewer nodes (large a).
//             Next to a singularity of a bounded σ at 0 panels become geometrically narrower, down to an ε that the
//             growth bound G shows to be negligible: ∫_{−ε}^{ε} |s p_n φ| ≤ 2 ε G(ε) e^{ε²/4}/√(2π).
// Bounds      |p_n(x+iy)| ≤ exp(x²/4 + √n |y|): Indritz' |p_m(x)| ≤ e^{x²/4} (DLMF 18.14.9) and Taylor's formula in iy,
//             since √C(n,k)/√k! ≤ n^{k/2}/k!. So |s p_n φ| ≤ |s| exp(−x²/4 + y²/2 + √N |y|)/√(2π) for all n ≤ N.
//             Beyond R: |s(z)| ≤ G(z) from the growth bound; g(z) = log G − z²/4 is concave, so that
//             2 ∫_R^∞ e^g ≤ 2 e^{g(R)}/(−g'(R)).
// Fails       NotCertified if no rule within the limits could be proven; DomainError if E s² is not proven to be finite.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <nke/hermite/certified_pieces.hpp>

namespace nke {

struct RuleRequest {
  int degree = 100;
  Ball variance;    ///< narrow; > 0
  int digits = 30;  ///< log_error ≤ −digits log 10
  long bits = 200;  ///< of nodes and weights
};

/// Nodes, weights and the error; a value, shared by copies.
class CertifiedRule {
 public:
  CertifiedRule(const CertifiedPieces& pieces, const Activation& sigma, const RuleRequest& request);

  long nodes() const;
  double log_error() const;
  /// A power of two near √E s².
  int log2_scale() const;
  double log_scale() const;
  /// "trapezoid" or "panels".
  const std::string& method() const;

  struct Data;
  const Data& data() const { return *data_; }

 private:
  std::shared_ptr<const Data> data_;
};

}  // namespace nke
