// SPDX-License-Identifier: Apache-2.0
// Where do the panels of a figure stand on the sheet?
//
// Definition  Panels fill rows, one a row in a narrow figure and two in a wide one. Each frame leaves room for what
//             stands around it: tick labels, axis labels, titles and a legend above. Lengths in CSS pixels, y
//             downwards.
#pragma once

#include <vector>

#include <nke/plots/figure.hpp>

namespace nke::plots {

struct PanelPlace {
  double left = 0, right = 0, top = 0, bottom = 0;  // of the frame
  double title_y = 0;                               // middle of the panel's title
  double x_label_y = 0, y_label_x = 0;              // middles of the labels of the axes
  Legend legend = Legend::none;                     // never automatic
  double legend_y = 0, legend_width = 0;            // top and room of a legend above the panel
};

struct Layout {
  double width = 0, height = 0;
  double title_y = 0;  // middle of the figure's title
  std::vector<PanelPlace> panels;
};

/// `figure` must be drawable.
Layout layout(const Figure& figure);

}  // namespace nke::plots
