// SPDX-License-Identifier: Apache-2.0
// How much of E[σ(u) σ(v)] can lie outside the square |x|, |w| ≤ R? Private to hermite.
//
// Theorem     for q > 1, by Hölder and Cauchy-Schwarz,
//               E |σ(u) σ(v)| 1(|x| > R or |w| > R) ≤ (E G(u)^2q E G(v)^2q)^(1/2q) · (2 e^{−R²/2})^(1−1/q),
//             u and v being normal and G the growth bound; the moments are bounded by sums over cells.
#pragma once

#include <string>
#include <vector>

#include <nke/exact/activation/growth.hpp>

namespace nke {

class PlaneTail {
 public:
  PlaneTail(const GrowthBound& growth, const Rational& a, const Rational& b);

  /// log of that bound, for the best of a few q; +infinity if the growth bound has no such moments.
  double log_at(double reach) const;
  /// An R at which it is below log_error. NotCertified if there is none.
  double reach(double log_error) const;

 private:
  struct Moment {
    double q = 0;
    double log_factor = 0;  // (E G(u)^2q E G(v)^2q)^(1/2q)
  };
  std::vector<Moment> moments_;
  std::string growth_;
};

}  // namespace nke
