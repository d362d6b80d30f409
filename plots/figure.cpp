// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>

#include <fmt/format.h>

#include <nke/exact/real/error.hpp>
#include <nke/plots/figure.hpp>

namespace nke::plots {

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double u, double v) { return u == v || (std::isnan(u) && std::isnan(v)); });
}

bool has_interval(Mark mark) {
  return mark == Mark::band || mark == Mark::error_bars;
}

/// The columns a mark draws, beside x.
std::vector<std::vector<double>*> columns(Series& series) {
  if (series.mark == Mark::band) return {&series.lower, &series.upper};
  if (series.mark == Mark::error_bars) return {&series.y, &series.lower, &series.upper};
  return {&series.y};
}

void check_shape(const Series& series, const std::string& where) {
  const std::size_t n = series.x.size();
  const auto check = [&](const std::vector<double>& column, const char* name, bool wanted) {
    const std::size_t size = wanted ? n : 0;
    if (column.size() == size) return;
    throw ShapeError(fmt::format("{}, series '{}': x has {} values and {} has {}{}", where, series.label.plain(), n,
                                 name, column.size(), wanted ? "" : ", where this mark has none"));
  };
  check(series.y, "y", series.mark != Mark::band);
  check(series.lower, "lower", has_interval(series.mark));
  check(series.upper, "upper", has_interval(series.mark));
}

bool fits(double value, Scale scale) {
  return std::isfinite(value) && (scale == Scale::linear || value > 0);
}

/// Makes a gap of every point that has no place; returns how many points lost theirs. Returns too how many are left.
struct Sieved {
  std::size_t dropped = 0, kept = 0;
};
Sieved sieve(Series& series, Scale x, Scale y) {
  Sieved count;
  const auto drawn = columns(series);
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    const bool is_gap = std::isnan(series.x[i]) ||
                        std::any_of(drawn.begin(), drawn.end(), [&](const auto* c) { return std::isnan((*c)[i]); });
    const bool is_drawable = fits(series.x[i], x) &&
                             std::all_of(drawn.begin(), drawn.end(), [&](const auto* c) { return fits((*c)[i], y); });
    if (is_drawable) {
      ++count.kept;
      continue;
    }
    if (!is_gap) ++count.dropped;
    for (auto* column : drawn) (*column)[i] = gap;
    if (!fits(series.x[i], x)) series.x[i] = gap;
  }
  return count;
}

void check_axis(const Axis& axis, const std::string& where) {
  if (!axis.range) return;
  const Range range = *axis.range;
  if (!std::isfinite(range.lower) || !std::isfinite(range.upper) || !(range.lower < range.upper)) {
    throw DomainError(fmt::format("{}: the range [{}, {}] is empty or not finite", where, range.lower, range.upper));
  }
  if (axis.scale == Scale::log && range.lower <= 0) {
    throw DomainError(fmt::format("{}: a logarithmic axis cannot begin at {}", where, range.lower));
  }
}

bool fits(const Guide& guide, const Panel& panel) {
  if (const auto* line = std::get_if<HorizontalLine>(&guide.shape)) return fits(line->y, panel.y.scale);
  if (const auto* line = std::get_if<VerticalLine>(&guide.shape)) return fits(line->x, panel.x.scale);
  const auto& law = std::get<PowerLaw>(guide.shape);
  return fits(law.at_x, Scale::log) && fits(law.at_y, panel.y.scale) && std::isfinite(law.exponent);
}

/// The hull of what was `seen`, with `air` of its width added at both ends.
class Extent {
 public:
  explicit Extent(Scale scale) : scale_(scale) {}
  void see(double value) {
    if (!fits(value, scale_)) return;
    lower_ = std::min(lower_, value);
    upper_ = std::max(upper_, value);
  }
  Range with_air(double air) const {
    if (lower_ > upper_) return scale_ == Scale::log ? Range{0.1, 10} : Range{-1, 1};
    const double narrowest = scale_ == Scale::log ? std::log(2.0) : std::max(1e-6 * std::abs(upper_), 1e-12);
    double low = to_axis(lower_), high = to_axis(upper_);
    if (high - low < narrowest) {
      const double half = scale_ == Scale::log ? narrowest : std::max(0.1 * std::abs(upper_), narrowest);
      const double middle = low + (high - low) / 2;
      low = middle - half;
      high = middle + half;
    }
    const double margin = air * (high - low);
    return {from_axis(low - margin), from_axis(high + margin)};
  }

 private:
  double to_axis(double value) const { return scale_ == Scale::log ? std::log(value) : value; }
  double from_axis(double value) const { return scale_ == Scale::log ? std::exp(value) : value; }
  Scale scale_;
  double lower_ = std::numeric_limits<double>::infinity();
  double upper_ = -std::numeric_limits<double>::infinity();
};

const char* name_of(Mark mark) {
  switch (mark) {
    case Mark::line: return "line";
    case Mark::points: return "points";
    case Mark::line_points: return "line and points";
    case Mark::band: return "band";
    case Mark::error_bars: return "error bars";
    case Mark::stems: return "stems";
    case Mark::steps: return "steps";
  }
  return "";
}

}  // namespace

bool Series::operator==(const Series& other) const {
  return label == other.label && mark == other.mark && ink == other.ink && same(x, other.x) && same(y, other.y) &&
         same(lower, other.lower) && same(upper, other.upper);
}

Drawable drawable(Figure figure) {
  const bool named = !figure.name.empty() && std::all_of(figure.name.begin(), figure.name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!named) {
    throw DomainError("the figure's name '" + printable(figure.name) +
                      "' must be of a-z, 0-9 and dashes: files bear it");
  }
  if (figure.panels.empty()) throw DomainError("figure '" + figure.name + "' has no panel");
  std::size_t dropped = 0;
  for (std::size_t p = 0; p < figure.panels.size(); ++p) {
    Panel& panel = figure.panels[p];
    const std::string where = fmt::format("figure '{}', panel {}", figure.name, p + 1);
    check_axis(panel.x, where + ", x axis");
    check_axis(panel.y, where + ", y axis");
    std::size_t kept = 0;
    for (Series& series : panel.series) {
      check_shape(series, where);
      const Sieved sieved = sieve(series, panel.x.scale, panel.y.scale);
      dropped += sieved.dropped;
      kept += sieved.kept;
    }
    dropped += std::erase_if(panel.guides, [&](const Guide& guide) { return !fits(guide, panel); });
    if (kept == 0 && panel.annotations.empty()) throw DomainError(where + ": none of its points can be drawn");
  }
  return {std::move(figure), dropped};
}

Range x_range(const Panel& panel) {
  if (panel.x.range) return *panel.x.range;
  Extent extent(panel.x.scale);
  bool lines_only = true;
  for (const Series& series : panel.series) {
    lines_only = lines_only && (series.mark == Mark::line || series.mark == Mark::band || series.mark == Mark::steps);
    for (const double x : series.x) extent.see(x);
  }
  return extent.with_air(lines_only ? 0 : 0.03);
}

Range y_range(const Panel& panel) {
  if (panel.y.range) return *panel.y.range;
  Extent extent(panel.y.scale);
  for (const Series& series : panel.series) {
    for (const auto* column : {&series.y, &series.lower, &series.upper}) {
      for (const double y : *column) extent.see(y);
    }
    if (series.mark == Mark::stems) extent.see(0);
  }
  for (const Guide& guide : panel.guides) {
    if (const auto* line = std::get_if<HorizontalLine>(&guide.shape)) extent.see(line->y);
  }
  return extent.with_air(0.05);
}

std::ostream& operator<<(std::ostream& out, const Figure& figure) {
  out << "figure " << figure.name << ": " << figure.title << '\n';
  for (const Panel& panel : figure.panels) {
    const Range x = x_range(panel), y = y_range(panel);
    out << fmt::format("  panel '{}': {} in [{:.4g}, {:.4g}]{}, {} in [{:.4g}, {:.4g}]{}\n", panel.title.plain(),
                       panel.x.label.plain(), x.lower, x.upper, panel.x.scale == Scale::log ? " (log)" : "",
                       panel.y.label.plain(), y.lower, y.upper, panel.y.scale == Scale::log ? " (log)" : "");
    for (const Series& series : panel.series) {
      out << fmt::format("    {} '{}', {} points\n", name_of(series.mark), series.label.plain(), series.x.size());
    }
    for (const Guide& guide : panel.guides) out << "    guide '" << guide.label << "'\n";
  }
  return out;
}

}  // namespace nke::plots
