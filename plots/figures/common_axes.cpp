// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <nke/plots/figures/common_axes.hpp>

namespace nke::plots {

namespace {

double middle(Range range, Scale scale) {
  return scale == Scale::log ? std::sqrt(range.lower) * std::sqrt(range.upper) : (range.lower + range.upper) / 2;
}

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

void explain_if_empty(Panel& panel, const Text& why) {
  const auto has_place = [&](double y) { return std::isfinite(y) && (panel.y.scale == Scale::linear || y > 0); };
  for (const Series& series : panel.series) {
    if (std::any_of(series.y.begin(), series.y.end(), has_place)) return;
  }
  panel.series.clear();
  panel.annotations.push_back({.text = why,
                               .x = middle(x_range(panel), panel.x.scale),
                               .y = middle(y_range(panel), panel.y.scale),
                               .anchor = Anchor::centre});
}

}  // namespace nke::plots
