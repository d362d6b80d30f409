// SPDX-License-Identifier: Apache-2.0
// Features of data whose inner products estimate the dual of any activation, at every norm.
//
// Definition  Row x ↦ φ(x) = (h_n(a)·S_n(x/|x|))_{n=0…q}, a = |x|²/d, S_n the block of degree n of one PolySketch,
//             so that
//               ⟨φ(x), φ(y)⟩ ≈ Σ_{n≤q} h_n(a) h_n(b) ρⁿ ≈ K(a, b, c) = E[σ(u)σ(v)],   c = ⟨x, y⟩/d, ρ = c/√(ab).
//             The norms enter exactly; only directions are sketched. Degree 0 is one feature, h_0(a).
// Dimensions  All M features are used. With w_n the root mean square of h_n² over the range of the series, the
//             budget (budget.hpp) is minimised for A_n = w_n²(1 + ρ^{2n}): the variance of block n is A_n/m_n, and
//             what the chain adds does not depend on m_n. Degree 1 is x/|x| itself, exact, where that leaves less
//             variance than sketching it. A degree absent from the spectrum gets nothing.
// Guarantee   E ⟨φ(x), φ(y)⟩ = Σ_{n≤q} h_n(a) h_n(b) ρⁿ over the seed. The variance is that of PolySketch, weighted
//             with (h_n(a) h_n(b))²; the bias is the rest of the series, at most |ρ|^{q+1} √(tail(a) tail(b)). On
//             the diagonal leftover() is that bias, exactly.
// Domain      Finite data (DomainError names row and column) of d columns (ShapeError). Dimension at least one for
//             each degree present, else DomainError with the smallest possible. Variances outside the range of the
//             series are right but slow.
// Degenerate  A row of zeros has the features of σ(0): h_0 = σ(0), all others 0. An empty matrix has no features.
// Error       Beside the variance, rounding in float: about 1e-6 of √(K(a,a,a) K(b,b,b)).
// Threads     Rows are shared among TBB's threads; the bytes depend on the seed and the row alone.
// Cost        A row: that of one PolySketch, about q transforms of the length of its chain. Figures:
//             docs/sketches.md.
// Source      Mehler 1866 for the series; Ahle et al., 1909.01821, for sketches of powers; Zandieh et al.,
//             2106.07880, for their use on duals, there with one expansion at unit norm.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <nke/data/array.hpp>
#include <nke/hermite/series.hpp>
#include <nke/sketch/poly_sketch.hpp>

namespace nke::sketch {

struct DualFeaturesOptions {
  int degree = 8;                ///< q, at most the degree of the series
  std::size_t dimension = 4096;  ///< M, all features together
  std::uint64_t seed = 1;
  double correlation = 0.5;  ///< ρ at which the budget is balanced; the optimum is flat (docs/sketches.md)
};

class DualFeatures {
 public:
  /// `inputs` is d, the number of columns of the data.
  DualFeatures(HermiteSeries series, std::size_t inputs, const DualFeaturesOptions& options);

  std::size_t inputs() const { return powers_.dimension(); }
  std::size_t dimension() const;
  int degree() const { return powers_.degree(); }
  /// m_0, …, m_q; they add up to dimension().
  std::vector<std::size_t> features_by_degree() const;
  const HermiteSeries& series() const { return series_; }

  /// (n, d) → (n, M).
  MatrixF operator()(const Eigen::Ref<const Matrix>& X) const;
  MatrixF operator()(const Eigen::Ref<const MatrixF>& X) const;
  /// The same into memory of the caller's.
  void apply(const Eigen::Ref<const Matrix>& X, Eigen::Ref<MatrixF> out) const;
  void apply(const Eigen::Ref<const MatrixF>& X, Eigen::Ref<MatrixF> out) const;

  /// For each row K(a,a,a) − Σ h_n(a)² over the degrees with features: the part of the diagonal that they lack.
  Eigen::VectorXd leftover(const Eigen::Ref<const Matrix>& X) const;
  Eigen::VectorXd leftover(const Eigen::Ref<const MatrixF>& X) const;

 private:
  template <class Rows>
  void fill(const Rows& X, Eigen::Ref<MatrixF> out) const;
  template <class Rows>
  Eigen::VectorXd missing(const Rows& X) const;

  HermiteSeries series_;
  PolySketch powers_;
};

}  // namespace nke::sketch
