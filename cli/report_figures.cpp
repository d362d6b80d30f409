// SPDX-License-Identifier: Apache-2.0
#include "report_figures.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

#include <nke/plots/figures/activation_figure.hpp>
#include <nke/plots/figures/degree_figure.hpp>
#include <nke/plots/figures/dimension_figure.hpp>
#include <nke/plots/figures/dual_figure.hpp>
#include <nke/plots/figures/spectrum_figure.hpp>

#include "phase_plane.hpp"

namespace nke::cli {
namespace {

plots::BreakMark::Kind mark_kind(Breakpoint::Kind kind) {
  switch (kind) {
    case Breakpoint::Kind::jump: return plots::BreakMark::Kind::jump;
    case Breakpoint::Kind::singular: return plots::BreakMark::Kind::singular;
    case Breakpoint::Kind::kink: break;
  }
  return plots::BreakMark::Kind::kink;
}

plots::Figure shape_figure(const ActivationReport& report) {
  plots::ActivationCurves curves{.activation = report.facts.text,
                                 .x = report.shape.numbers("x"),
                                 .value = report.shape.numbers("sigma"),
                                 .derivative = report.shape.numbers("sigma_prime")};
  for (const MarkedPoint& mark : report.facts.marks) {
    if (mark.at < curves.x.front() || mark.at > curves.x.back()) continue;
    curves.breakpoints.push_back({.at = mark.at, .kind = mark_kind(mark.kind)});
  }
  return plots::activation_figure(curves);
}

plots::Figure spectrum_figure(const ActivationReport& report) {
  const SpectrumSummary& spectrum = report.spectrum;
  return plots::spectrum_figure({.activation = report.facts.text,
                                 .coefficients = spectrum.coefficients,
                                 .coefficient_error = spectrum.error_bound,
                                 .tail = spectrum.tail,
                                 .tail_error = spectrum.tail_noise});
}

std::string data_label(const DataFindings& data) {
  return fmt::format("{}, n = {}, d = {}", data.name, data.points, data.dimension);
}

plots::Figure degree_figure(const ActivationReport& report) {
  std::vector<plots::DegreeStudy> studies;
  for (const DataFindings& data : report.data) {
    plots::DegreeStudy study{.data = data_label(data)};
    for (const double degree : data.by_degree.numbers("degree")) study.degree.push_back(static_cast<int>(degree));
    study.metrics = {{.metric = "relative, off the diagonal", .error = data.by_degree.numbers("off_diagonal")},
                     {.metric = "relative, doubly centred", .error = data.by_degree.numbers("centred")},
                     {.metric = "spectral, lambda = tr K / 100 n", .error = data.by_degree.numbers("spectral")}};
    studies.push_back(std::move(study));
  }
  return plots::degree_figure(report.facts.text, studies);
}

plots::MethodCurve method_curve(const Table& table, const std::string& method, const std::string& label,
                                const std::string& metric) {
  const auto dimension = table.numbers("dimension");
  const auto lower = table.numbers(metric + "_q25");
  const auto median = table.numbers(metric + "_median");
  const auto upper = table.numbers(metric + "_q75");
  plots::MethodCurve curve{.method = label};
  for (std::size_t i = 0; i < dimension.size(); ++i) {
    if (to_text(table.rows()[i][0]) != method) continue;
    curve.dimension.push_back(static_cast<int>(dimension[i]));
    curve.median.push_back(median[i]);
    curve.lower_quartile.push_back(lower[i]);
    curve.upper_quartile.push_back(upper[i]);
  }
  return curve;
}

plots::Figure dimension_figure(const ActivationReport& report, const std::string& metric, const std::string& label,
                               double DataFindings::*floor) {
  const std::string sketch_label = fmt::format("sketch, degree {}", report.sketch_degree);
  std::vector<plots::DimensionStudy> studies;
  for (const DataFindings& data : report.data) {
    studies.push_back({.data = data_label(data),
                       .methods = {method_curve(data.by_dimension, "sketch", sketch_label, metric),
                                   method_curve(data.by_dimension, "random features", "random features", metric)},
                       .floor = data.*floor,
                       .floor_label = fmt::format("degree {} alone", report.sketch_degree)});
  }
  return plots::dimension_figure(report.facts.text, label, report.seeds, studies);
}

}  // namespace

ReportFigures report_figures(const ActivationReport& report) {
  ReportFigures figures{
      .shape = shape_figure(report),
      .dual = plots::dual_figure({.activation = report.facts.text,
                                  .rho = report.dual.numbers("rho"),
                                  .kappa = report.dual.numbers("kappa"),
                                  .kappa_dot = report.dual.numbers("kappa_dot")}),
      .spectrum = spectrum_figure(report),
      .by_degree = degree_figure(report),
      .by_dimension =
          dimension_figure(report, "off_diagonal", "relative off-diagonal error", &DataFindings::floor_off_diagonal),
      .by_dimension_spectral = dimension_figure(report, "spectral", "spectral error", &DataFindings::floor_spectral),
      .phases = {}};
  figures.by_dimension_spectral.name += "-spectral";
  if (const auto& plane = report.propagation.plane) {
    figures.phases = plots::phase_figure(phase_plane(report.facts.text, *plane, report.propagation.tears));
    figures.phases->command = "nke meanfield '" + report.facts.text + "' --out FILE";
  }
  for (plots::Figure* figure : {&figures.shape, &figures.dual, &figures.spectrum, &figures.by_degree,
                                &figures.by_dimension, &figures.by_dimension_spectral}) {
    for (const auto& [key, value] : report.provenance) {
      if (key == "command") figure->command = value;
    }
  }
  return figures;
}

}  // namespace nke::cli
