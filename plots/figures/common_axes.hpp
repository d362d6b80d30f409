// SPDX-License-Identifier: Apache-2.0
// Panels that are to be compared share their axes, and one legend says what all of them draw.
#pragma once

#include <vector>

#include <nke/plots/figure.hpp>

namespace nke::plots {

/// Gives every panel the ranges that hold all of them; keeps the legend of the first panel only. The y axis reaches at
/// most `decades` down from its top: below that, a logarithmic axis would show nothing but rounding.
void share_axes(std::vector<Panel>& panels, double decades = 18);

}  // namespace nke::plots
