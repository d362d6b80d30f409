// SPDX-License-Identifier: Apache-2.0
// K of a σ with kinks next to ρ = ±1 as a short sum: for many correlations at the same two variances. Private to hermite.
//
// Definition  θ = arccos |ρ|. On 0 ≤ θ ≤ reach, K = Σ_k c_k T_k(2θ/reach − 1) ± a proven error; where ρ < 0 the second
//             argument is mirrored first.
// Why         K of a kinked σ is not analytic in ρ at ±1, and its Hermite series hardly converges there; but in θ it is
//             analytic, up to what lies beyond R standard deviations.
// Theorem     with x = C p + S q, y = C p − S q, C = cos θ/2, S = sin θ/2, p and q are independent normals for every θ.
//             For |q| ≤ R the lines x = ξ_i and y = η_j (ξ, η the breakpoints over √a, √b) cut the strip into cells whose
//             order is the same for all θ ≤ reach, as long as different breakpoints keep |ξ_i − η_j| ≥ 2 R sin(reach/2).
//             On a cell p is affine in 0 ≤ τ ≤ 1, its ends being analytic in θ: so the integral K_R over |p| ≤ P, |q| ≤ R
//             continues to complex θ wherever the pieces of σ do, and |K_R| ≤ M on the ellipse of foci 0, reach whose
//             half axes add up to r reach/2 is proven by boxes. Then its interpolant in n Chebyshev points errs by at
//             most 4 M r^{1−n}/(r − 1); what the values are wrong by enters times the Lebesgue constant, which is below
//             1 + (2/π) log(n + 1). Outside of the rectangle: plane_tail.hpp.
// Fails       nothing is made if two different breakpoints are nearly the same number of standard deviations away, or
//             the pieces do not continue far enough: then each K remains an integral.
// Source      Trefethen, Approximation Theory and Approximation Practice, theorem 8.2 and chapter 15.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <nke/exact/real/ball.hpp>
#include <nke/hermite/certified_pieces.hpp>

namespace nke {

struct AngleRequest {
  Rational a, b;         ///< > 0
  int sign = 1;          ///< of ρ
  int digits = 30;       ///< of the values the table returns
  double log_scale = 0;  ///< log √(E σ(u)² E σ(v)²), roughly
};

class AngleTable {
 public:
  /// K at a covariance c, with an error of 10^−(digits+1) of the scale.
  using Value = std::function<Ball(const Rational& c)>;
  static std::shared_ptr<const AngleTable> make(const CertifiedPieces& pieces, const AngleRequest& request,
                                                const Value& value);

  double reach() const { return reach_; }
  std::size_t nodes() const { return coefficients_.size(); }
  /// θ of a covariance.
  static Ball angle(const Rational& a, const Rational& b, const Rational& c, long bits);
  Ball operator()(const Ball& theta) const;
  long bits() const { return bits_; }

 private:
  double reach_ = 0;
  long bits_ = 0;
  double error_ = 0;
  std::vector<Ball> coefficients_;
};

}  // namespace nke
