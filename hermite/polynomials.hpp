// SPDX-License-Identifier: Apache-2.0
// Orthonormal Hermite polynomials without overflow, and the inner products of samples with all of them at once.
//
// Definition  p_n = He_n/√n!, orthonormal under N(0,1); psi_n(z) = p_n(z) √phi(z), |psi_n| < 0.7 for all n and z.
//             He_n and n! themselves overflow at n = 150 and 171; psi_n never does.
// Recurrence  psi_n = scale_n q_n with q_{n+1} = alpha_n z q_n − q_{n−1}: the usual three terms
//             √(n+1) p_{n+1} = z p_n − √n p_{n−1}, scaled so that one of its two products disappears. scale_n falls
//             only like n^(−1/4), so nothing overflows; the coefficients are computed in long double.
// Source      DLMF 18.9 (recurrence), 18.14.9 (bound).
#pragma once

#include <span>
#include <vector>

namespace nke {

class HermiteRecurrence {
 public:
  /// For p_0 … p_degree; DomainError for degree < 0, LimitError beyond 100 000.
  explicit HermiteRecurrence(int degree);

  int degree() const { return static_cast<int>(scale_.size()) - 1; }
  std::span<const double> alpha() const { return alpha_; }
  std::span<const double> scale() const { return scale_; }

 private:
  std::vector<double> alpha_, scale_;
};

/// p_0(z) … p_N(z) into p, N + 1 = p.size(): the plain recurrence, for tests and single points.
void orthonormal_hermite(double z, std::span<double> p);

/// √phi(z) for each z; |error| < 3 ε/2 √phi(0), and relative accuracy of (4 + z²/4) ε for |z| < 50.
void root_density(std::span<const double> z, std::span<double> root);

/// h_n = Σ_k s_n(k) psi_n(z_k) for n = 0 … degree, with s_n = even for even n and odd for odd n: the inner products of
/// a function sampled at ±z_k, folded to z > 0. root holds √phi(z_k). All spans but h have one length, a multiple of 8.
void project(const HermiteRecurrence& recurrence, std::span<const double> z, std::span<const double> root,
             std::span<const double> even, std::span<const double> odd, std::span<double> h);

}  // namespace nke
