// SPDX-License-Identifier: Apache-2.0
// One dual, whatever it comes from: K and K̇ of any activation over rows of a kernel matrix, in doubles or floats.
//
// Definition  K(a,b,c) = E[σ(u)σ(v)], K̇(a,b,c) = E[σ'(u)σ'(v)], (u, v) ~ N(0, [[a, c], [c, b]]); σ' is the derivative
//             almost everywhere. A row has one a and many b, c; d = ab − c² may be passed by who knows it better.
// Method      the closed form where there is one and its doubles are safe, else the Mehler series, else the closed form
//             over balls or, without one, a nested integral; chosen here, entry by entry, so that kernels and sketches
//             need not ask.
// Domain      a, b ≥ 0 and c² ≤ ab up to rounding: d below 0 counts as 0, the caller's matrix being trusted. NaN gives
//             NaN. E σ² finite at every variance met, else DomainError.
// Degenerate  a = 0 or b = 0: one variable is 0, a jump of σ at 0 counts as the mean of its sides.
// Error       at most tolerance · √(K(a,a,a) K(b,b,b)), and likewise for K̇ where that is finite; float: 5e-7 of it.
//             Measured, not proven: docs/generated/accuracy.md.
// Shapes      all spans of a call have one length (ShapeError); K or Kdot may be empty: not wanted. Results may be
//             written over the arguments.
// Threads     calls may run concurrently. Copies share everything.
// Cost        docs/fast-duals.md: 2 to 5 ns an entry for closed forms and for series of moderate degree, 15 to 25 for forms
//             with two thresholds; 0.1 to 0.5 ms where only balls are left; for kinks outside the class near ρ = ±1 some
//             50 µs where the one kink is at 0 (zero_kink_dual.hpp, within 2e-13), else several ms by a nested integral.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include <nke/exact/activation/activation.hpp>
#include <nke/hermite/dual_fast.hpp>

namespace nke {

struct FastDualOptions {
  /// Variances for which series are tabulated; others are possible but slow. Closed forms do not care.
  double min_variance = 1e-4;
  double max_variance = 1e2;
  /// Error allowed, relative to √(K(a,a,a) K(b,b,b)); below 1e-14 little is gained. A larger one leaves more to the
  /// closed form, where it loses digits.
  double tolerance = 1e-14;
};

class FastDual {
 public:
  explicit FastDual(const Activation& sigma, const FastDualOptions& options = {});

  /// K[j], Kdot[j] at (a, b[j], c[j]).
  void operator()(double a, std::span<const double> b, std::span<const double> c, std::span<double> K,
                  std::span<double> Kdot) const;
  void operator()(float a, std::span<const float> b, std::span<const float> c, std::span<float> K,
                  std::span<float> Kdot) const;

  /// The same with d[j] = a b[j] − c[j]² given.
  void operator()(double a, std::span<const double> b, std::span<const double> c, std::span<const double> d,
                  std::span<double> K, std::span<double> Kdot) const;

  /// Where most entries come from: "closed form", "Mehler series" or "nested quadrature".
  std::string_view method() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // makes series when first needed
};

}  // namespace nke
