// SPDX-License-Identifier: Apache-2.0
// The dual of an activation with a kink at 0 as a table in which a pixel's variance and a pair's correlation are kept apart:
// what elu, selu and their like pass images by. Private to kernels.
//
// Definition  K(a,b,c) = Σ_k d_k(a,b) T_k(y), T_k Chebyshev's polynomials, d_k(a,b) = Σ_j ± u_kj(a) u_kj(b); K̇ likewise. The u
//             are numbers of each pixel (planes), so that a pair costs a product for each j and two operations for each k.
// Correlation K is analytic in |ρ| < 1, and as a function of θ = acos ρ up to both ends. So y = 2θ/π − 1 in one table, and y =
//             2ρ²/R² − 1, for even and odd parts of K apart, in shorter ones for |ρ| ≤ R.
// Variance    u/tᵖ is a polynomial in t = √a, tᵖ how K begins, by interpolation at Chebyshev points up to the largest t: σ(tz)
//             is smooth in t on either side of its kink.
// Domain      σ analytic but for a kink at 0. Kinks elsewhere give K a boundary layer at ρ = 1 where variances differ; smooth σ
//             have the Mehler series, which needs a third of the numbers.
// Error       `tolerance` times √(K(a,a,a) K(b,b,b)), likewise K̇, a third of it from what each d_k leaves out; every table is
//             held to its dual at random arguments, and there is none if it fails. For floats: a kink behind this one feels
//             what it loses of 1 − ρ by its root, as it feels roundings of floats.
// Cost        some 0.3 s to make, once for all layers that ask the same; docs/kernels.md has figures for pairs.
// Source      Mehler 1866 and Schmidt 1907 (eigenvectors give the fewest products).
#pragma once

#include <Eigen/Core>
#include <memory>
#include <vector>

#include <nke/kernels/network.hpp>

#include "slice_gate.hpp"
#include "slices_simd.hpp"
#include "table_dual.hpp"

namespace nke {

class SliceTable {
 public:
  /// For variances up to `largest`; null if there is none of reasonable length.
  static std::shared_ptr<const SliceTable> make(const Nonlinearity& layer, double largest, double tolerance);

  const kernels::simd::TableLevel* levels() const { return levels_.data(); }
  std::size_t planes() const { return static_cast<std::size_t>(nodes_of_planes_.rows()); }
  /// K(a,a,a) as slices see it: a pixel and itself are to be parallel for what follows.
  double diagonal(double a) const;
  void set_pixel(const SliceUnits& units, double a, SlicePixel& pixel) const;

 private:
  struct Maker;
  SliceTable() = default;
  Eigen::VectorXd lagrange(double t) const;
  static std::shared_ptr<const SliceTable> made(const Nonlinearity& layer, double largest, double tolerance);
  bool holds(const TableDual& dual, double tolerance) const;
  DiagonalDual at(double a, double b, double rho) const;

  double reach_ = 0;  // the largest t
  int value_power_ = 0, slope_power_ = 0;
  Eigen::VectorXd points_, weights_;  // of the interpolation in t
  Eigen::MatrixXd nodes_of_planes_;   // (planes, points): u/tᵖ
  std::vector<bool> of_value_;        // which planes belong to K
  std::vector<kernels::simd::TableLevel> levels_;
  std::vector<std::unique_ptr<unsigned char[]>> counts_;
};

}  // namespace nke
