// SPDX-License-Identifier: Apache-2.0
// Where can a panel's legend stand without covering anything?
//
// Definition  The legend's box is estimated from its letters; a corner is free if no curve, point, band, guide line or
//             annotation passes through the box there. Sizes are in CSS pixels, positions in fractions of the panel.
// Degenerate  Without entries there is no legend.
#pragma once

#include <vector>

#include <nke/plots/figure.hpp>

namespace nke::plots {

/// Width and height of a panel's frame, in pixels.
struct FrameSize {
  double width = 0, height = 0;
};

struct LegendBox {
  std::size_t entries = 0;
  double letters = 0;  // of the longest entry
  double width = 0, height = 0;
};
LegendBox legend_box(const Panel& panel);

/// `panel.legend`, with `automatic` resolved: the first free one of top right, top left, bottom left, bottom right,
/// else above. `panel` must be drawable.
Legend placed_legend(const Panel& panel, FrameSize frame);

/// Rows a legend of that box takes above a panel.
int rows_above(const LegendBox& box, FrameSize frame);

}  // namespace nke::plots
