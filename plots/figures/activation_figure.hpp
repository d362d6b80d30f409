// SPDX-License-Identifier: Apache-2.0
// What does an activation look like? σ and σ' over an interval, with its kinks, jumps and singular points marked.
//
// Domain      x ascending, the three columns equally long. A value that is not finite is a gap.
// Degenerate  At a jump neither curve is joined across, at a kink σ' is not: the picture shows no slope that σ lacks.
#pragma once

#include <string>
#include <vector>

#include <nke/plots/figure.hpp>

namespace nke::plots {

struct BreakMark {
  enum class Kind { kink, jump, singular };
  double at = 0;
  Kind kind = Kind::kink;
};

struct ActivationCurves {
  std::string activation = {};  // as the user wrote it
  std::vector<double> x = {};
  std::vector<double> value = {};       // σ(x)
  std::vector<double> derivative = {};  // σ'(x), almost everywhere
  std::vector<BreakMark> breakpoints = {};
};

Figure activation_figure(const ActivationCurves& curves);

}  // namespace nke::plots
