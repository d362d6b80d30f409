// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <nke/plots/legend.hpp>
#include <nke/plots/style.hpp>

namespace nke::plots {

namespace {

constexpr double row_height = 1.5 * style::small_font_size;
constexpr double corner_row_height = 1.7 * style::small_font_size;  // of Gnuplot's legend in its roomiest format
constexpr double padding = 16;                                      // between the entries, the frame and the curves

/// A rectangle in fractions of the panel, y upwards.
struct Box {
  double left, right, bottom, top;
  bool holds(double x, double y) const { return x >= left && x <= right && y >= bottom && y <= top; }
};

/// Positions on the panel: 0 at its left or bottom, 1 at its right or top.
class Frame {
 public:
  explicit Frame(const Panel& panel)
      : x_(x_range(panel)), y_(y_range(panel)), x_scale_(panel.x.scale), y_scale_(panel.y.scale) {}
  double x(double value) const { return fraction(value, x_, x_scale_); }
  double y(double value) const { return fraction(value, y_, y_scale_); }
  Range x_range_of() const { return x_; }

 private:
  static double fraction(double value, Range range, Scale scale) {
    if (scale == Scale::log) return std::log(value / range.lower) / std::log(range.upper / range.lower);
    return (value - range.lower) / (range.upper - range.lower);
  }
  Range x_, y_;
  Scale x_scale_, y_scale_;
};

/// Does the segment meet the box? By walking it: panels are small, a step of half a per cent is below a line's width.
bool meets(const Box& box, double x0, double y0, double x1, double y1) {
  const double length = std::max(std::abs(x1 - x0), std::abs(y1 - y0));
  if (!std::isfinite(length)) return false;
  const int steps = std::clamp(static_cast<int>(length / 0.005), 1, 2000);
  for (int i = 0; i <= steps; ++i) {
    const double t = static_cast<double>(i) / steps;
    if (box.holds(x0 + t * (x1 - x0), y0 + t * (y1 - y0))) return true;
  }
  return false;
}

bool meets(const Box& box, const Series& series, const Frame& frame) {
  const bool joined = series.mark != Mark::points && series.mark != Mark::error_bars && series.mark != Mark::stems;
  const auto column_meets = [&](const std::vector<double>& y) {
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double x1 = frame.x(series.x[i]), y1 = frame.y(y[i]);
      if (box.holds(x1, y1)) return true;
      if (joined && i > 0 && meets(box, frame.x(series.x[i - 1]), frame.y(y[i - 1]), x1, y1)) return true;
      if (series.mark == Mark::stems && meets(box, x1, 0, x1, y1)) return true;
    }
    return false;
  };
  if (column_meets(series.y) || column_meets(series.lower) || column_meets(series.upper)) return true;
  for (std::size_t i = 0; i < series.lower.size(); ++i) {  // inside a band or an error bar
    const double x = frame.x(series.x[i]);
    if (meets(box, x, frame.y(series.lower[i]), x, frame.y(series.upper[i]))) return true;
  }
  return false;
}

bool meets(const Box& box, const Guide& guide, const Frame& frame) {
  if (const auto* line = std::get_if<HorizontalLine>(&guide.shape)) {
    return meets(box, 0, frame.y(line->y), 1, frame.y(line->y));
  }
  if (const auto* line = std::get_if<VerticalLine>(&guide.shape)) {
    return meets(box, frame.x(line->x), 0, frame.x(line->x), 1);
  }
  const auto& law = std::get<PowerLaw>(guide.shape);
  const Range x = frame.x_range_of();
  const auto y = [&](double at) { return frame.y(law.at_y * std::pow(at / law.at_x, law.exponent)); };
  return meets(box, 0, y(x.lower), 1, y(x.upper));
}

bool meets(const Box& box, const Annotation& note, const Frame& frame, FrameSize size) {
  const double width =
      static_cast<double>(letter_count(note.text.plain())) * style::letter_width * style::small_font_size / size.width;
  const double x = frame.x(note.x) - (note.anchor == Anchor::left    ? 0
                                      : note.anchor == Anchor::right ? width
                                                                     : width / 2);
  return meets(box, x, frame.y(note.y), x + width, frame.y(note.y));
}

bool is_free(const Box& box, const Panel& panel, FrameSize size) {
  const Frame frame(panel);
  const auto none = [](const auto& things, auto&& test) { return std::none_of(things.begin(), things.end(), test); };
  return none(panel.series, [&](const Series& s) { return meets(box, s, frame); }) &&
         none(panel.guides, [&](const Guide& g) { return meets(box, g, frame); }) &&
         none(panel.annotations, [&](const Annotation& a) { return meets(box, a, frame, size); });
}

double label_width(const Text& label) {
  double letters = 0;
  for (const Run& run : label.runs()) {
    const bool is_small = run.face == Face::raised || run.face == Face::lowered;
    letters += static_cast<double>(letter_count(run.text)) * (is_small ? 0.8 : 1);
  }
  return letters * style::letter_width * style::small_font_size;
}

}  // namespace

std::vector<Text> legend_labels(const Panel& panel) {
  std::vector<Text> labels;
  const auto see = [&](const auto& thing) {
    if (!thing.label.empty()) labels.push_back(thing.label);
  };
  for (const Series& series : panel.series) see(series);
  for (const Guide& guide : panel.guides) see(guide);
  return labels;
}

Legend placed_legend(const Panel& panel, FrameSize frame) {
  const std::vector<Text> labels = legend_labels(panel);
  if (labels.empty()) return Legend::none;
  if (panel.legend != Legend::automatic) return panel.legend;
  double longest = 0;
  for (const Text& label : labels) longest = std::max(longest, label_width(label));
  const double width = (style::legend_sample_width + style::legend_sample_gap + longest + padding) / frame.width;
  const double height = (static_cast<double>(labels.size()) * corner_row_height + padding) / frame.height;
  if (width > 0.9 || height > 0.9) return Legend::above;
  const struct {
    Legend place;
    Box box;
  } corners[] = {{Legend::top_right, {1 - width, 1, 1 - height, 1}},
                 {Legend::top_left, {0, width, 1 - height, 1}},
                 {Legend::bottom_left, {0, width, 0, height}},
                 {Legend::bottom_right, {1 - width, 1, 0, height}}};
  for (const auto& corner : corners) {
    if (is_free(corner.box, panel, frame)) return corner.place;
  }
  return Legend::above;
}

LegendFlow legend_flow(const Panel& panel, double width) {
  constexpr double between = 24;
  LegendFlow flow;
  double x = 0, y = row_height / 2;
  for (const Text& label : legend_labels(panel)) {
    const double entry = style::legend_sample_width + style::legend_sample_gap + label_width(label);
    if (x > 0 && x + entry > width) {
      x = 0;
      y += row_height;
    }
    flow.entries.push_back({x, y});
    x += entry + between;
  }
  flow.height = flow.entries.empty() ? 0 : y + row_height / 2;
  return flow;
}

}  // namespace nke::plots
