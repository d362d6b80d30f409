// SPDX-License-Identifier: Apache-2.0
// E[σ(u) τ(v)] as one certified integral over u, the expectation over v being closed: proven, without any bivariate
// normal distribution function.
//
// Definition  u ~ N(0,a), v | u = x ~ N(cx/a, d/a), d = ab − c²:  E = ∫ σ(x) E[τ(v) | u = x] φ_a(x) dx.
// Method      pairs of terms without any gate: Gaussian moments of polynomials, twice completing the square. All others:
//             Arb's adaptive Gauss–Legendre quadrature between the half-line thresholds of σ (and, at d = 0, those of τ
//             carried over to u) and around the places where gates turn (one_dimensional_intervals.hpp). Both tails are
//             bounded by e^(−Ax² + Bx + C), term by term, gates ≤ 1 (one_dimensional_tails.hpp).
// Degenerate  d = 0: v = cu/a, nothing is special. a = 0 is for the caller.
// Error       proven: quadrature, rounding and tails are all in the radius.
// Cost        a few hundred integrand values at 30 digits; each takes one erfcx a gate.
// Source      Johansson, Numerical integration in arbitrary-precision ball arithmetic (2018).
#pragma once

#include <nke/exact/dual/normal_form.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke::detail {

struct Integral {
  Ball value;
  bool converged;  ///< false if the quadrature ran into its limit; the ball is correct all the same
};

/// a > 0. The quadrature aims at the absolute error `tolerance`; what the precision leaves is in the radius.
/// NotCertified where no tail bound is found, DomainError where the expectation over v is infinite.
Integral integrate_over_first(const NormalForm& sigma, const NormalForm& tau, const Rational& a, const Rational& b,
                              const Rational& c, const Ball& tolerance, Precision precision);

/// An upper bound of E|σ(u) τ(v)| that knows nothing of gates: where a search may start.
Ball magnitude_bound(const NormalForm& sigma, const NormalForm& tau, const Rational& a, const Rational& b,
                     const Rational& c);

/// An upper bound of |E σ(u) τ(v)| within a few powers of ten, if it is above the tolerance, however small it is; at least
/// the tolerance otherwise.
Ball tight_magnitude_bound(const NormalForm& sigma, const NormalForm& tau, const Rational& a, const Rational& b,
                           const Rational& c, const Ball& tolerance);

/// E[τ(v) | u = x] at a point, v ~ N(mean, variance), variance ≥ 0; at a half-line's threshold the mean of both sides.
Ball expectation(const NormalForm& tau, const Ball& mean, const Rational& variance, Precision precision);

}  // namespace nke::detail
