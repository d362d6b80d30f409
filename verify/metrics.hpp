// SPDX-License-Identifier: Apache-2.0
// How far is an approximate kernel matrix K̂ from the exact K?
//
// Definition  five numbers, each 0 exactly when K̂ = K (the centred one: up to row and column constants); formulas
//             below.
// Which       relative Frobenius on isotropic points mostly measures the diagonal, on images mostly the
//             mean of the kernel; the off-diagonal error removes the first, the centred error the second, and the
//             spectral error is the one that bounds what kernel ridge regression with ridge λ can feel: ε in
//             (1−ε)(K+λI) ⪯ K̂+λI ⪯ (1+ε)(K+λI).
// Domain      K, K̂ symmetric (n,n), finite. Shapes that differ: ShapeError. A K that is not symmetric, or K+λI not
//             positive definite: DomainError.
// Degenerate  a zero denominator: 0 when the numerator is zero too, +∞ otherwise. n = 1: off-diagonal and centred are
//             0/0 = 0.
// Error       rounding only, about n ε times the conditioning of K+λI for the spectral error.
// Cost        n² for all but the spectral error: n³ once per K (Cholesky), then 2n³ + (4/3)n³ per K̂.
// Source      spectral error: the ε of a spectral approximation as Avron et al. 2017 (arXiv 1804.09893) use it for
//             ridge regression.
#pragma once

#include <memory>

#include <nke/data/array.hpp>

namespace nke {

/// ‖K̂ − K‖_F / ‖K‖_F.
double relative_frobenius_error(const Matrix& kernel, const Matrix& approximation);

/// The same over the entries i ≠ j only: √Σ_{i≠j}(K̂_ij − K_ij)² / √Σ_{i≠j} K_ij².
double off_diagonal_error(const Matrix& kernel, const Matrix& approximation);

/// ‖H(K̂ − K)H‖_F / ‖HKH‖_F with H = I − 11ᵀ/n: what is left once the kernel's mean is taken out of rows and columns.
double centred_error(const Matrix& kernel, const Matrix& approximation);

/// max_ij |K̂_ij − K_ij| / max_i |K_ii|: the largest error, on the scale of the diagonal.
double maximum_error(const Matrix& kernel, const Matrix& approximation);

/// ‖(K+λI)^{-1/2} (K̂−K) (K+λI)^{-1/2}‖₂.
double spectral_error(const Matrix& kernel, const Matrix& approximation, double lambda);

/// ZZᵀ for features Z (n,m), rows are points. Products in float, sums over blocks of 256 features in double, so the
/// error is that of 256 float additions whatever m is.
Matrix gram(const MatrixF& features);

/// The five errors of one approximation.
struct KernelErrors {
  double frobenius = 0;
  double off_diagonal = 0;
  double centred = 0;
  double maximum = 0;
  double spectral = 0;
};

/// The five errors of many approximations of one K: norms and the Cholesky factor of K+λI are computed once.
/// Const calls may run in parallel.
class ErrorMeter {
 public:
  ErrorMeter(Matrix kernel, double lambda);
  KernelErrors operator()(const Matrix& approximation) const;
  /// Of K̂ = ZZᵀ.
  KernelErrors operator()(const MatrixF& features) const;
  /// Only ‖(K+λI)^{-1/2} (K̂−K) (K+λI)^{-1/2}‖₂.
  double spectral(const Matrix& approximation) const;
  const Matrix& kernel() const { return kernel_; }
  double lambda() const { return lambda_; }

 private:
  struct Factor;  // keeps Eigen's Cholesky out of this header
  Matrix kernel_;
  double lambda_;
  std::shared_ptr<const Factor> factor_;
};

}  // namespace nke
