// SPDX-License-Identifier: Apache-2.0
#include "report_page.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace nke::cli {
namespace {

using plots::markup;
using plots::Page;
using plots::Text;

std::string digits(double value, int count) {
  return fmt::format("{:.{}g}", value, count);
}

// Near 1 the distance from 1 is what matters.
std::string correlation(double rho) {
  return std::abs(rho) > 0.99 ? fmt::format("{:.5f}", rho) : fmt::format("{:.2f}", rho);
}

void add_summary(Page& page, const ActivationReport& report) {
  page.add(plots::Heading{"In short"});
  for (const Verdict& verdict : report.verdicts) {
    page.add(plots::Paragraph{Text(verdict.statement, plots::Face::bold) + " " + verdict.reason});
  }
  if (report.passed()) {
    page.add(plots::Paragraph{fmt::format("All {} controls of these numbers passed; they are listed under “Controls”.",
                                          report.checks.size())});
    return;
  }
  for (const Check& check : report.checks) {
    if (check.passed()) continue;
    page.add(plots::Paragraph{
        Text("Control failed: " + check.name, plots::Face::bold) +
        fmt::format(". Measured {}, allowed {}. ", digits(check.measured, 3), digits(check.allowed, 3)) +
        check.explanation});
  }
}

void add_function(Page& page, const ActivationReport& report, const ReportDrawings& drawings) {
  const ActivationFacts& facts = report.facts;
  std::string points;
  for (const std::string& point : facts.breakpoints) points += (points.empty() ? "" : "; ") + point;
  if (points.empty()) points = "none";
  page.add(plots::Heading{"The function"});
  plots::Facts list;
  list.facts = {
      {markup("*σ*(*x*)"), plots::code(facts.expression)},
      {"LaTeX", plots::code(facts.latex)},
      {"breakpoints",
       points + (facts.breakpoints_proven ? " (proven)" : " (not proven: " + facts.breakpoints_reason + ")")},
      {"growth", facts.growth_proven ? Text(facts.growth + " (proven)") : Text("not proven: " + facts.growth)},
      {"smoothness", facts.smoothness},
      {"parity", facts.parity}};
  if (!facts.homogeneity.empty()) {
    list.facts.push_back(
        {"homogeneous", markup("*σ*(*tx*) = *t*^{p} *σ*(*x*) for *t* > 0, *p* = ") + facts.homogeneity});
  }
  if (!facts.source.empty()) list.facts.push_back({"source", facts.source});
  const UnitMoments& m = report.moments;
  list.facts.push_back({markup("E *σ*(*z*)"), digits(m.mean, 10)});
  list.facts.push_back({markup("E *σ*(*z*)²"), digits(m.second, 10)});
  list.facts.push_back({markup("E *σ*′(*z*)²"), std::isfinite(m.derivative_second) ? digits(m.derivative_second, 10)
                                                                                   : std::string("not finite")});
  page.add(std::move(list));
  page.add(plots::Paragraph{
      markup("Moments are those of a standard normal *z*, that is, of a layer whose input variance is 1.")});
  page.add(plots::DrawingRow{{drawings.shape, drawings.dual}});
}

plots::TableBlock coefficient_block(const ActivationReport& report) {
  plots::TableBlock block{.caption = "The first coefficients; all of them are in tables/coefficients.csv",
                          .columns = {{markup("*n*"), true},
                                      {markup("*h*_{n}"), true},
                                      {markup("*h*_{n}² / E *σ*²"), true},
                                      {markup("beyond degree *n*, of E *σ*²"), true}}};
  const auto h = report.coefficients.numbers("h");
  const auto tail = report.coefficients.numbers("tail");
  const double norm = report.spectrum.norm > 0 ? report.spectrum.norm : 1;
  for (std::size_t n = 0; n < std::min<std::size_t>(h.size(), 13); ++n) {
    block.rows.push_back(
        {std::to_string(n), digits(h[n], 10), digits(h[n] * h[n] / norm, 3), digits(tail[n] / norm, 3)});
  }
  return block;
}

void add_spectrum(Page& page, const ActivationReport& report, const ReportDrawings& drawings) {
  page.add(plots::Heading{"The spectrum"});
  page.add(plots::Paragraph{
      markup("The dual at correlation *ρ* is the power series Σ *h*_{n}² *ρ*^{n}. Whatever lies in high degrees "
             "can only be "
             "seen by inputs that are almost parallel; a series cut at degree *N* leaves out the tail at *ρ* = 1.")});
  page.add(plots::DrawingRow{{drawings.spectrum}});
  if (report.decay) {
    const HermiteDecay& decay = *report.decay;
    plots::Facts facts;
    facts.facts.push_back({"in the long run", plots::code(to_text(decay))});
    if (decay.kind != DecayKind::finite) {
      facts.facts.push_back({"read off the degrees", fmt::format("{} to {}", decay.first, decay.last)});
    }
    facts.facts.push_back(
        {"theory", decay.theory.reason + (decay.theory.value ? ": " + digits(*decay.theory.value, 6) : std::string())});
    page.add(std::move(facts));
  }
  plots::Details details;
  details.summary = "Coefficients as a table";
  details.blocks.push_back({coefficient_block(report)});
  page.add(std::move(details));
}

std::string or_dash(double value, int count) {
  return std::isnan(value) ? "–" : std::isinf(value) ? "∞" : digits(value, count);
}

void add_propagation(Page& page, const ActivationReport& report, const ReportDrawings& drawings) {
  const Propagation& propagation = report.propagation;
  page.add(plots::Heading{"In deep networks"});
  page.add(plots::Paragraph{markup(
      "A layer with weight variance *σ*_{w}² and bias variance *σ*_{b}² maps the variance *q* to *V*(*q*) = *σ*_{w}² E "
      "*σ*(√*q* *z*)² + *σ*_{b}², and at a fixed point *q*^{∗} the correlation *c* to *C*(*c*), with *C*(1) = 1 and "
      "slope *χ*_{1} = *σ*_{w}² E *σ*′(√*q*^{∗} *z*)² there. Below 1 inputs become alike with depth, above 1 alike "
      "inputs part; *ξ* layers bring a signal nearer to its fixed point by the factor e.")});
  plots::TableBlock block{.caption = "Fixed points; with a ✓ where q* is proven by balls",
                          .columns = {{"scales", false},
                                      {markup("*σ*_{w}²"), true},
                                      {markup("*σ*_{b}²"), true},
                                      {markup("*q*^{∗}"), true},
                                      {"", false},
                                      {markup("*V*′(*q*^{∗})"), true},
                                      {markup("*χ*_{1}"), true},
                                      {"phase", false},
                                      {markup("*c*^{∗}"), true},
                                      {markup("*ξ*_{q}"), true},
                                      {markup("*ξ*_{c}"), true}}};
  const Table& table = propagation.table;
  std::vector<std::vector<double>> columns;
  for (const char* name : {"weight_variance", "bias_variance", "variance", "variance_bound", "slope", "chi",
                           "correlation", "depth_variance", "depth_correlation"}) {
    columns.push_back(table.numbers(name));
  }
  for (std::size_t i = 0; i < table.rows().size(); ++i) {
    const auto at = [&](std::size_t column, int count) { return or_dash(columns[column][i], count); };
    block.rows.push_back({to_text(table.rows()[i][0]), at(0, 6), at(1, 4), at(2, 8),
                          std::string(std::isnan(columns[3][i]) ? "" : "✓ ") + to_text(table.rows()[i][6]), at(4, 5),
                          at(5, 8), to_text(table.rows()[i][9]), at(6, 6), at(7, 4), at(8, 4)});
  }
  for (const ScaleFindings& scale : propagation.scales) {
    if (scale.found.points.empty()) {
      page.add(plots::Paragraph{scale.name + ": no fixed point" +
                                (scale.found.grows ? ", the variance grows from layer to layer." : " was found.")});
    }
  }
  if (!block.rows.empty()) page.add(std::move(block));
  if (drawings.phases) page.add(plots::DrawingRow{{*drawings.phases}});
}

plots::TableBlock data_block(const ActivationReport& report) {
  plots::TableBlock block{.caption = "The data: smallest, middle (mean, median) and largest values",
                          .columns = {{"set", false},
                                      {markup("*n*"), true},
                                      {markup("*d*"), true},
                                      {"factor", true},
                                      {"variance", true},
                                      {markup("correlation *ρ*"), true}}};
  for (const DataFindings& data : report.data) {
    block.rows.push_back(
        {data.name, std::to_string(data.points), std::to_string(data.dimension), digits(data.factor, 4),
         fmt::format("{:.2g}, {:.2g}, {:.2g}", data.smallest_variance, data.mean_variance, data.largest_variance),
         correlation(data.smallest_correlation) + ", " + correlation(data.median_correlation) + ", " +
             correlation(data.largest_correlation)});
  }
  return block;
}

plots::TableBlock dimension_block(const DataFindings& data) {
  plots::TableBlock block{.caption = "Median errors on " + data.name + "; quartiles are in the table files",
                          .columns = {{"method", false},
                                      {markup("features *m*"), true},
                                      {"off-diagonal", true},
                                      {"doubly centred", true},
                                      {"Frobenius", true},
                                      {"largest entry", true},
                                      {"spectral", true}}};
  const Table& table = data.by_dimension;
  const auto dimension = table.numbers("dimension");
  std::vector<std::vector<double>> medians;
  for (const char* metric :
       {"off_diagonal_median", "centred_median", "frobenius_median", "maximum_median", "spectral_median"}) {
    medians.push_back(table.numbers(metric));
  }
  for (std::size_t i = 0; i < dimension.size(); ++i) {
    std::vector<Text> row = {to_text(table.rows()[i][0]), digits(dimension[i], 6)};
    for (const auto& column : medians) row.emplace_back(digits(column[i], 3));
    block.rows.push_back(std::move(row));
  }
  return block;
}

plots::TableBlock degree_block(const DataFindings& data) {
  plots::TableBlock block{.caption = "Error of the cut series on " + data.name,
                          .columns = {{"degree", true},
                                      {"off-diagonal", true},
                                      {"doubly centred", true},
                                      {"spectral", true},
                                      {"diagonal beyond the degree", true}}};
  const auto degree = data.by_degree.numbers("degree");
  std::vector<std::vector<double>> columns;
  for (const char* metric : {"off_diagonal", "centred", "spectral", "diagonal_left_out"}) {
    columns.push_back(data.by_degree.numbers(metric));
  }
  for (std::size_t i = 0; i < degree.size(); ++i) {
    std::vector<Text> row = {digits(degree[i], 6)};
    for (const auto& column : columns) row.emplace_back(digits(column[i], 3));
    block.rows.push_back(std::move(row));
  }
  return block;
}

void add_data(Page& page, const ActivationReport& report, const ReportDrawings& drawings) {
  page.add(plots::Heading{"On data"});
  page.add(plots::Paragraph{markup(
      "The kernel of one layer is *K*(*a*, *b*, *c*) = E *σ*(*u*)*σ*(*v*) with variances *a* = |*x*|²/*d*, *b* = "
      "|*y*|²/*d* and "
      "covariance *c* = ⟨*x*, *y*⟩/*d*. All points of a set are multiplied by one common factor that makes their mean "
      "variance 1; "
      "their norms still differ. Images are strongly correlated and Gaussian points nearly orthogonal, which is why "
      "an approximation that serves one may fail the other.")});
  page.add(data_block(report));
  page.add(plots::Subheading{"Degree"});
  page.add(
      plots::Paragraph{markup("The series cut after degree *q*, its diagonal kept exact as the sketch keeps it. Off "
                              "the diagonal and doubly centred "
                              "errors are relative root mean squares; the spectral error is "
                              "‖(*K*+*λI*)^{−1/2}(*K̂*−*K*)(*K*+*λI*)^{−1/2}‖ with *λ* a hundredth of the "
                              "mean diagonal: what kernel ridge regression with that ridge can feel.")});
  page.add(plots::DrawingRow{{drawings.by_degree}});
  page.add(plots::Subheading{"Dimension"});
  page.add(plots::Paragraph{markup("Feature maps of *m* features, ") + std::to_string(report.seeds) +
                            markup(" seeds each: the median and the band between the quartiles. The sketch approaches "
                                   "the error of its degree; random "
                                   "features *σ*(*Wx*/√*d*)/√*m* have no such floor, and their first *m* features are "
                                   "those of one larger draw.")});
  page.add(plots::DrawingRow{{drawings.by_dimension}});
  page.add(plots::DrawingRow{{drawings.by_dimension_spectral}});
  plots::Details details;
  details.summary = "These figures as tables";
  for (const DataFindings& data : report.data) {
    details.blocks.push_back({degree_block(data)});
    details.blocks.push_back({dimension_block(data)});
  }
  page.add(std::move(details));
}

void add_controls(Page& page, const ActivationReport& report) {
  page.add(plots::Heading{"Controls"});
  page.add(
      plots::Paragraph{"Each number below is measured by a method that shares nothing with the one it controls. One "
                       "that exceeds what is "
                       "allowed is said at the top of this page, and nke ends with status 1."});
  plots::TableBlock block{
      .columns = {{"control", false}, {"measured", true}, {"allowed", true}, {"", false}, {"meaning", false}}};
  for (const Check& check : report.checks) {
    block.rows.push_back({check.name, digits(check.measured, 3), digits(check.allowed, 3),
                          check.passed() ? "passed" : "FAILED", check.explanation});
  }
  page.add(std::move(block));
  for (const DataFindings& data : report.data) {
    const std::string pairs = data.truth_quadrature == 0
                                  ? "no pair is so strongly correlated that it needs another method"
                                  : fmt::format("{} of {} pairs, too strongly correlated for the series, by quadrature",
                                                data.truth_quadrature, data.points * (data.points - 1) / 2);
    page.add(plots::Paragraph{
        fmt::format("Truth on {}: the series of degree {}, wrong by at most {} of the mean diagonal; {}.", data.name,
                    data.truth_degree, digits(data.truth_bound, 2), pairs)});
  }
}

void add_provenance(Page& page, const ActivationReport& report) {
  page.add(plots::Heading{"Where this comes from"});
  plots::Facts facts;
  for (const auto& [key, value] : report.provenance) facts.facts.push_back({key, plots::code(value)});
  page.add(std::move(facts));
  page.add(
      plots::Paragraph{markup("Everything on this page is in `report.json`; the tables are in `tables/`, the figures "
                              "as SVG and PNG in `figures/`. The "
                              "same command gives the same bytes, whatever the number of threads.")});
}

std::string provenance(const ActivationReport& report, const std::string& wanted) {
  for (const auto& [key, value] : report.provenance) {
    if (key == wanted) return value;
  }
  return "";
}

}  // namespace

Page report_page(const ActivationReport& report, const ReportDrawings& drawings) {
  Page page;
  page.title = Text("Activation report: ") + report.facts.text;
  page.lead = markup(
      "What *σ* is, what an infinitely wide layer makes of it, and how well its kernel can be approximated on real "
      "images.");
  page.footer = "nke " + provenance(report, "version") + ", seed " + provenance(report, "seed") + ": " +
                provenance(report, "command");
  add_summary(page, report);
  add_function(page, report, drawings);
  add_spectrum(page, report, drawings);
  add_propagation(page, report, drawings);
  add_data(page, report, drawings);
  add_controls(page, report);
  add_provenance(page, report);
  return page;
}

}  // namespace nke::cli
