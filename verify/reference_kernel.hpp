// SPDX-License-Identifier: Apache-2.0
// The kernel matrix of one layer on a data set, accurate enough to measure approximations against.
//
// Definition  K_ij = E σ(u)σ(v), (u,v) ~ N(0, [[a_i,c],[c,a_j]]) with a_i = |x_i|²/d and c = <x_i,x_j>/d.
// Method      off the diagonal the norm-aware series Σ_{n<=N} h_n(a_i) h_n(a_j) ρⁿ with N doubled until the truncation
//             bound |ρ|^{N+1} √(tail_i tail_j) is below `tolerance` times the mean diagonal; the few pairs a kinked σ
//             leaves above it (ρ near ±1) by nested quadrature. The diagonal is E σ(√a z)² itself.
// Control     a random sample of entries is computed again by nested quadrature, which shares no code with the series;
//             the largest difference is reported beside what the bounds allow.
// Domain      points (n,d) with n ≥ 2, finite. σ square-integrable at every variance, else DomainError.
// Degenerate  a point at the origin has a = 0 and ρ = 0: K = h_0(0) h_0(b). Points that coincide have ρ = 1:
//             quadrature.
// Cost        n² N / 2 multiply-adds, n coefficient vectors, and about 0.1 ms for each pair by quadrature.
#pragma once

#include <cstdint>

#include <nke/data/array.hpp>
#include <nke/exact/activation/activation.hpp>
#include <nke/verify/progress.hpp>

namespace nke {

struct ReferenceKernelOptions {
  double tolerance = 1e-11;   // of the truncation, relative to the mean diagonal
  int smallest_degree = 64;   // first N tried
  int largest_degree = 1024;  // beyond it, quadrature
  int checked_pairs = 100;    // entries computed twice
  std::uint64_t seed = 1;     // which entries those are
};

struct ReferenceKernel {
  Matrix correlation;              // ρ_ij; 1 on the diagonal, 0 where a variance is 0
  Matrix kernel;                   // K
  Matrix coefficients;             // (n, N+1): row i holds h_0(a_i) … h_N(a_i)
  Eigen::VectorXd variance;        // a_i
  Eigen::VectorXd norm;            // E σ(√a_i z)²
  Eigen::VectorXd tail;            // norm − Σ_{n<=N} h_n(a_i)²
  int degree = 0;                  // N
  double scale = 0;                // mean of the diagonal of K
  double bound = 0;                // largest truncation bound used, over `scale`
  double rounding = 0;             // what the errors of coefficients and sums may add, over `scale`
  std::int64_t by_quadrature = 0;  // pairs i < j that quadrature computed
  int checked = 0;                 // entries computed twice
  double disagreement = 0;         // largest difference of the two, over `scale`
  double allowed = 0;              // what truncation, coefficient and quadrature errors allow, over `scale`
};

ReferenceKernel reference_kernel(const Activation& activation, const Matrix& points,
                                 const ReferenceKernelOptions& options, Progress& progress);

/// Σ_{n<=q} h_n(a_i) h_n(a_j) ρⁿ off the diagonal, the exact E σ² on it: what a sketch of degree q estimates.
Matrix truncated_kernel(const ReferenceKernel& reference, int degree);

}  // namespace nke
