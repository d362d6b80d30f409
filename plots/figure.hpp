// SPDX-License-Identifier: Apache-2.0
// Figure: what is to be drawn, as a value that knows nothing of who draws it.
//
// Definition  A figure is a title, panels side by side, a caption and the command that made it; a panel is two axes
//             with series, guide lines, annotations and a legend.
// Domain      The columns of a series are equally long (ShapeError otherwise). NaN is a gap in a line. An infinite
//             value, and on a logarithmic axis one that is not positive, cannot be drawn: drawable() turns it into a
//             gap and counts it.
// Degenerate  A panel of which nothing can be drawn is refused (DomainError) unless an annotation says why it is empty.
// Cost        Linear in the points.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nke/plots/text.hpp>

namespace nke::plots {

enum class Scale { linear, log };

struct Range {
  double lower = 0;
  double upper = 1;
  bool operator==(const Range&) const = default;
};

struct Axis {
  Text label = {};
  std::string unit = {};  // shown in brackets after the label
  Scale scale = Scale::linear;
  std::optional<Range> range = {};  // absent: from the data
  std::vector<double> ticks = {};   // empty: chosen for the range
  bool operator==(const Axis&) const = default;
};

enum class Mark { line, points, line_points, band, error_bars, stems, steps };

/// One row of data. `ink` picks colour, dash and marker together, so series stay apart in greyscale; two series of one
/// ink (a median and its band) belong together. `lower` and `upper` are the ends of a band or of error bars.
struct Series {
  Text label = {};  // empty: not in the legend
  Mark mark = Mark::line;
  std::vector<double> x = {};
  std::vector<double> y = {};      // not used by a band
  std::vector<double> lower = {};  // bands and error bars only
  std::vector<double> upper = {};
  int ink = 0;
  bool operator==(const Series&) const;  // NaN equals NaN: a gap is a value here
};

/// y = at_y (x/at_x)^exponent; a straight line on log-log axes.
struct PowerLaw {
  double exponent = 0, at_x = 1, at_y = 1;
  bool operator==(const PowerLaw&) const = default;
};
struct HorizontalLine {
  double y = 0;
  bool operator==(const HorizontalLine&) const = default;
};
struct VerticalLine {
  double x = 0;
  bool operator==(const VerticalLine&) const = default;
};
/// A line to compare with, drawn thin and grey behind the data.
struct Guide {
  std::variant<PowerLaw, HorizontalLine, VerticalLine> shape = {};
  Text label = {};  // empty: not in the legend
  bool operator==(const Guide&) const = default;
};

enum class Anchor { left, centre, right };
struct Annotation {
  Text text = {};
  double x = 0, y = 0;  // in the units of the axes
  Anchor anchor = Anchor::left;
  bool operator==(const Annotation&) const = default;
};

/// `automatic` takes the first free corner, and a place above the panel if the data leave none.
enum class Legend { automatic, none, top_left, top_right, bottom_left, bottom_right, above };

struct Panel {
  Text title = {};
  Axis x = {};
  Axis y = {};
  std::vector<Series> series = {};
  std::vector<Guide> guides = {};
  std::vector<Annotation> annotations = {};
  Legend legend = Legend::automatic;
  bool operator==(const Panel&) const = default;
};

enum class Width { one_column, two_columns };

struct Figure {
  std::string name = {};  // letters, digits and dashes: the stem of its files and its anchor in a page
  Text title = {};
  std::vector<Panel> panels = {};
  Width width = Width::one_column;
  Text caption = {};
  std::string command = {};  // what to run to draw it again
  bool operator==(const Figure&) const = default;
};

struct Drawable {
  Figure figure;            // every value finite, positive on logarithmic axes, or NaN
  std::size_t dropped = 0;  // points that became gaps
};
/// The figure as it can be drawn. Throws ShapeError and DomainError as the head of this file says.
Drawable drawable(Figure figure);

/// The smallest range that holds everything of a panel on that axis, with a little air where points would touch the
/// frame; the axis' own range if it has one.
Range x_range(const Panel& panel);
Range y_range(const Panel& panel);

/// A table of contents, not of data: panels, series, their lengths and extents.
std::ostream& operator<<(std::ostream& out, const Figure& figure);

}  // namespace nke::plots
