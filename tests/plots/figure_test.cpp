// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <sstream>

#include <nke/exact/real/error.hpp>
#include <nke/plots/figure.hpp>

#include "support.hpp"

using namespace nke::plots;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

Figure figure_of(Series series, Scale x = Scale::linear, Scale y = Scale::linear) {
  return {.name = "test", .panels = {{.x = {.scale = x}, .y = {.scale = y}, .series = {std::move(series)}}}};
}

}  // namespace

TEST_CASE("a figure is a value: equal when built alike, gaps included, unequal in any part [law]") {
  const Figure figure = figure_of({.label = "curve", .x = {1, 2, 3}, .y = {1, gap, 3}, .ink = 2});
  Figure other = figure;
  CHECK(figure == other);
  other.panels[0].series[0].y[1] = 2;
  CHECK(figure != other);
  other = figure;
  other.panels[0].guides.push_back({PowerLaw{-0.5, 1, 1}, "rate"});
  CHECK(figure != other);
  other = figure;
  other.panels[0].series[0].label = italic("curve");
  CHECK(figure != other);
}

TEST_CASE("columns of different length are a ShapeError that names panel, series and both lengths [fault]") {
  const Figure figure = figure_of({.label = "short", .x = {1, 2, 3}, .y = {1, 2}});
  CHECK_THROWS_AS(drawable(figure), nke::ShapeError);
  CHECK_THROWS_WITH(drawable(figure), "figure 'test', panel 1, series 'short': x has 3 values and y has 2");
  CHECK_THROWS_AS(drawable(figure_of({.mark = Mark::band, .x = {1}, .lower = {1}})), nke::ShapeError);
  CHECK_THROWS_AS(drawable(figure_of({.mark = Mark::line, .x = {1}, .y = {1}, .upper = {1}})), nke::ShapeError);
}

TEST_CASE("on a logarithmic axis what is not positive becomes a gap and is counted, and gaps are not [fact]") {
  const Drawable drawn =
      drawable(figure_of({.x = {-1, 0, 1, 2, 3, 4, 5}, .y = {1, 1, 0, -2, gap, 4, infinity}}, Scale::log, Scale::log));
  CHECK(drawn.dropped == 5);  // x = -1, x = 0, y = 0, y = -2 and y = infinity
  const Series& series = drawn.figure.panels[0].series[0];
  REQUIRE(series.y.size() == 7);
  for (std::size_t i = 0; i < 7; ++i) {
    CAPTURE(i);
    CHECK(std::isnan(series.y[i]) == (i != 5));
  }
  CHECK(series.y[5] == 4);
}

TEST_CASE("on linear axes nothing finite is dropped [fact]") {
  const Figure figure = figure_of({.x = {-1, 0, 1}, .y = {-5, gap, 7}});
  const Drawable drawn = drawable(figure);
  CHECK(drawn.dropped == 0);
  CHECK(drawn.figure == figure);
}

TEST_CASE("a band loses a point when either end has no place [fact]") {
  const Drawable drawn = drawable(figure_of(
      {.mark = Mark::band, .x = {1, 2, 3}, .lower = {0, 1, 1}, .upper = {1, 2, 3}}, Scale::linear, Scale::log));
  CHECK(drawn.dropped == 1);
  CHECK(std::isnan(drawn.figure.panels[0].series[0].upper[0]));
}

TEST_CASE("a picture without a point, a name for no file, or an impossible axis is refused [fault]") {
  CHECK_THROWS_AS(drawable(figure_of({.x = {1, 2}, .y = {-1, 0}}, Scale::linear, Scale::log)), nke::DomainError);
  CHECK_THROWS_AS(drawable({.name = "empty"}), nke::DomainError);
  for (const char* name : {"", "../escape", "Upper", "with space", "a.b"}) {
    CAPTURE(name);
    Figure figure = figure_of({.x = {1}, .y = {1}});
    figure.name = name;
    CHECK_THROWS_AS(drawable(figure), nke::DomainError);
  }
  for (const Range range : {Range{2, 1}, Range{1, 1}, Range{0, infinity}, Range{gap, 1}, Range{-1, 1}}) {
    Figure figure = figure_of({.x = {1}, .y = {1}}, Scale::log, Scale::linear);
    figure.panels[0].x.range = range;
    CHECK_THROWS_AS(drawable(figure), nke::DomainError);
  }
}

TEST_CASE("a guide that has no place on a logarithmic axis is dropped and counted [fact]") {
  Figure figure = figure_of({.x = {1, 2}, .y = {1, 2}}, Scale::log, Scale::log);
  figure.panels[0].guides = {{HorizontalLine{0}, "zero"}, {HorizontalLine{1}, "one"}, {PowerLaw{-0.5, 1, -1}, "below"}};
  const Drawable drawn = drawable(figure);
  CHECK(drawn.dropped == 2);
  REQUIRE(drawn.figure.panels[0].guides.size() == 1);
  CHECK(drawn.figure.panels[0].guides[0].label == Text("one"));
}

TEST_CASE("ranges hold every point, and the axis' own range wins [law]") {
  Panel panel{.series = {{.mark = Mark::points, .x = {-3, gap, 7}, .y = {2, 100, -5}}}};
  panel.series.push_back({.mark = Mark::band, .x = {0, 1}, .lower = {-9, 1}, .upper = {0, 40}});
  panel.guides.push_back({HorizontalLine{60}, {}});
  const Range x = x_range(panel), y = y_range(panel);
  CHECK(x.lower < -3);
  CHECK(x.upper > 7);
  CHECK(y.lower < -9);
  CHECK(y.upper > 60);
  panel.x.range = Range{0, 1};
  CHECK(x_range(panel) == Range{0, 1});
  Panel flat{.y = {.scale = Scale::log}, .series = {{.x = {1, 2}, .y = {5, 5}}}};
  CHECK(y_range(flat).lower < 5);
  CHECK(y_range(flat).upper > 5);
  CHECK(y_range(flat).lower > 0);
}

TEST_CASE("a figure prints as a table of contents [fact]") {
  Figure figure = figure_of({.label = markup("*h*_{n}^{2}"), .x = {1, 2}, .y = {1, 2}});
  figure.title = "Spectrum";
  std::ostringstream out;
  out << figure;
  CHECK(out.str().find("figure test: Spectrum") != std::string::npos);
  CHECK(out.str().find("line 'hn2', 2 points") != std::string::npos);
}
