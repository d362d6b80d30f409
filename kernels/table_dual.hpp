// SPDX-License-Identifier: Apache-2.0
// The dual of an activation with a kink at 0 at a hundred thousand arguments, for tables to be made of. Private to kernels.
//
// Definition  K and K̇ for all pairs of a list of standard deviations t, at a list of angles θ, ρ = cos θ.
// Method      the Mehler series up to |ρ| = 0.8. Beyond, polar coordinates: u = t r cos φ and v = t' r cos(φ − θ) change sign at
//             four φ, between which σ(u) σ(v) is analytic; Gauss-Legendre in r and φ on each part.
// Domain      σ analytic but for a kink at 0 (behind a jump, Σ n h_n² is not K̇); variances up to 128.
// Error       1e-14 of √(K(a,a,a) K(b,b,b)) for moderate variances, otherwise not known: tables are held to
//             `check`, which beyond |ρ| = 0.8 is the fast dual of hermite and shares nothing with the integral.
// Cost        50 ns a value by series; 10 … 20 ms for an angle by the integral.
// Source      Mehler 1866.
#pragma once

#include <Eigen/Core>
#include <memory>
#include <optional>
#include <span>

#include <nke/hermite/series.hpp>
#include <nke/kernels/network.hpp>

#include "row_dual.hpp"

namespace nke {

class TableDual {
 public:
  /// For variances up to `largest`. Nothing if σ is not of the domain.
  static std::optional<TableDual> make(const Nonlinearity& layer, double largest, double tolerance);

  DiagonalDual diagonal(double a) const;
  /// Columns are the pairs (0,0), (1,0), (1,1), (2,0), … of t; rows the angles, in [0, π].
  void grid(const Eigen::VectorXd& t, std::span<const double> angles, Eigen::MatrixXd& k, Eigen::MatrixXd& kdot) const;
  /// At one place: a, b > 0, ρ = ±(1 − away).
  DiagonalDual check(double a, double b, double away, bool negative) const;

  /// Of the largest variance, what is tabulated.
  static constexpr double smallest_share = 1e-8;

 private:
  TableDual(const Activation& sigma, HermiteSeries series, RowDual rows);
  // K and K̇ for all pairs of t.
  struct Pairs {
    Eigen::MatrixXd k, kdot;
  };
  static Pairs from_series(const Eigen::VectorXd& t, const Eigen::MatrixXd& h, double rho);
  Pairs from_integral(const Eigen::VectorXd& t, double angle) const;

  Activation sigma_, slope_;
  HermiteSeries series_;
  RowDual rows_;
};

}  // namespace nke
