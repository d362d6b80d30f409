// SPDX-License-Identifier: Apache-2.0
// Where do the ticks of an axis stand, and what do they say?
//
// Definition  Linear: multiples of 1, 2 or 5 powers of ten, about `wanted` of them. Logarithmic: powers of ten, thinned
//             over many decades; within less than two decades also 2 and 5 times them. Unlabelled minor ticks between.
// Degenerate  A range of no width gets one tick.
#pragma once

#include <vector>

#include <nke/plots/figure.hpp>

namespace nke::plots {

struct Tick {
  double at = 0;
  Text label = {};  // empty: a minor tick
  bool operator==(const Tick&) const = default;
};

/// The ticks inside `range`, ascending. `axis.ticks`, where given, are the labelled ones.
std::vector<Tick> ticks(const Axis& axis, Range range, int wanted = 6);

/// "0.25", "1024", 3×10^{−7}: as few letters as say it.
Text tick_label(double value);

}  // namespace nke::plots
