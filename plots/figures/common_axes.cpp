// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <nke/plots/figures/common_axes.hpp>

namespace nke::plots {

namespace {

Range hull(Range a, Range b) {
  return {std::min(a.lower, b.lower), std::max(a.upper, b.upper)};
}

}  // namespace

void share_axes(std::vector<Panel>& panels, double decades) {
  if (panels.empty()) return;
  Range x = x_range(panels.front()), y = y_range(panels.front());
  for (const Panel& panel : panels) {
    x = hull(x, x_range(panel));
    y = hull(y, y_range(panel));
  }
  const bool is_log = panels.front().y.scale == Scale::log;
  if (is_log) y.lower = std::max(y.lower, y.upper * std::pow(10.0, -decades));
  for (Panel& panel : panels) {
    panel.x.range = x;
    panel.y.range = y;
    if (&panel != &panels.front()) {
      panel.legend = Legend::none;
      panel.y.label = {};
    }
  }
}

}  // namespace nke::plots
