// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <random>

#include <nke/plots/layout.hpp>
#include <nke/plots/legend.hpp>
#include <nke/plots/ticks.hpp>

#include "support.hpp"

using namespace nke::plots;

namespace {

std::vector<std::string> labels(const std::vector<Tick>& ticks) {
  std::vector<std::string> found;
  for (const Tick& tick : ticks) {
    if (!tick.label.empty()) found.push_back(tick.label.plain());
  }
  return found;
}

Panel panel_with(double slope) {
  Panel panel{.x = {.range = Range{0, 1}}, .y = {.range = Range{0, 1}}};
  Series line{.label = "curve"};
  for (int i = 0; i <= 20; ++i) {
    line.x.push_back(i / 20.0);
    line.y.push_back(slope > 0 ? i / 20.0 : 1 - i / 20.0);
  }
  panel.series.push_back(line);
  return panel;
}

constexpr FrameSize frame{330, 230};

}  // namespace

TEST_CASE("linear ticks are round numbers inside the range [fact]") {
  using Labels = std::vector<std::string>;
  CHECK(labels(ticks({}, {0, 1})) == Labels{"0", "0.2", "0.4", "0.6", "0.8", "1"});
  CHECK(labels(ticks({}, {-1, 1})) == Labels{"−1", "−0.5", "0", "0.5", "1"});
  CHECK(labels(ticks({}, {-4, 4}, 9)) == Labels{"−4", "−3", "−2", "−1", "0", "1", "2", "3", "4"});
}

TEST_CASE("logarithmic ticks are powers of ten, thinned when many and divided when few [fact]") {
  using Labels = std::vector<std::string>;
  const Axis axis{.scale = Scale::log};
  CHECK(labels(ticks(axis, {1e-3, 1e1})) == Labels{"10−3", "10−2", "10−1", "100", "101"});
  CHECK(labels(ticks(axis, {1e-30, 1})) == Labels{"10−30", "10−25", "10−20", "10−15", "10−10", "10−5", "100"});
  CHECK(labels(ticks(axis, {1, 70})) == Labels{"1", "2", "5", "10", "20", "50"});
}

TEST_CASE("ticks are ascending and inside, few enough to read, on any range [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  std::uniform_real_distribution<double> exponent(-30, 30), width(0.01, 40);
  for (int i = 0; i < nke::test::iterations(2000); ++i) {
    const bool is_log = i % 2 == 0;
    const double lower = std::pow(10.0, exponent(random));
    const Range range{is_log ? lower : -lower, is_log ? lower * std::pow(10.0, width(random)) : lower * width(random)};
    const auto found = ticks({.scale = is_log ? Scale::log : Scale::linear}, range);
    CAPTURE(range.lower);
    CAPTURE(range.upper);
    const double slack = 1e-8 * (range.upper - range.lower);
    for (std::size_t k = 0; k < found.size(); ++k) {
      if (k > 0) CHECK(found[k].at > found[k - 1].at);
      CHECK(found[k].at >= range.lower * (is_log ? 1 - 1e-8 : 1) - (is_log ? 0 : slack));
      CHECK(found[k].at <= range.upper * (is_log ? 1 + 1e-8 : 1) + (is_log ? 0 : slack));
    }
    CHECK(labels(found).size() <= 14);
  }
}

TEST_CASE("ticks asked for are the ticks shown, if the range holds them [fact]") {
  const Axis axis{.scale = Scale::log, .ticks = {4096, 128, 1024, 1e6}};
  CHECK(labels(ticks(axis, {100, 8000})) == std::vector<std::string>{"128", "1024", "4096"});
  CHECK(tick_label(3e-7).plain() == "3×10−7");
  CHECK(tick_label(-0.25).plain() == "−0.25");
}

TEST_CASE("a legend takes the first corner that no curve crosses [law]") {
  CHECK(placed_legend(panel_with(-1), frame) == Legend::top_right);
  CHECK(placed_legend(panel_with(+1), frame) == Legend::top_left);
  Panel crossed = panel_with(-1);
  crossed.series.push_back(panel_with(+1).series[0]);
  CHECK(placed_legend(crossed, frame) == Legend::above);
  Panel band = panel_with(-1);
  band.series.push_back({.mark = Mark::band, .x = {0, 1}, .lower = {0.5, 0.5}, .upper = {0.99, 0.99}});
  CHECK(placed_legend(band, frame) == Legend::bottom_left);
}

TEST_CASE("guides and annotations keep the legend away, wishes are granted, nothing to say needs no legend [fact]") {
  Panel guided = panel_with(-1);
  guided.guides.push_back({HorizontalLine{0.97}, "floor"});
  CHECK(placed_legend(guided, frame) == Legend::bottom_left);
  Panel noted = panel_with(-1);
  noted.annotations.push_back({.text = "note", .x = 0.9, .y = 0.95});
  CHECK(placed_legend(noted, frame) == Legend::bottom_left);
  Panel wished = panel_with(-1);
  wished.legend = Legend::bottom_right;
  CHECK(placed_legend(wished, frame) == Legend::bottom_right);
  Panel silent = panel_with(-1);
  silent.series[0].label = {};
  CHECK(placed_legend(silent, frame) == Legend::none);
}

TEST_CASE("frames lie on the sheet, do not overlap, and are equally large in a row [law]") {
  for (const int count : {1, 2, 3}) {
    for (const Width width : {Width::one_column, Width::two_columns}) {
      Figure figure{.name = "test", .title = "Title", .width = width};
      for (int i = 0; i < count; ++i) {
        figure.panels.push_back(panel_with(1));
        figure.panels.back().y.range = Range{0, std::pow(1000.0, i)};
        figure.panels.back().legend = i == 0 ? Legend::above : Legend::automatic;
      }
      const Layout sheet = layout(figure);
      REQUIRE(sheet.panels.size() == figure.panels.size());
      for (std::size_t i = 0; i < sheet.panels.size(); ++i) {
        const PanelPlace& place = sheet.panels[i];
        CHECK(place.left > 0);
        CHECK(place.left < place.right);
        CHECK(place.right < sheet.width);
        CHECK(place.top < place.bottom);
        CHECK(place.bottom < sheet.height);
        CHECK(place.legend != Legend::automatic);
        for (std::size_t k = 0; k < i; ++k) {
          const PanelPlace& other = sheet.panels[k];
          CHECK((other.right <= place.left || other.bottom <= place.top));
          if (other.top == place.top) {
            CHECK(other.right - other.left == doctest::Approx(place.right - place.left).epsilon(1e-12));
          }
        }
      }
    }
  }
}

TEST_CASE("a legend above wraps at the width it has [fact]") {
  Panel panel;
  for (int i = 0; i < 4; ++i) panel.series.push_back({.label = "an entry of some length", .x = {1}, .y = {1}});
  const LegendFlow wide = legend_flow(panel, 2000), narrow = legend_flow(panel, 10);
  CHECK(wide.entries.back().y == wide.entries.front().y);
  CHECK(narrow.entries.back().x == 0);
  CHECK(narrow.height == doctest::Approx(4 * wide.height).epsilon(1e-12));
}
