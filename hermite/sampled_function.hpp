// SPDX-License-Identifier: Apache-2.0
// What the quadratures need of an activation: values over blocks, and the places where it is not smooth.
//
// Definition  values(x, y) writes σ(x_i) to y_i. cuts are the breakpoints of σ, from left to right, without a
//             removable one at 0. at_zero is σ(0), the mean of both sides at a jump, the limit at a removable
//             singularity; NaN if there is none.
// Why         quadratures see no expressions, so tests can hand them any function.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace nke {

class Activation;

struct SampledFunction {
  std::function<void(std::span<const double>, std::span<double>)> values;
  std::vector<double> cuts;
  double at_zero = 0;
  /// Analytic on the whole line as far as is known: no cuts.
  bool smooth = true;
  std::string name;
};

SampledFunction sampled(const Activation& sigma);

}  // namespace nke
