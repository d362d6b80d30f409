// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nke/exact/real/error.hpp>
#include <nke/plots/figures/common_axes.hpp>
#include <nke/plots/figures/degree_figure.hpp>

namespace nke::plots {

Figure degree_figure(const std::string& activation, std::span<const DegreeStudy> studies) {
  Figure figure{.name = "error-vs-degree",
                .title = Text("Error against degree, ") + Text(shortened(activation, 60)),
                .width = studies.size() > 1 ? Width::two_columns : Width::one_column};
  for (const DegreeStudy& study : studies) {
    Panel panel{.title = Text(printable(study.data)),
                .x = {.label = markup("degree *N*"), .scale = Scale::log},
                .y = {.label = "error", .scale = Scale::log}};
    int ink = 0;
    for (const MetricCurve& metric : study.metrics) {
      if (metric.error.size() != study.degree.size()) {
        throw ShapeError(fmt::format("{}: {} has {} errors for {} degrees", study.data, metric.metric,
                                     metric.error.size(), study.degree.size()));
      }
      Series series{.label = Text(metric.metric), .mark = Mark::line_points, .ink = ink++};
      for (std::size_t i = 0; i < study.degree.size(); ++i) {
        if (study.degree[i] < 1 || !(metric.error[i] > 0)) continue;
        series.x.push_back(study.degree[i]);
        series.y.push_back(metric.error[i]);
      }
      panel.series.push_back(std::move(series));
    }
    figure.panels.push_back(std::move(panel));
  }
  share_axes(figure.panels);
  for (Panel& panel : figure.panels) explain_if_empty(panel, markup("no error at any degree *N* ≥ 1"));
  figure.caption = markup("Error of the kernel of ") + Text(shortened(activation, 200)) +
                   markup(" when its Hermite series is cut after degree *N*, on the same axes for each data set.");
  return figure;
}

}  // namespace nke::plots
