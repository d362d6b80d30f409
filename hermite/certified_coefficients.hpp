// SPDX-License-Identifier: Apache-2.0
// Hermite coefficients of any activation as balls: every digit proven, at the price of a few milliseconds.
//
// Definition  h_n(a) = E[σ(√a z) He_n(z)]/√n!, z ~ N(0,1); norm = E σ(√a z)²; tail = norm − Σ_{n≤N} h_n² ≥ 0.
// Domain      variance a ≥ 0, a fraction or a narrow ball; σ with proven or declared breakpoints and growth.
// Degenerate  a = 0: h_0 = σ(0), the mean of both sides at a jump; all others are 0.
// Method      one quadrature serves all n (certified_rule.hpp): σ is evaluated once a node, over balls, and He_n runs
//             by its recurrence He_{n+1} = x He_n − n He_{n−1} in balls, with N/2 guard bits for what it loses.
// Error       radius ≤ 10^−digits √norm for the coefficients, 10^−digits norm for the norm: absolute, not relative to
//             a small h_n. Proven: theorem and constants in the headers of exact/integrate and in certified_rule.hpp.
// Fails       NotCertified where something is undecided and not declared; the assumptions made are listed.
// Cost        N = 100, a = 1: bench/hermite_certified_bench.cpp and docs/certified.md.
// Limits      degree ≤ 5000, digits ≤ 1000: LimitError.
#pragma once

#include <string>
#include <vector>

#include <nke/exact/real/ball.hpp>
#include <nke/hermite/certified_pieces.hpp>

namespace nke {

struct CertifiedOptions {
  int degree = 100;
  int digits = 30;
  Declarations declared = {};
};

struct CertifiedCoefficients {
  std::vector<Ball> values;  ///< h_0 … h_N
  Ball norm;                 ///< E σ(√a z)²
  Ball tail;                 ///< norm − Σ h_n², cut at 0
  std::string method;        ///< "trapezoid", "panels" or "point" for a = 0
  long nodes = 0;            ///< on the half line
  std::vector<std::string> assumptions;
};

CertifiedCoefficients certified_coefficients(const Activation& sigma, const Rational& variance,
                                             const CertifiedOptions& options = {});
CertifiedCoefficients certified_coefficients(const Activation& sigma, const Ball& variance,
                                             const CertifiedOptions& options = {});

/// E σ(√a z)² alone.
Ball certified_norm(const Activation& sigma, const Ball& variance, const CertifiedOptions& options = {});

}  // namespace nke
