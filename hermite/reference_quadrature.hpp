// SPDX-License-Identifier: Apache-2.0
// Gaussian moments of a function given in pieces, by Boost.Math's quadrature over MPFR numbers. Private to hermite.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <nke/exact/real/mpfr.hpp>

namespace nke {

/// σ on one interval between breakpoints, at many points, at the precision of its argument.
using PlainFunction = std::function<Mpfr(const Mpfr&)>;

struct PiecewiseFunction {
  std::vector<Mpfr> cuts;             ///< from left to right
  std::vector<PlainFunction> pieces;  ///< one more than there are cuts
  bool smooth = false;                ///< no cuts, and analytic on the whole line
  double cut_error = 0;               ///< how far a cut may be from where it should be
};

struct MomentsRequest {
  int degree = 0;
  Rational variance = 1;
  int digits = 30;
  double reach = 0;  ///< |z| beyond which nothing is left of the integrands
};

struct Moments {
  std::vector<Mpfr> values;             ///< h_0 … h_N, then the norm
  std::vector<double> error_estimates;  ///< one for each
  std::string method;
  int nodes = 0;
};

/// The precision, in bits, at which the moments for this many digits are computed.
Precision working_precision(int digits);

Moments gaussian_moments(const PiecewiseFunction& sigma, const MomentsRequest& request);

}  // namespace nke
