// SPDX-License-Identifier: Apache-2.0
// Fixed points of the variance and correlation maps, proven: in which balls do they lie?
//
// Definition  as in mean_field.hpp, σ_w² and σ_b² being fractions.
// Existence   V is continuous, so V(q) − q with proven different signs at the ends of an interval has a root there.
//             Uniqueness in it: V' = σ_w² E[σ(√q z)² (z² − 1)]/(2q), over the whole ball, differs from 1 for certain.
// Phase       χ₁ = σ_w² E σ'(√q* z)² over the ball of q*. Certainly below 1: c* = 1. Certainly above: c* in [0, 1) by a
//             change of sign of C(c) − c; and because C is convex on [0, 1], C'(c*) lies between the slopes of two chords,
//             so that σ' need not be continuous for it. A ball that holds 1: undecided, except for σ homogeneous of
//             degree 1, where χ₁ = σ_w² (σ(1)² + σ(−1)²)/2 exactly.
// Candidates  come from the fast search, so that a fixed point it overlooks is not found here either: each is proven to be
//             one, the list is not proven to be complete.
// Error       radius ≤ 10^−digits for q* (relative) where V'(q*) is not close to 1; c* likewise; C'(c*) half the digits.
// Fails       what is not certified is a ball that is not finite, and `open` says why. NotCertified if nothing is known.
// Cost        20 … 500 ms a fixed point at 30 digits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/hermite/mean_field.hpp>

namespace nke {

struct CertifiedScales {
  Rational weight = 1;  ///< σ_w²
  Rational bias = 0;    ///< σ_b²
};

struct CertifiedFieldPoint {
  FieldFixedPoint fast;  ///< the candidate
  bool proven = false;   ///< variance holds a fixed point
  bool unique = false;   ///< and no other
  Ball variance, slope, chi;
  bool chi_infinite = false;  ///< σ jumps: C'(1) = ∞
  std::optional<Phase> phase;
  Ball correlation, correlation_slope;  ///< not finite where not certified
  Ball depth_variance, depth_correlation;
  std::vector<std::string> open;  ///< what is not proven, and why
};

struct CertifiedField {
  std::vector<CertifiedFieldPoint> points;
  bool everywhere = false;  ///< proven: every q > 0 is a fixed point
};

CertifiedField certified_fixed_points(const Activation& sigma, const CertifiedScales& scales, int digits = 30);

}  // namespace nke
