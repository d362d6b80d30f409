// SPDX-License-Identifier: Apache-2.0
// A dual without an activation: K written down by the user, as some kernels are.
//
// Definition  dual("sqrt(a*b)*exp(c/sqrt(a*b) - 1)"): K as an expression in a, b, c; K̇ = ∂K/∂c. The quotation marks may
//             be left out. exp_normalized(gamma, shift) names K = √(ab) exp(γ(ρ + shift)), ρ = c/√(ab), γ = 1 and
//             shift = −1 if not given: K̇ = γ exp(γ(ρ + shift)).
// Domain      a, b > 0, c² ≤ ab, where the expression is defined.
// Checked     K(a,b,c) = K(b,a,c), and that K is the kernel of some features at all: as a function of ρ at one variance it
//             must have Taylor coefficients ≥ 0 (Schoenberg: positive definite on spheres of all dimensions). Coefficients
//             0 … degree are enclosed at a few variances, at one if K is homogeneous; a negative one is a DomainError that
//             names it. What cannot be told from 0 passes, and is counted.
// Error       values: as in exact_value.hpp, with the scale √(K(a,a,a) K(b,b,b)).
// Source      exp_normalized: Shankar et al. 2020, Neural kernels without tangents, arXiv:2003.02237; in this
//             parametrisation the ExpNormalized(gamma, shift) of Neural Tangents, arXiv:1912.02803; used for CNTKs in
//             arXiv:2209.04121. Schoenberg 1942, doi:10.1215/S0012-7094-42-00908-6.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nke/exact/dual/exact_value.hpp>
#include <nke/exact/expr/expr.hpp>

namespace nke {

struct GivenDual {
  std::string name;  ///< as the user wrote it
  Expr value;        ///< K in a, b, c
  Expr derivative;   ///< ∂K/∂c
  /// p if the form of K shows that K(ta, tb, tc) = t^p K(a, b, c) for all t > 0.
  std::optional<Rational> homogeneity;
};

/// The dual a text stands for; nothing if the text is that of an activation. ParseError, DomainError: other symbols than
/// a, b, c; not symmetric in a and b.
std::optional<GivenDual> read_given_dual(std::string_view text);

/// The same from an expression.
GivenDual given_dual(const Expr& value, std::string name = "");

/// The coefficients of ρ^0 … ρ^degree in K(t, t, tρ), t the variance: for the dual of an activation these are h_n(t)².
/// Not finite where K is not analytic at ρ = 0. A few bits a degree are lost: precision should have them to spare.
std::vector<Ball> taylor_coefficients(const GivenDual& dual, int degree, const Rational& variance, Precision precision);

struct PositivityCheck {
  int degree;
  std::vector<Rational> variances;
  int proven;     ///< coefficients proven > 0
  int undecided;  ///< not told from 0 at 60 digits: zeros, one hopes
};

inline constexpr int positivity_degree = 50;

/// DomainError naming a coefficient that is proven negative; NotCertified if K is not analytic at ρ = 0.
PositivityCheck check_positive(const GivenDual& dual, int degree = positivity_degree);

/// K or ∂K/∂c with proven digits. DomainError where K is not defined. There is no activation to integrate, so a
/// cross-check is a DomainError too.
ExactValue exact_dual(const GivenDual& dual, const Rational& a, const Rational& b, const Rational& c,
                      const ExactOptions& options = {});

}  // namespace nke
