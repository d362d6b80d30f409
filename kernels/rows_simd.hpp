// SPDX-License-Identifier: Apache-2.0
// What the layers do to a row of a kernel matrix, in SIMD. Private to kernels.
//
// Definition  a row holds δ_j = 1 − ρ_ij and t_j = Θ_ij/(N_i N_j), N the root of the diagonal of Σ: both are free of scale
//             and equal 0 and Θ_ii/Σ_ii on the diagonal. t may be null: the NTK is not wanted.
// Why         δ keeps every digit where points coincide, |ρ| ≤ 1 is δ in [0, 2], and no depth overflows.
#pragma once

#include <cstddef>

#include "homogeneous_fit.hpp"

namespace nke::kernels::simd {

/// δ = 1 − g r_i r_j in [0, 2]; how many are within `near` of 0 or of 2.
std::size_t correlate(const float* g, float r_i, const float* r, float near, float* delta, std::size_t n);
std::size_t correlate(const double* g, double r_i, const double* r, double near, double* delta, std::size_t n);

/// ½ Σ_k (r_x x_k − r_y y_k)².
double half_distance(const float* x, double r_x, const float* y, double r_y, std::size_t n);
double half_distance(const double* x, double r_x, const double* y, double r_y, std::size_t n);

/// Σ' = w²Σ + b²: with α = wN/N', β = b/N', so that α² + β² = 1: ρ' = α_i α_j ρ + β_i β_j, t' = α_i α_j t + ρ'.
template <class T>
struct Affine {
  T alpha_i, beta_i;
  const T* alpha;
  const T* beta;
};
void affine(const Affine<float>& f, float* delta, float* t, std::size_t n);
void affine(const Affine<double>& f, double* delta, double* t, std::size_t n);

/// The same for b = 0 (α = 1) followed by the dual of a homogeneous σ; `dense` false leaves the affine part out.
void homogeneous(const HomogeneousFit& fit, bool dense, float* delta, float* t, std::size_t n);
void homogeneous(const HomogeneousFit& fit, bool dense, double* delta, double* t, std::size_t n);

/// c = √a_i √b_j (1 − δ_j) and d = a_i b_j δ(2 − δ), from the roots.
void covariances(double root_i, const double* root, const double* delta, double* c, double* d, std::size_t n);
/// Back from K and K̇: δ = 1 − K out_i out_j, where out = 1/N' (0 if N' = 0), and t *= K̇ ratio_i ratio_j, ratio = N/N'.
/// δ that was 0 between equal roots stays 0.
struct FromDual {
  double out_i, ratio_i, root_i;
  const double* out;
  const double* ratio;
  const double* root;
};
void from_dual(const FromDual& f, const double* k, const double* kdot, double* delta, double* t, std::size_t n);

/// ρ = μ_i μ_j ρ + ν_i ν_j ρ_other, μ² + ν² = 1; t likewise.
template <class T>
struct Join {
  T mu_i, nu_i;
  const T* mu;
  const T* nu;
};
void join(const Join<float>& f, const float* other_delta, const float* other_t, float* delta, float* t, std::size_t n);
void join(const Join<double>& f, const double* other_delta, const double* other_t, double* delta, double* t,
          std::size_t n);

/// N_i N_j (1 − δ) into k, N_i N_j t into theta; either may be null.
void finish(float norm_i, const float* norm, const float* delta, const float* t, float* k, float* theta, std::size_t n);
void finish(double norm_i, const double* norm, const double* delta, const double* t, double* k, double* theta,
            std::size_t n);

}  // namespace nke::kernels::simd
