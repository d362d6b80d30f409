// SPDX-License-Identifier: Apache-2.0
// σ(x) E[τ(v) | u = x] φ_a(x) as a function of a complex box x, at one precision.
//
// Why         near ρ = ±1 the exponents are steep parabolas, 10^30 (x − t)² say. Written as q x² + l x + c they would lose
//             all digits next to t; so each is stored around the point of the interval of integration next to its vertex, its
//             coefficients having been worked out at twice the precision.
#pragma once

#include <vector>

#include "inner.hpp"
#include "one_dimensional_tails.hpp"

namespace nke::detail {

/// quadratic r² + slope r + constant, r = x − at
struct CenteredExponent {
  Ball quadratic;
  Ball at;  ///< exact
  ComplexBall slope;
  ComplexBall constant;
};

/// e^(that) over a box, by the value at its centre and first-order terms counted once.
ComplexBall exponential(const CenteredExponent& e, const ComplexBall& x);
/// An upper bound of |e^(that)| on [left, right].
Ball largest_exponential(const CenteredExponent& e, const Ball& left, const Ball& right);

/// Which gated terms are off, on or at their edge, on one interval.
struct GateStates {
  std::vector<GateState> outer;
  std::vector<GateState> inner;
};

class Integrand {
 public:
  /// For x in [left, right]. The constant factor 1/√(2πa) is left out.
  Integrand(const NormalForm& sigma, const NormalForm& tau, const Outer& place, const Ball& left, const Ball& right,
            Precision precision);

  Precision precision() const { return precision_; }
  const ConditionalExpectation& outer() const { return outer_; }
  const ConditionalExpectation& inner() const { return inner_; }
  /// Exponent i of the outer factor, exponent j of the inner one and the density.
  const CenteredExponent& sum(std::size_t i, std::size_t j) const { return sums_[i * inner_.exponents().size() + j]; }

  /// Σ over the pairs of terms with at least one gate.
  ComplexBall gated_pairs(const ComplexBall& x, const GateStates& states) const;
  /// ∫ over the whole line of the pairs without gates, the factor 1/√(2πa) included.
  Ball free_pairs(const Rational& variance) const;

 private:
  Precision precision_;
  ConditionalExpectation outer_;
  ConditionalExpectation inner_;
  std::vector<CenteredExponent> sums_;
};

}  // namespace nke::detail
