// SPDX-License-Identifier: Apache-2.0
// Signal propagation: what happens to variances and correlations of inputs as they pass through many layers of σ?
//
// Definition  with weight variance σ_w² and bias variance σ_b² a layer maps the variance q of a preactivation to
//               V(q) = σ_w² E σ(√q z)² + σ_b², z ~ N(0,1), with fixed points q*;
//             and, at a fixed point, the correlation c of two preactivations to
//               C(c) = (σ_w² K(q*, q*, c q*) + σ_b²)/q*,  C(1) = 1,  C'(1) = χ₁ = σ_w² E σ'(√q* z)².
//             ordered: χ₁ < 1, all inputs become alike; chaotic: χ₁ > 1, alike inputs part; critical: χ₁ = 1.
//             Depth scales ξ_q = −1/log|V'(q*)| and ξ_c = −1/log C'(c*): distances from the fixed point shrink like
//             e^{−depth/ξ}; infinite where the slope is 1 and they shrink like a power of the depth, if at all.
// Theorem     C has a power series with coefficients ≥ 0 that sum to 1. So it is convex on [0, 1] and, unless C(c) = c
//             for all c, its attracting fixed point c* is 1 if χ₁ ≤ 1, and else the only other one in [0, 1); in (−1, 0)
//             there is none. Nothing hides from the search for c*.
// Jumps       where σ jumps, or E σ'² is infinite, C'(1) = ∞: χ₁ is reported as infinite, the phase as chaotic, and C'(c*)
//             is the derivative of K with the jumps in it, not K̇.
// Domain      σ_w², σ_b² ≥ 0. q with E σ(√q z)² = ∞ have V(q) = ∞ and are no fixed points; nothing is thrown for them.
// Degenerate  q* = 0 (σ(0) = 0, σ_b = 0): slope and χ₁ are the limits at 0, and correlations have no map. σ homogeneous of
//             degree 1 is a line: every q is fixed, or none but 0 or one.
// Search      fixed points from 2^−20 (below it if the slope at 0 asks for that) up to 2^30, or as far as σ can be
//             resolved, or as a proven growth bound leaves room for any: sign changes of V(q)/q − 1 on a grid of two
//             points an octave, and its local extrema. V is smooth on the scale of an octave, so a pair of roots between
//             two points makes an extremum; a proof of one root is mean_field_certified.hpp.
// Error       estimated: `error` of q*; χ₁, slopes and c* to about 1e-13, by differences 1e-9 where σ jumps.
// Cost        5 … 50 ms for all fixed points, by far most of it planning (kept for other scales).
// Threads     may be called concurrently. Copies share what is kept.
// Source      Poole et al. 2016 (1606.05340); Schoenholz et al. 2017 (1611.01232); Hayou et al. 2019 (1902.06853).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/hermite/mean_field_moments.hpp>

namespace nke {

/// σ_w² and σ_b².
struct FieldScales {
  double weight = 1;
  double bias = 0;
};

enum class Phase { ordered, critical, chaotic };
enum class Stability { attracting, marginal, repelling };
std::string_view to_text(Phase phase);
std::string_view to_text(Stability stability);

struct FieldFixedPoint {
  double variance = 0;  ///< q*
  double error = 0;     ///< of q*, estimated
  double slope = 0;     ///< V'(q*)
  Stability stability = Stability::attracting;
  double chi = 0;  ///< χ₁
  Phase phase = Phase::ordered;
  double correlation = 1;        ///< c*; NaN at q* = 0
  double correlation_slope = 0;  ///< C'(c*); NaN at q* = 0
  bool identity = false;         ///< C(c) = c: every correlation stays
  double depth_variance = 0;     ///< ξ_q; NaN where V'(q*) is 1 or more but not marginal: nothing is attracted
  double depth_correlation = 0;  ///< ξ_c; NaN at q* = 0
};

struct FieldFixedPoints {
  std::vector<FieldFixedPoint> points;  ///< by growing q*
  /// Every q > 0 is a fixed point; points then holds q* = 1 alone.
  bool everywhere = false;
  /// V(q) > q from the largest fixed point on, as far as was looked: larger variances grow.
  bool grows = false;
  /// Up to which q fixed points were looked for; above it there are none if it is infinite.
  double searched_to = 0;
};

/// A point of the line χ₁ = 1, which q parametrises.
struct CriticalPoint {
  double variance = 0;  ///< q, which is a fixed point for
  double weight = 0;    ///< σ_w² = 1/E σ'(√q z)² and
  double bias = 0;      ///< σ_b² = q − σ_w² E σ(√q z)²; negative: not on the line
  double slope = 0;     ///< V'(q); above 1 the fixed point repels
};

class MeanField {
 public:
  struct State;
  explicit MeanField(const Activation& sigma);

  /// E σ(√q z)² with its derivative in q, and E σ'(√q z)² (infinite where σ jumps), q > 0.
  SquareMoment second_moment(double q) const;
  double derivative_moment(double q) const;

  FieldFixedPoints fixed_points(const FieldScales& scales) const;
  /// Nothing where E σ'² is zero or infinite.
  std::optional<CriticalPoint> critical_point(double q) const;
  /// V(q); σ_w² σ(0)² + σ_b² at 0.
  double variance_map(double q, const FieldScales& scales) const;
  /// C(c) at a variance q, which need not be a fixed point: (σ_w² K(q, q, c q) + σ_b²)/V(q).
  double correlation_map(double c, double q, const FieldScales& scales) const;

  /// Whether C'(1) is infinite whatever the scales: σ jumps, or σ' has a singularity that is not square-integrable.
  bool tears() const;
  const Activation& activation() const;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace nke
