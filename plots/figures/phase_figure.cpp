// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <nke/exact/real/error.hpp>
#include <nke/plots/figures/phase_figure.hpp>

namespace nke::plots {

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();
constexpr int contour_ink = 5, growth_ink = 3, mark_ink = 1;

void check(const std::vector<double>& x, const std::vector<double>& y, const char* what) {
  if (x.size() == y.size()) return;
  throw ShapeError(fmt::format("{} of a phase diagram: {} weights and {} biases", what, x.size(), y.size()));
}

bool is_one_point(const std::vector<double>& x, const std::vector<double>& y, const PhasePlane& plane) {
  if (x.empty()) return false;
  return std::all_of(x.begin(), x.end(), [&](double v) { return std::abs(v - x[0]) < 1e-9 * plane.largest_weight; }) &&
         std::all_of(y.begin(), y.end(), [&](double v) { return std::abs(v - y[0]) < 1e-9 * plane.largest_bias; });
}

void add_critical_line(Panel& panel, const PhasePlane& plane) {
  Series line{.label = markup("critical line *χ*_{1} = 1"),
              .mark = Mark::line,
              .x = plane.critical_weight,
              .y = plane.critical_bias,
              .ink = 0};
  if (is_one_point(line.x, line.y, plane)) {
    line.x.resize(1);
    line.y.resize(1);
    line.mark = Mark::points;
    line.label = markup("critical point *χ*_{1} = 1");
  }
  if (!line.x.empty()) panel.series.push_back(std::move(line));
  const bool has_repelling = std::any_of(plane.repelling_weight.begin(), plane.repelling_weight.end(),
                                         [](double w) { return !std::isnan(w); });
  if (!has_repelling) return;
  panel.series.push_back({.label = markup("*χ*_{1} = 1, *q*^{∗} repels"),
                          .mark = Mark::line,
                          .x = plane.repelling_weight,
                          .y = plane.repelling_bias,
                          .ink = 6});
}

// Where the name of a contour stands: on the curve, at about this height.
std::optional<std::size_t> place_of(const PhaseContour& contour, const PhasePlane& plane, double height) {
  std::optional<std::size_t> best;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < contour.weight.size(); ++i) {
    const bool inside = contour.weight[i] >= 0 && contour.weight[i] <= plane.largest_weight && contour.bias[i] >= 0 &&
                        contour.bias[i] <= plane.largest_bias;
    const double distance = std::abs(contour.bias[i] - height);
    const bool covered = std::any_of(plane.names.begin(), plane.names.end(), [&](const PhaseName& name) {
      return std::abs(contour.weight[i] - name.weight) < 0.2 * plane.largest_weight &&
             std::abs(contour.bias[i] - name.bias) < 0.06 * plane.largest_bias;
    });
    if (covered || !inside || distance >= least) continue;
    best = i;
    least = distance;
  }
  return best;
}

void add_contours(Panel& panel, const PhasePlane& plane) {
  bool first = true;
  double height = 0.92;  // neighbours have theirs at different heights
  for (const PhaseContour& contour : plane.contours) {
    check(contour.weight, contour.bias, "a contour");
    if (contour.weight.empty()) continue;
    panel.series.push_back({.label = first ? markup("depth scale *ξ*_{c}, in layers") : Text(),
                            .mark = Mark::line,
                            .x = contour.weight,
                            .y = contour.bias,
                            .ink = contour_ink});
    first = false;
    const auto at = place_of(contour, plane, height * plane.largest_bias);
    height = height < 0.4 ? 0.92 : height - 0.09;
    if (!at) continue;
    panel.annotations.push_back({.text = Text(fmt::format("{:.4g}", contour.depth)),
                                 .x = contour.weight[*at],
                                 .y = contour.bias[*at],
                                 .anchor = Anchor::centre});
  }
}

void add_growth(Panel& panel, const PhasePlane& plane) {
  check(plane.growth_weight, plane.growth_bias, "the limit of growth");
  Series band{.label = "no fixed point: the variance grows", .mark = Mark::band, .ink = growth_ink};
  bool any = false;
  for (std::size_t i = 0; i < plane.growth_weight.size(); ++i) {
    const bool here = plane.growth_bias[i] < plane.largest_bias;
    any = any || here;
    band.x.push_back(plane.growth_weight[i]);
    band.lower.push_back(here ? std::max(plane.growth_bias[i], 0.0) : gap);
    band.upper.push_back(here ? plane.largest_bias : gap);
  }
  if (any) panel.series.push_back(std::move(band));
}

}  // namespace

Figure phase_figure(const PhasePlane& plane) {
  check(plane.critical_weight, plane.critical_bias, "the critical line");
  check(plane.repelling_weight, plane.repelling_bias, "the critical line");
  Panel panel{.x = {.label = markup("weight variance *σ*_{w}^{2}"), .range = Range{0, plane.largest_weight}},
              .y = {.label = markup("bias variance *σ*_{b}^{2}"), .range = Range{0, plane.largest_bias}},
              .legend = Legend::above};
  add_growth(panel, plane);
  add_critical_line(panel, plane);
  add_contours(panel, plane);
  if (plane.marked) {
    panel.series.push_back({.label = "asked about",
                            .mark = Mark::points,
                            .x = {plane.marked->weight},
                            .y = {plane.marked->bias},
                            .ink = mark_ink});
  }
  for (const PhaseName& name : plane.names) {
    panel.annotations.push_back(
        {.text = Text(name.name, Face::bold), .x = name.weight, .y = name.bias, .anchor = Anchor::centre});
  }
  if (panel.series.empty() && panel.annotations.empty()) {
    panel.annotations.push_back(
        {.text = "nothing to show", .x = plane.largest_weight / 2, .y = plane.largest_bias / 2});
  }
  Text caption = markup("Phases of ") + Text(shortened(plane.activation, 200)) +
                 markup(
                     " at the attracting variance *q*^{∗}. Thin: contours of *ξ*_{c}, over so many layers "
                     "correlations come nearer to their fixed point by e.");
  if (plane.tears) {
    caption += markup(" At correlation 1 the slope is infinite, so every scale is chaotic.");
  } else if (plane.critical_weight.empty() && plane.repelling_weight.empty()) {
    caption += Text(" No critical point lies in this part of the plane.");
  }
  return {.name = "phase-diagram",
          .title = Text("Phases of ") + Text(shortened(plane.activation, 34)),
          .panels = {panel},
          .width = Width::one_column,
          .caption = caption};
}

}  // namespace nke::plots
