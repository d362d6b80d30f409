// SPDX-License-Identifier: Apache-2.0
// The dual of any activation as a power series in the correlation, at any pair of norms.
//
// Definition  K(a,b,c) = Σ_n h_n(a) h_n(b) ρⁿ, ρ = c/√(ab), h_n as in coefficients.hpp; ∂K/∂c = Σ_n n h_n(a) h_n(b)
//             ρ^{n−1}/√(ab), which is the dual of σ' where σ is continuous. The series is cut after degree N.
// Why         one expansion holds for every variance: a feature map weights row i by h_n(a_i) and never rescales the
//             data.
// Domain      a, b in the range given, or 0; c² ≤ ab (covariance.hpp). Other variances work too, but each is planned
//             anew.
// Degenerate  a = 0 or b = 0: K = h_0(a) h_0(b); ∂K/∂c is then DomainError (take the dual of σ'). min_variance = 0
//             stands for a millionth of max_variance, with 0 itself exact.
// Error       truncation_bound() for what is cut off, plus interpolation_error() √(norm_a norm_b) √(N+1) at most, plus
//             rounding.
// Cost        a few ms to make; below 1 µs for the coefficients of a variance or a value, see
//             bench/hermite_series_bench.cpp.
// Source      Mehler 1866; remainder by Cauchy and Schwarz from Parseval's identity, Σ_{n>N} h_n² = norm − Σ_{n≤N}
//             h_n².
#pragma once

#include <memory>
#include <span>

#include <nke/hermite/coefficients.hpp>

namespace nke {

class HermiteSeries {
 public:
  HermiteSeries(const Activation& sigma, const HermiteRange& range);

  int degree() const;
  double min_variance() const;
  double max_variance() const;

  /// h_0(a), h_1(a), … into out, at most degree() + 1 of them.
  void coefficients(double a, std::span<double> out) const;
  /// E σ(√a z)².
  double norm(double a) const;
  /// norm − Σ h_n², or 0 where that is below the rounding of its parts.
  double tail(double a) const;

  double value(double a, double b, double c) const;
  /// ∂K/∂c. Diverges at |ρ| = 1 if σ jumps: the truncated sum is finite, its truncation error is not.
  double derivative(double a, double b, double c) const;
  /// |ρ|^{N+1} √(tail(a) tail(b)), with tails rounded upwards by their estimated rounding error.
  double truncation_bound(double a, double b, double c) const;

  /// Largest difference between the table and the quadrature it was made of, relative to √norm; seen when it was made.
  double interpolation_error() const;
  /// The quadrature itself.
  const HermiteRule& rule() const;

 private:
  struct Data;
  std::shared_ptr<const Data> data_;
};

/// A bound of |Σ_{n>N} h_n(a) h_n(b) ρⁿ| by Cauchy and Schwarz: |ρ|^{N+1} √(T_a T_b), where T is what h_0² … h_N² leave
/// of the norm. Takes the product of the tails.
double mehler_remainder(double rho, int degree, double product_of_tails);

}  // namespace nke
