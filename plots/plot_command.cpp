// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <nke/plots/plot_command.hpp>
#include <nke/plots/quoted.hpp>
#include <nke/plots/style.hpp>

namespace nke::plots {

namespace {

std::string dash(std::string_view lengths) {
  return lengths.empty() ? "dt solid" : fmt::format("dt ({})", lengths);
}

int point_type(style::Marker marker) {
  switch (marker) {
    case style::Marker::disc: return 7;
    case style::Marker::square: return 5;
    case style::Marker::triangle: return 9;
    case style::Marker::diamond: return 13;
    case style::Marker::ring: return 6;
    case style::Marker::open_square: return 4;
    case style::Marker::open_triangle: return 8;
  }
  return 7;
}

/// How a series is drawn; `in_legend` says how its sample in the legend is, where that differs.
std::string drawing(const Series& series, bool in_legend) {
  const style::Ink& ink = style::ink(series.ink);
  const std::string points = fmt::format("pt {} ps {}", point_type(ink.marker), style::marker_size);
  const std::string line = fmt::format("lw {} {}", style::line_width, dash(ink.dash));
  const std::string thin = fmt::format("lw {} dt solid", style::thin_line_width);
  const std::string in_ink = " lc " + colour(ink.colour);
  switch (series.mark) {
    case Mark::line: return "with lines " + line + in_ink;
    case Mark::steps:
      return fmt::format("with {} lw {} dt solid", in_legend ? "lines" : "steps", style::line_width) + in_ink;
    case Mark::points: return "with points " + points + in_ink;
    case Mark::line_points: return "with linespoints " + line + " " + points + in_ink;
    case Mark::stems: return (in_legend ? "with points " + points : "with impulses " + thin) + in_ink;
    case Mark::error_bars: return (in_legend ? "with points " : "with yerrorbars " + thin + " ") + points + in_ink;
    case Mark::band: break;
  }
  return fmt::format("with {} fs transparent solid {} noborder", in_legend ? "boxes" : "filledcurves",
                     style::band_opacity) +
         in_ink;
}

std::string drawing(const Guide& guide) {
  const char* lengths = std::holds_alternative<PowerLaw>(guide.shape)         ? "10,4"
                        : std::holds_alternative<HorizontalLine>(guide.shape) ? "5,3"
                                                                              : "2,3";
  return fmt::format("with lines lw {} {} lc {}", style::guide_line_width, dash(lengths), colour(style::guide_colour));
}

void add(PlotCommand& plot, const std::string& how, Rows rows) {
  const auto is_gap = [](const std::vector<double>& row) {
    return std::any_of(row.begin(), row.end(), [](double value) { return std::isnan(value); });
  };
  if (std::all_of(rows.begin(), rows.end(), is_gap)) return;  // Gnuplot refuses a table without a point
  plot.clauses += (plot.clauses.empty() ? "" : ", ") + ("'-' " + how + " notitle");
  plot.tables.push_back(std::move(rows));
}

Rows rows_of(std::initializer_list<const std::vector<double>*> columns) {
  Rows rows;
  for (std::size_t i = 0; i < (*columns.begin())->size(); ++i) {
    std::vector<double> row;
    for (const auto* column : columns) row.push_back((*column)[i]);
    rows.push_back(std::move(row));
  }
  return rows;
}

/// A band is drawn piece by piece: Gnuplot would fill across its gaps.
std::vector<Rows> pieces(const Series& band) {
  std::vector<Rows> found(1);
  for (auto& row : rows_of({&band.x, &band.lower, &band.upper})) {
    const bool is_gap = std::isnan(row[0]) || std::isnan(row[1]) || std::isnan(row[2]);
    if (!is_gap) {
      found.back().push_back(std::move(row));
    } else if (!found.back().empty()) {
      found.emplace_back();
    }
  }
  if (found.back().empty()) found.pop_back();
  return found;
}

void add_series(PlotCommand& plot, const Series& series) {
  const std::string how = drawing(series, false);
  switch (series.mark) {
    case Mark::band:
      for (Rows& piece : pieces(series)) add(plot, how, std::move(piece));
      break;
    case Mark::error_bars: add(plot, how, rows_of({&series.x, &series.y, &series.lower, &series.upper})); break;
    case Mark::stems:
      add(plot, how, rows_of({&series.x, &series.y}));
      add(plot, drawing(series, true), rows_of({&series.x, &series.y}));
      break;
    case Mark::line:
    case Mark::points:
    case Mark::line_points:
    case Mark::steps: add(plot, how, rows_of({&series.x, &series.y})); break;
  }
}

void add_guide(PlotCommand& plot, const Guide& guide, const Panel& panel) {
  const Range x = x_range(panel), y = y_range(panel);
  Rows rows;
  if (const auto* flat = std::get_if<HorizontalLine>(&guide.shape)) {
    rows = {{x.lower, flat->y}, {x.upper, flat->y}};
  } else if (const auto* upright = std::get_if<VerticalLine>(&guide.shape)) {
    rows = {{upright->x, y.lower}, {upright->x, y.upper}};
  } else {
    const auto& law = std::get<PowerLaw>(guide.shape);
    constexpr int samples = 65;  // a straight line on log-log axes, a smooth curve elsewhere
    for (int i = 0; i < samples; ++i) {
      const double t = static_cast<double>(i) / (samples - 1);
      const double at =
          panel.x.scale == Scale::log ? x.lower * std::pow(x.upper / x.lower, t) : x.lower + t * (x.upper - x.lower);
      rows.push_back({at, law.at_y * std::pow(at / law.at_x, law.exponent)});
    }
  }
  add(plot, drawing(guide), std::move(rows));
}

}  // namespace

std::string colour(std::string_view name) {
  return fmt::format("rgb '{}'", name);
}

PlotCommand plot_command(const Panel& panel) {
  PlotCommand plot;
  const auto depth = [](const Series& series) {
    return series.mark == Mark::band ? 0 : series.mark == Mark::stems ? 1 : 2;
  };
  for (const Guide& guide : panel.guides) add_guide(plot, guide, panel);
  for (int layer = 0; layer < 3; ++layer) {
    for (const Series& series : panel.series) {
      if (depth(series) == layer) add_series(plot, series);
    }
  }
  if (plot.clauses.empty())
    plot.clauses = "NaN notitle";  // an empty frame, which Gnuplot draws only when asked for something
  return plot;
}

PlotCommand legend_samples(const Panel& panel, const LegendFlow& flow) {
  PlotCommand plot;
  auto place = flow.entries.begin();
  for (const Series& series : panel.series) {
    if (series.label.empty()) continue;
    const double left = place->x, right = left + style::legend_sample_width, y = place->y;
    const double middle = (left + right) / 2;
    Series sample{.mark = series.mark, .x = {left, right}, .ink = series.ink};
    if (series.mark == Mark::band) {
      sample.lower = {y - 4, y - 4};
      sample.upper = {y + 4, y + 4};
    } else {
      sample.y = {y, y};
    }
    const bool has_points = series.mark != Mark::line && series.mark != Mark::steps && series.mark != Mark::band;
    if (series.mark == Mark::line_points) sample.mark = Mark::line;
    if (series.mark != Mark::points && series.mark != Mark::stems && series.mark != Mark::error_bars) {
      add_series(plot, sample);
    }
    if (has_points) add_series(plot, {.mark = Mark::points, .x = {middle}, .y = {y}, .ink = series.ink});
    ++place;
  }
  for (const Guide& guide : panel.guides) {
    if (guide.label.empty()) continue;
    add(plot, drawing(guide), {{place->x, place->y}, {place->x + style::legend_sample_width, place->y}});
    ++place;
  }
  return plot;
}

std::string legend_entries(const Panel& panel) {
  std::string entries;
  const auto add_entry = [&](const std::string& how, const Text& label) {
    if (!label.empty()) entries += (entries.empty() ? "" : ", ") + ("keyentry " + how + " title " + quoted(label));
  };
  for (const Series& series : panel.series) add_entry(drawing(series, true), series.label);
  for (const Guide& guide : panel.guides) add_entry(drawing(guide), guide.label);
  return entries;
}

}  // namespace nke::plots
