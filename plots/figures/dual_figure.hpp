// SPDX-License-Identifier: Apache-2.0
// What does the infinitely wide layer make of two inputs? K(1,1,ρ) and the derivative dual over ρ in [-1, 1].
//
// Definition  Each curve is divided by its value at ρ = 1, which the legend states; so both start from 1 there.
// Domain      rho ascending and ending at 1; columns equally long. Denser samples near ±1 pay: the curves bend there.
// Degenerate  If a value at ρ = 1 is zero or not finite, neither curve is divided.
#pragma once

#include <string>
#include <vector>

#include <nke/plots/figure.hpp>

namespace nke::plots {

struct DualCurves {
  std::string activation = {};
  std::vector<double> rho = {};
  std::vector<double> kappa = {};      // K(1, 1, ρ)
  std::vector<double> kappa_dot = {};  // the dual of σ' at (1, 1, ρ)
};

Figure dual_figure(const DualCurves& curves);

}  // namespace nke::plots
