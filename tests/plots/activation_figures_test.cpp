// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <nke/exact/real/error.hpp>
#include <nke/plots/figures/activation_figure.hpp>
#include <nke/plots/figures/degree_figure.hpp>
#include <nke/plots/figures/dimension_figure.hpp>
#include <nke/plots/figures/dual_figure.hpp>
#include <nke/plots/figures/spectrum_figure.hpp>
#include <nke/plots/render.hpp>

#include "markup_check.hpp"
#include "support.hpp"

using namespace nke::plots;

namespace {

/// The y of the sample at `x`; NaN if it is a gap or missing.
double at(const Series& series, double x) {
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (series.x[i] == x) return series.y[i];
  }
  return std::nan("");
}

std::size_t gaps(const Series& series) {
  std::size_t found = 0;
  for (const double y : series.y) found += std::isnan(y);
  return found;
}

ActivationCurves relu_curves() {
  return {.activation = "relu",
          .x = {-1, -0.5, 0, 0.5, 1},
          .value = {0, 0, 0, 0.5, 1},
          .derivative = {0, 0, 0.5, 1, 1},
          .breakpoints = {{0, BreakMark::Kind::kink}}};
}

}  // namespace

TEST_CASE("a kink cuts σ' and not σ, and a jump cuts both [fact]") {
  Figure figure = activation_figure(relu_curves());
  const auto& kinked = figure.panels.at(0).series;
  REQUIRE(kinked.size() == 2);
  CHECK(gaps(kinked[0]) == 0);
  CHECK(at(kinked[0], 0) == 0);
  CHECK(gaps(kinked[1]) == 1);
  CHECK(std::isnan(at(kinked[1], 0)));  // the sample of the mean, 1/2, is not a slope that relu has
  CHECK(drawable(figure).dropped == 0);

  ActivationCurves jump = relu_curves();
  jump.breakpoints = {{0.25, BreakMark::Kind::jump}};
  figure = activation_figure(jump);
  for (const Series& series : figure.panels[0].series) {
    CHECK(gaps(series) == 1);
    CHECK(series.x.size() == 6);
  }
}

TEST_CASE("breakpoints inside the interval are marked, once named, and those outside are not [fact]") {
  ActivationCurves curves = relu_curves();
  curves.breakpoints = {{-0.5, BreakMark::Kind::kink}, {0.5, BreakMark::Kind::jump}, {7, BreakMark::Kind::kink}};
  const Figure figure = activation_figure(curves);
  std::vector<double> marked;
  std::string names;
  for (const Guide& guide : figure.panels[0].guides) {
    if (const auto* line = std::get_if<VerticalLine>(&guide.shape)) marked.push_back(line->x);
    names += guide.label.plain();
  }
  CHECK(marked == std::vector<double>{-0.5, 0.5});
  CHECK(names == "kink, jump");
  curves.value.pop_back();
  CHECK_THROWS_AS(activation_figure(curves), nke::ShapeError);
}

TEST_CASE("dual curves are divided by their values at ρ = 1, or not at all [fact]") {
  const DualCurves curves{.activation = "f", .rho = {-1, 0, 1}, .kappa = {0.1, 0.2, 0.4}, .kappa_dot = {0.5, 1, 2}};
  const std::vector<Series> divided = dual_figure(curves).panels.at(0).series;
  CHECK(divided[0].y == std::vector<double>{0.1 / 0.4, 0.2 / 0.4, 1});
  CHECK(divided[1].y == std::vector<double>{0.25, 0.5, 1});
  DualCurves step = curves;
  step.kappa_dot = {0, 0, 0};
  CHECK(dual_figure(step).panels[0].series[0].y == curves.kappa);
  DualCurves open = curves;
  open.rho = {-1, 0, 0.9};
  CHECK_THROWS_AS(dual_figure(open), nke::DomainError);
  open.rho = {0, 1};
  CHECK_THROWS_AS(dual_figure(open), nke::ShapeError);
}

TEST_CASE("a spectrum shows squares by parity, leaves zeros out, and its tails are the sums left over [fact]") {
  // Powers of two: every sum is exact.
  const Spectrum spectrum{
      .activation = "f", .coefficients = {1, 0, 0.5, 1e-17, 0.25}, .coefficient_error = 1e-16, .tail = 0.125};
  const Figure figure = spectrum_figure(spectrum);
  const auto& series = figure.panels.at(0).series;
  REQUIRE(series.size() == 2);  // no odd coefficient is known to differ from zero
  CHECK(series[0].x == std::vector<double>{0, 2, 4});
  CHECK(series[0].y == std::vector<double>{1, 0.25, 0.0625});
  CHECK(at(series[1], 4) == 0.125);
  CHECK(at(series[1], 3) == 0.1875);
  CHECK(at(series[1], 0) == doctest::Approx(0.4375).epsilon(1e-15));
  Spectrum noisy = spectrum;
  noisy.tail_error = 0.15;
  CHECK(std::isnan(at(spectrum_figure(noisy).panels[0].series[1], 4)));
  CHECK_THROWS_AS(spectrum_figure({}), nke::DomainError);
}

TEST_CASE("studies beside each other share axes, inks and one legend [law]") {
  const std::vector<DegreeStudy> studies = {
      {.data = "images",
       .degree = {0, 1, 2, 4},
       .metrics = {{"Frobenius", {9, 1, 0.1, 0.01}}, {"maximum", {9, 2, 0.2, 0}}}},
      {.data = "noise", .degree = {1, 8}, .metrics = {{"Frobenius", {0.5, 1e-9}}, {"maximum", {3, 1e-8}}}}};
  const Figure figure = degree_figure("gelu", studies);
  REQUIRE(figure.panels.size() == 2);
  CHECK(figure.width == Width::two_columns);
  CHECK(figure.panels[0].x.range == figure.panels[1].x.range);
  CHECK(figure.panels[0].y.range == figure.panels[1].y.range);
  CHECK(figure.panels[0].y.range->lower < 1e-9);
  CHECK(figure.panels[0].y.range->upper > 3);
  CHECK(figure.panels[1].legend == Legend::none);
  CHECK(figure.panels[0].series[1].ink == figure.panels[1].series[1].ink);
  CHECK(figure.panels[0].series[0].x == std::vector<double>{1, 2, 4});  // degree 0 has no place
  CHECK(figure.panels[0].series[1].x == std::vector<double>{1, 2});     // nor has an error of zero
  CHECK(drawable(figure).dropped == 0);
  std::vector<DegreeStudy> torn = studies;
  torn[1].metrics[0].error.pop_back();
  CHECK_THROWS_AS(degree_figure("gelu", torn), nke::ShapeError);
}

TEST_CASE("errors by dimension: a band and a median for each method, the rate, and the floor if there is one [fact]") {
  const MethodCurve sketch{"PolySketch", {64, 256, 1024}, {0.4, 0.2, 0.1}, {0.3, 0.15, 0.08}, {0.5, 0.25, 0.12}};
  MethodCurve rival = sketch;
  rival.method = "random features";
  const std::vector<DimensionStudy> studies = {
      {.data = "images", .methods = {sketch, rival}, .floor = 0.05, .floor_label = "degree 8 alone"},
      {.data = "noise", .methods = {sketch, rival}}};
  const Figure figure = dimension_figure("gelu", "relative Frobenius error", 20, studies);
  REQUIRE(figure.panels.size() == 2);
  const Panel& panel = figure.panels[0];
  REQUIRE(panel.series.size() == 4);
  CHECK(panel.series[0].mark == Mark::band);
  CHECK(panel.series[0].ink == panel.series[1].ink);
  CHECK(panel.series[1].ink != panel.series[3].ink);
  CHECK(panel.x.ticks == std::vector<double>{64, 256, 1024});
  REQUIRE(panel.guides.size() == 2);
  CHECK(std::get<PowerLaw>(panel.guides[0].shape).exponent == -0.5);
  CHECK(std::get<HorizontalLine>(panel.guides[1].shape).y == 0.05);
  CHECK(figure.panels[1].guides.size() == 1);
  CHECK(figure.caption.plain().find("20 seeds") != std::string::npos);
  std::vector<DimensionStudy> torn = studies;
  torn[0].methods[1].upper_quartile.pop_back();
  CHECK_THROWS_AS(dimension_figure("gelu", "error", 20, torn), nke::ShapeError);
}

TEST_CASE("where there is no error to show, the panel says so instead of failing [fact]") {
  const std::vector<DegreeStudy> exact = {
      {.data = "images", .degree = {0, 1, 2}, .metrics = {{"Frobenius", {1, 0, 0}}}}};
  const Figure by_degree = degree_figure("x", exact);
  CHECK_NOTHROW(drawable(by_degree));
  REQUIRE(by_degree.panels[0].annotations.size() == 1);
  CHECK(by_degree.panels[0].annotations[0].text.plain() == "no error at any degree N ≥ 1");
  CHECK(nke::test::read_markup(render(by_degree, Format::svg)).text.find("no error at any degree") !=
        std::string::npos);

  const std::vector<DimensionStudy> still = {
      {.data = "images", .methods = {{"sketch", {64, 128}, {0, 0}, {0, 0}, {0, 0}}}}};
  CHECK_NOTHROW(drawable(dimension_figure("1", "error", 20, still)));

  const Figure nothing = spectrum_figure({.activation = "0", .coefficients = {0, 0, 0}});
  CHECK_NOTHROW(drawable(nothing));
  CHECK(nothing.panels[0].annotations.at(0).text.plain() == "every coefficient vanishes");
}
