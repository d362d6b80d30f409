// SPDX-License-Identifier: Apache-2.0
// What several figures do alike: panels to be compared share their axes and one legend; an empty panel says why.
#pragma once

#include <vector>

#include <nke/plots/figure.hpp>

namespace nke::plots {

/// Gives every panel the ranges that hold all of them; keeps the legend of the first panel only. The y axis reaches at
/// most `decades` down from its top: below that, a logarithmic axis would show nothing but rounding.
void share_axes(std::vector<Panel>& panels, double decades = 18);

/// If no series but bands has a point to draw, clears the panel and writes `why` across it: there the emptiness is the
/// result.
void explain_if_empty(Panel& panel, const Text& why);

}  // namespace nke::plots
