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

/// What the legend says: labelled series, then labelled guides.
std::vector<Text> legend_labels(const Panel& panel);

/// `panel.legend`, with `automatic` resolved: the first free one of top right, top left, bottom left, bottom right,
/// else above. `panel` must be drawable.
Legend placed_legend(const Panel& panel, FrameSize frame);

/// A legend above its panel: entries from left to right, wrapped at `width` pixels.
struct LegendFlow {
  struct Place {
    double x = 0, y = 0;  // left end of the sample, middle of the line; from the legend's top left, y downwards
  };
  std::vector<Place> entries;
  double height = 0;
};
LegendFlow legend_flow(const Panel& panel, double width);

}  // namespace nke::plots
