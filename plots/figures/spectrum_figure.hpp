// SPDX-License-Identifier: Apache-2.0
// How fast does the Hermite spectrum fall, and what does cutting it at degree N leave out?
//
// Definition  h_n² against n, odd and even degrees apart, and the Parseval tail T_N = E σ² − Σ_{n≤N} h_n². T_N is
//             summed from the small end (the tail after the last coefficient first), which keeps its leading digits.
// Degenerate  Coefficients not above their error bound (the zeros of an odd or even σ) are left out; so is a tail below
//             its own error.
#pragma once

#include <string>
#include <vector>

#include <nke/plots/figure.hpp>

namespace nke::plots {

struct Spectrum {
  std::string activation = {};
  double variance = 1;
  std::vector<double> coefficients = {};  // h_0 … h_N
  double coefficient_error = 0;           // bound on |error| of each
  double tail = 0;                        // E σ² − Σ h_n², after the last coefficient
  double tail_error = 0;                  // tails below this are noise and not drawn
};

Figure spectrum_figure(const Spectrum& spectrum);

}  // namespace nke::plots
