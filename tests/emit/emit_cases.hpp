// SPDX-License-Identifier: Apache-2.0
// The duals that are written out, the points at which the code is run, and the proven values it has to agree with.
#pragma once

#include <vector>

#include <nke/exact/dual/emit.hpp>

namespace nke::test {

/// Every named activation with a closed form, some with symbols for parameters, and some expressions. Derived once.
const std::vector<DualFormula>& emit_cases();

struct Covariances {
  std::vector<double> a;
  std::vector<double> b;
  std::vector<double> c;
};
/// Variances from 1/4 to 4 in pairs, correlations from −1 to 1 with many near the ends; and a variance of 0.
const Covariances& emit_grid();

/// K or K' at each point of the grid, proven, parameters at their usual values; at singular covariances the limit.
std::vector<double> proven_values(const DualFormula& formula, const Expr& stable);

/// sqrt(f(a,a,a) f(b,b,b)) at each point, what errors are measured against; at least 1e-2.
std::vector<double> scales(const DualFormula& formula, const Expr& stable);

/// Checks that all values agree to 1e-13 of their scale; a value for value, then derivative of each case, point by point.
void check_agreement(const std::vector<double>& values, const char* language);

}  // namespace nke::test
