// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <string>

#include <fmt/format.h>

#include <nke/exact/real/error.hpp>
#include <nke/plots/figures/common_axes.hpp>
#include <nke/plots/figures/dimension_figure.hpp>

namespace nke::plots {

namespace {

void check_shapes(const DimensionStudy& study, const MethodCurve& curve) {
  const std::size_t n = curve.dimension.size();
  for (const auto* column : {&curve.median, &curve.lower_quartile, &curve.upper_quartile}) {
    if (column->size() == n) continue;
    throw ShapeError(fmt::format("{}, {}: {} dimensions, {} medians, {} lower and {} upper quartiles", study.data,
                                 curve.method, n, curve.median.size(), curve.lower_quartile.size(),
                                 curve.upper_quartile.size()));
  }
}

void add_method(Panel& panel, const MethodCurve& curve, int ink) {
  const std::vector<double> m(curve.dimension.begin(), curve.dimension.end());
  panel.series.push_back(
      {.mark = Mark::band, .x = m, .lower = curve.lower_quartile, .upper = curve.upper_quartile, .ink = ink});
  panel.series.push_back(
      {.label = Text(curve.method), .mark = Mark::line_points, .x = m, .y = curve.median, .ink = ink});
}

// A floor far below every curve would squeeze them together; then a sentence says what a line would.
bool is_in_view(const DimensionStudy& study) {
  constexpr double farthest = 100;
  double lowest = std::numeric_limits<double>::infinity();
  for (const MethodCurve& curve : study.methods) {
    for (const double error : curve.median) lowest = error > 0 ? std::min(lowest, error) : lowest;
  }
  return study.floor * farthest >= lowest;
}

}  // namespace

Figure dimension_figure(const std::string& activation, const std::string& metric, int seeds,
                        std::span<const DimensionStudy> studies) {
  Figure figure{.name = "error-vs-dimension",
                .title = Text("Error against sketch dimension, ") + Text(shortened(activation, 56)),
                .width = studies.size() > 1 ? Width::two_columns : Width::one_column};
  std::vector<double> dimensions;
  std::string below_view;
  for (const DimensionStudy& study : studies) {
    Panel panel{.title = Text(printable(study.data)),
                .x = {.label = markup("sketch dimension *m*"), .scale = Scale::log},
                .y = {.label = Text(metric), .scale = Scale::log}};
    int ink = 0;
    for (const MethodCurve& curve : study.methods) {
      check_shapes(study, curve);
      add_method(panel, curve, ink++);
      dimensions.insert(dimensions.end(), curve.dimension.begin(), curve.dimension.end());
    }
    if (!study.methods.empty() && !study.methods.front().median.empty()) {
      const MethodCurve& first = study.methods.front();
      constexpr double below = 0.62;  // clear of the curve it is there to be compared with
      panel.guides.push_back(
          {PowerLaw{-0.5, static_cast<double>(first.dimension.front()), below * first.median.front()},
           markup("∝ *m*^{−1/2}")});
    }
    if (study.floor > 0 && is_in_view(study)) {
      panel.guides.push_back({HorizontalLine{study.floor}, Text(study.floor_label)});
    } else if (study.floor > 0) {
      below_view += fmt::format(" On {}, {} errs by {:.1e}, below the axis.", printable(study.data), study.floor_label,
                                study.floor);
    }
    figure.panels.push_back(std::move(panel));
  }
  std::sort(dimensions.begin(), dimensions.end());
  dimensions.erase(std::unique(dimensions.begin(), dimensions.end()), dimensions.end());
  if (dimensions.size() <= 8) {  // more would overlap: then powers of ten do
    for (Panel& panel : figure.panels) panel.x.ticks = dimensions;
  }
  share_axes(figure.panels);
  for (Panel& panel : figure.panels) explain_if_empty(panel, markup("no error at any dimension *m*"));
  figure.caption = Text(fmt::format("Median over {} seeds, and the band between the quartiles, of the ", seeds)) +
                   Text(metric) + Text(" of the kernel of ") + Text(shortened(activation, 200)) +
                   markup(
                       " against the dimension *m* of its features. Dashed: the rate *m*^{−1/2}. A horizontal line is "
                       "the error of the degree alone, which no dimension removes.") +
                   Text(below_view);
  return figure;
}

}  // namespace nke::plots
