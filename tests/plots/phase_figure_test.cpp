// SPDX-License-Identifier: Apache-2.0
// The phase diagram as data: what is drawn, what is named, what is said when there is nothing.
#include <cmath>
#include <limits>

#include <nke/exact/real/error.hpp>
#include <nke/plots/figures/phase_figure.hpp>

#include "support.hpp"

using namespace nke::plots;

namespace {

PhasePlane plane() {
  constexpr double none = std::numeric_limits<double>::infinity();
  return {.activation = "f",
          .largest_weight = 4,
          .largest_bias = 1,
          .critical_weight = {1, 2, 3},
          .critical_bias = {0, 0.2, 0.9},
          .contours = {{.depth = 3, .weight = {0.5, 1, 1.5}, .bias = {0, 0.5, 1}}},
          .growth_weight = {0, 2, 3, 4},
          .growth_bias = {none, 1.5, 0.5, 0},
          .names = {{.name = "ordered", .weight = 0.3, .bias = 0.9}}};
}

const Series* labelled(const Figure& figure, const std::string& words) {
  for (const Series& series : figure.panels.at(0).series) {
    if (series.label.plain().find(words) != std::string::npos) return &series;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("a phase diagram shows its line, its contours with their depths, and where the variance grows [fact]") {
  PhasePlane input = plane();
  input.marked = PhasePlane::Place{2.25, 0.01};
  const Figure figure = phase_figure(input);
  const Series* line = labelled(figure, "critical line");
  REQUIRE(line != nullptr);
  CHECK(line->x == input.critical_weight);
  CHECK(line->y == input.critical_bias);
  const Series* band = labelled(figure, "no fixed point");
  REQUIRE(band != nullptr);
  CHECK(band->mark == Mark::band);
  CHECK(std::isnan(band->lower[0]));
  CHECK(std::isnan(band->lower[1]));  // above the frame
  CHECK(band->lower[2] == 0.5);
  CHECK(band->upper[2] == 1);
  const Series* mark = labelled(figure, "asked about");
  REQUIRE(mark != nullptr);
  CHECK(mark->x == std::vector<double>{2.25});
  std::string words;
  for (const Annotation& note : figure.panels[0].annotations) words += note.text.plain() + ";";
  CHECK(words.find("3;") != std::string::npos);
  CHECK(words.find("ordered;") != std::string::npos);
  CHECK(drawable(figure).dropped == 0);
}

TEST_CASE("one critical point is a point, none is said, unequal columns are refused [fault]") {
  PhasePlane one = plane();
  one.critical_weight = {2, 2, 2};
  one.critical_bias = {0, 0, 0};
  const Figure figure = phase_figure(one);
  const Series* point = labelled(figure, "critical point");
  REQUIRE(point != nullptr);
  CHECK(point->mark == Mark::points);
  CHECK(point->x.size() == 1);
  PhasePlane empty{.activation = "f"};
  empty.tears = true;
  const Figure nothing = phase_figure(empty);
  CHECK(nothing.caption.plain().find("infinite") != std::string::npos);
  CHECK(drawable(nothing).dropped == 0);
  PhasePlane torn = plane();
  torn.critical_bias.pop_back();
  CHECK_THROWS_AS(phase_figure(torn), nke::ShapeError);
}
