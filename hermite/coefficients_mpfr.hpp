// SPDX-License-Identifier: Apache-2.0
// Hermite coefficients to many digits, slowly and plainly: the independent check of coefficients.hpp.
//
// Definition  h_n(a) = E[σ(√a z) He_n(z)]/√n!, z ~ N(0,1); norm = E σ(√a z)²; tail = norm − Σ_{n≤N} h_n².
// Method      Boost.Math's quadrature over MPFR numbers: the trapezoidal rule where σ has no breakpoints, panels of
//             Gauss-Legendre between them otherwise; on each piece the expression that σ equals there. It shares no
//             code with the fast coefficients but the expression and its breakpoints.
// Domain      variance a ≥ 0; σ with a growth bound that makes E σ(√a z)² finite (DomainError otherwise).
// Degenerate  a = 0: h_0 = σ(0), the mean of both sides at a jump; all others are 0.
// Error       an estimate, never a proof: what changed when the step was halved last, plus the rounding of sums. The
//             rule stops when that is below 10^−digits √norm, or when the step cannot be halved again.
// Cost        N = 100 at 30 digits: 50 … 80 ms; at 200 digits 1 … 4 s, erfc being the slowest.
// Limits      degree ≤ 2000, digits ≤ 200: LimitError.
#pragma once

#include <string>
#include <vector>

#include <nke/exact/real/rational.hpp>

namespace nke {

class Activation;

struct ReferenceOptions {
  int degree = 100;
  Rational variance = 1;
  int digits = 30;
};

struct ReferenceCoefficients {
  std::vector<std::string> values;      ///< h_0 … h_N in decimal, as far as 10^−digits √norm; "0" below it
  std::vector<double> error_estimates;  ///< one for each value
  std::string norm;
  double norm_error_estimate = 0;
  std::string tail;  ///< norm − Σ h_n², computed before anything was rounded to `digits`
  double tail_error_estimate = 0;
  std::string method;  ///< "trapezoid" or "panels"
  int nodes = 0;       ///< evaluations of σ at the last step
};

ReferenceCoefficients reference_coefficients(const Activation& sigma, const ReferenceOptions& options = {});

}  // namespace nke
