// SPDX-License-Identifier: Apache-2.0
// E[σ(v) | u = x] in closed form: what remains of a two-dimensional expectation once the outer variable is fixed?
//
// Definition  v | u = x ~ N(βx, s²), s² ≥ 0. With β = 1, s² = 0 it is σ(x) itself: the outer factor is the same code.
// Method      one term coefficient · v^k e^(qv² + λv) · gate at a time. The exponential tilts the normal law: P = 1 − 2qs²,
//             variance s²/P, mean m = (βx + λs²)/P, factor P^(−1/2) e^(bulk(x)), bulk = (qβ²x² + λβx + λ²s²/2)/P.
//             Against a gate with threshold t, width² τ² and side g, V = s²/P + τ², y = g(m − t)/√V:
//               M_0 = Φ(y),  M_k = m M_(k−1) + (k−1) (s²/P) M_(k−2) + g (s²/P) φ(y)/√V · E[v^(k−1) | on the gate],
//             the last a normal law of variance (s²/P)τ²/V and mean (mτ² + ts²/P)/V.
// Scaling     e^(bulk) Φ(y) may be e^(10¹¹) times e^(−10¹¹). Where Re y ≤ 0, Φ(y) = e^(−y²/2) erfcx(−y/√2)/2 and all
//             of the term carries the one exponential e^(edge), edge = bulk − y²/2, whose coefficients are formed so that the
//             large parts cancel on paper; where Re y > 0, Φ = 1 − Φ(−y). Both are the same entire function of x.
// Result      Σ_i value_i(x) · e^(exponents[i](x)): the caller adds further exponents before taking one exp.
// Error       enclosures over boxes of any size; every function is entire, so enclosures on complex boxes are proofs for
//             quadrature.
// Degenerate  s² = 0 and a half-line: the gate is an indicator in x; which side x is on is for the caller to say.
#pragma once

#include <optional>
#include <vector>

#include <nke/exact/real/complex_ball.hpp>

#include "inner_terms.hpp"

namespace nke::detail {

/// quadratic x² + linear x + constant
struct Exponent {
  Ball quadratic;
  ComplexBall linear;
  ComplexBall constant;
};

/// Values beside each exponent; those not touched are 0.
class Scaled {
 public:
  explicit Scaled(std::size_t size) : values_(size), used_(size, false) {}
  void add(std::size_t i, const ComplexBall& value) {
    values_[i] = used_[i] ? values_[i] + value : value;
    used_[i] = true;
  }
  bool used(std::size_t i) const { return used_[i]; }
  const ComplexBall& operator[](std::size_t i) const { return values_[i]; }

 private:
  std::vector<ComplexBall> values_;
  std::vector<bool> used_;
};

/// What a gated term contributes on an interval: nothing, all of it as if there were no gate, or what its gate says.
enum class GateState { off, on, edge };

/// Coefficients of 1, x, x², …
using Polynomial = std::vector<ComplexBall>;

class ConditionalExpectation {
 public:
  /// DomainError where a term is not integrable: 2qs² ≥ 1.
  ConditionalExpectation(const std::vector<NumericTerm>& terms, const Rational& beta, const Rational& variance,
                         Precision precision);

  const std::vector<Exponent>& exponents() const { return exponents_; }
  /// The terms without a gate, added up: a polynomial beside each exponent (empty where there is none).
  const std::vector<Polynomial>& free_part() const { return free_; }

  /// An indicator 1(side·(x − at) > 0) that a gated term carries.
  struct Indicator {
    int side;
    Ball at;
  };
  struct Gated;
  const std::vector<Gated>& gated() const { return gated_; }

  /// The terms with a gate at x. `states` has a place for each of gated(); an indicator is never at its edge.
  Scaled gated_part(const ComplexBall& x, const std::vector<GateState>& states) const;
  /// The terms without one at x.
  Scaled free_part_at(const ComplexBall& x) const;

  /// E[σ(v) | u = x], the exponentials included.
  ComplexBall value_at(const ComplexBall& x, const std::vector<GateState>& states) const;

  /// An upper bound, for real x in the box, of what the edge of gated()[n] adds beside its exponent where y has one sign.
  Ball edge_magnitude(std::size_t n, const ComplexBall& x) const;
  /// For real x in the box: upper bounds of what can stand beside each exponent, a gated term counted as nothing (off),
  /// as if it had no gate (on), or as what its edge adds where y < 0 (edge). Only where waves have no gates.
  std::vector<Ball> magnitudes(const ComplexBall& x, const std::vector<GateState>& bounds) const;

  struct Gated {
    ComplexBall coefficient;
    int power;
    ComplexBall mean_0;  ///< m = mean_0 + mean_1 x
    Ball mean_1;
    Ball variance;     ///< s²/P
    std::size_t bulk;  ///< which exponent
    std::optional<Indicator> indicator;
    // Without an indicator:
    ComplexBall y_0;
    Ball y_1;
    ComplexBall edge_mean_0;
    Ball edge_mean_1;
    Ball edge_variance;
    Ball edge_factor;  ///< g (s²/P)/√(2πV)
    std::size_t edge = 0;
  };

 private:
  ComplexBall argument(const Gated& term, const ComplexBall& x) const;

  Precision precision_;
  Ball root_half_;
  std::vector<Exponent> exponents_;
  std::vector<Polynomial> free_;
  std::vector<Gated> gated_;
};

/// p(x)
ComplexBall value_of(const Polynomial& p, const ComplexBall& x);

}  // namespace nke::detail
