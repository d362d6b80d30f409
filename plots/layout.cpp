// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>

#include <nke/plots/layout.hpp>
#include <nke/plots/legend.hpp>
#include <nke/plots/style.hpp>
#include <nke/plots/ticks.hpp>

namespace nke::plots {

namespace {

constexpr double title_height = 24;
constexpr double panel_title_height = 21;
constexpr double edge = 10;          // white around everything
constexpr double right_margin = 18;  // half a tick label may hang over the frame
constexpr double bottom_margin = 49;

/// Room for the tick labels of the y axis.
double tick_room(const Panel& panel) {
  double letters = 1;
  for (const Tick& tick : ticks(panel.y, y_range(panel))) {
    double width = 0;
    for (const Run& run : tick.label.runs()) {
      width += static_cast<double>(letter_count(run.text)) * (run.face == Face::raised ? 0.8 : 1);
    }
    letters = std::max(letters, width);
  }
  return letters * 0.66 * style::small_font_size + 10;
}

constexpr double frame_height = style::panel_height - bottom_margin - panel_title_height;

/// Stands the panels of one row side by side from `y` down; returns where the row ends.
double place_row(std::span<const Panel> panels, std::span<PanelPlace> places, double sheet_width, double y) {
  double ticks_width = 0;  // common to the row, so that its frames are equally wide
  bool any_label = false;
  for (const Panel& panel : panels) {
    ticks_width = std::max(ticks_width, tick_room(panel));
    any_label = any_label || !panel.y.label.empty();
  }
  const double margin = ticks_width + (any_label ? 1.75 * style::font_size : 0);
  const double cell_width = (sheet_width - 2 * edge) / static_cast<double>(panels.size());
  const FrameSize frame{cell_width - margin - right_margin, frame_height};

  std::size_t legends = 0;
  for (std::size_t i = 0; i < panels.size(); ++i) {
    places[i].legend = placed_legend(panels[i], frame);
    legends += places[i].legend != Legend::none;
  }
  double head = 6;
  for (std::size_t i = 0; i < panels.size(); ++i) {
    PanelPlace& place = places[i];
    place.left = edge + static_cast<double>(i) * cell_width + margin;
    place.right = place.left + frame.width;
    place.y_label_x = place.left - ticks_width - 0.85 * style::font_size;
    double above = 6;
    if (place.legend == Legend::above) {
      place.legend_y = y;
      place.legend_width = legends == 1 ? sheet_width - edge - place.left : frame.width;  // one for all may use the row
      above += legend_flow(panels[i], place.legend_width).height + 8;
    }
    if (!panels[i].title.empty()) above += panel_title_height;
    head = std::max(head, above);
  }
  for (PanelPlace& place : places) {
    place.top = y + head;
    place.bottom = place.top + frame.height;
    place.title_y = place.top - 6 - panel_title_height / 2;
    place.x_label_y = place.bottom + bottom_margin - 15;
  }
  return y + head + frame.height + bottom_margin;
}

}  // namespace

Layout layout(const Figure& figure) {
  const bool wide = figure.width == Width::two_columns;
  const std::size_t in_row = wide ? std::min<std::size_t>(figure.panels.size(), 2) : 1;
  Layout sheet;
  sheet.width = wide ? style::two_columns : style::one_column;
  sheet.panels.resize(figure.panels.size());
  double y = edge;
  if (!figure.title.empty()) {
    sheet.title_y = y + title_height / 2 - 2;
    y += title_height;
  }
  for (std::size_t first = 0; first < figure.panels.size(); first += in_row) {
    const std::size_t count = std::min(in_row, figure.panels.size() - first);
    y = place_row(std::span(figure.panels).subspan(first, count), std::span(sheet.panels).subspan(first, count),
                  sheet.width, y);
  }
  sheet.height = y;
  return sheet;
}

}  // namespace nke::plots
