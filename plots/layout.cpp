// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nke/plots/layout.hpp>
#include <nke/plots/legend.hpp>
#include <nke/plots/style.hpp>
#include <nke/plots/ticks.hpp>

namespace nke::plots {

namespace {

constexpr double title_height = 24;
constexpr double panel_title_height = 21;
constexpr double legend_row_height = 1.45 * style::small_font_size;
constexpr double edge = 10;          // white around everything
constexpr double right_margin = 18;  // half a tick label may hang over the frame
constexpr double bottom_margin = 50;

/// Room for the tick labels and the label of the y axis.
double left_margin(const Panel& panel) {
  double letters = 1;
  for (const Tick& tick : ticks(panel.y, y_range(panel))) {
    double width = 0;
    for (const Run& run : tick.label.runs()) {
      width += static_cast<double>(letter_count(run.text)) * (run.face == Face::raised ? 0.8 : 1);
    }
    letters = std::max(letters, width);
  }
  const double label = panel.y.label.empty() ? 0 : 1.7 * style::font_size;
  return label + letters * 0.66 * style::small_font_size + 14;
}

}  // namespace

Layout layout(const Figure& figure) {
  const bool wide = figure.width == Width::two_columns;
  const std::size_t in_row = wide ? std::min<std::size_t>(figure.panels.size(), 2) : 1;
  Layout sheet;
  sheet.width = wide ? style::two_columns : style::one_column;
  double y = edge;
  if (!figure.title.empty()) {
    sheet.title_y = y + style::font_size;
    y += title_height;
  }
  const double cell_width = (sheet.width - 2 * edge) / static_cast<double>(in_row);
  for (std::size_t first = 0; first < figure.panels.size(); first += in_row) {
    const std::size_t last = std::min(first + in_row, figure.panels.size());
    double head = 4, margin = 0;  // common to a row, so that its frames line up
    for (std::size_t i = first; i < last; ++i) margin = std::max(margin, left_margin(figure.panels[i]));
    const double frame_width = cell_width - margin - right_margin;
    for (std::size_t i = first; i < last; ++i) {
      const Panel& panel = figure.panels[i];
      // The frame's height depends on the legend only if the legend stands above: decide with the height it then has.
      const FrameSize frame{frame_width, style::panel_height - bottom_margin - panel_title_height};
      PanelPlace place;
      place.legend = placed_legend(panel, frame);
      double above = 4;
      if (!panel.title.empty()) above += panel_title_height;
      if (place.legend == Legend::above) above += rows_above(legend_box(panel), frame) * legend_row_height + 6;
      head = std::max(head, above);
      place.left = edge + static_cast<double>(i - first) * cell_width + margin;
      place.right = place.left + frame_width;
      place.title_y = y + style::font_size;
      place.legend_y = y + (panel.title.empty() ? 0 : panel_title_height);
      sheet.panels.push_back(place);
    }
    const double frame_height = style::panel_height - bottom_margin - panel_title_height;
    for (std::size_t i = first; i < last; ++i) {
      sheet.panels[i].top = y + head;
      sheet.panels[i].bottom = y + head + frame_height;
    }
    y += head + frame_height + bottom_margin;
  }
  sheet.height = y;
  return sheet;
}

}  // namespace nke::plots
