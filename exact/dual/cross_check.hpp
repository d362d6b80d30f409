// SPDX-License-Identifier: Apache-2.0
// The dual once more, by a method that shares nothing with the closed form but σ: is the formula right?
//
// Definition  E[σ(u)σ(v)], (u,v) ~ N(0, [[a,c],[c,b]]), as ∫ σ(x) E[σ(v) | u = x] φ_a(x) dx with a certified quadrature
//             (one_dimensional.hpp): no Φ₂, no recursion over two gates, nothing derived beforehand.
// Domain      a, b ≥ 0, c² ≤ ab; σ in normal form.
// Degenerate  a = 0 or b = 0: that variable is 0, a half-line whose threshold is 0 counts 1/2. c² = ab: v = cu/a.
// Error       proven. The precision is raised until the radius is at most the tolerance; a quadrature that runs into its
//             limit ends in NotCertified, which says how far it came.
// Cost        10 ms at 30 digits, 0.1 … 1 s at 200.
#pragma once

#include <nke/exact/dual/normal_form.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke {

/// Which variable the integral runs over; the expectation over the other one is closed.
enum class OuterVariable {
  narrow,  ///< the one of smaller variance: waves in the other one have then been averaged away
  wide
};

/// E[σ(u)σ(v)] with a radius of at most `tolerance` > 0.
Ball dual_by_integral(const NormalForm& sigma, const Rational& a, const Rational& b, const Rational& c,
                      const Ball& tolerance, OuterVariable outer = OuterVariable::narrow);

/// E[Dσ(u)Dσ(v)] with the distributional derivative Dσ = σ' + Σ height · δ(x − location). DomainError naming the jump
/// where that is infinite: c² = ab, and a jump meets itself or another one.
Ball distributional_dual_by_integral(const NormalForm& sigma, const Rational& a, const Rational& b, const Rational& c,
                                     const Ball& tolerance, OuterVariable outer = OuterVariable::narrow);

/// A positive lower bound of E σ(u)², u ~ N(0,a), within a factor of two; 0 if σ = 0.
Ball mean_square_by_integral(const NormalForm& sigma, const Rational& a);

}  // namespace nke
