// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>

#include <nke/plots/layout.hpp>
#include <nke/plots/legend.hpp>
#include <nke/plots/script.hpp>
#include <nke/plots/style.hpp>
#include <nke/plots/ticks.hpp>
#include <utility>

namespace nke::plots {

namespace {

/// Letters that mean something inside Gnuplot's enhanced text are said with a backslash; the quote that would end the
/// string is doubled. Commands in backquotes and macros are not expanded inside single quotes.
std::string escaped(const std::string& letters) {
  const std::string clean = printable(letters);
  std::string safe;
  for (std::size_t i = 0; i < clean.size(); ++i) {
    const char c = clean[i];
    if (c == '\'') {
      safe += "''";
    } else if (std::string_view("{}^_@&~\\").find(c) != std::string_view::npos) {
      safe += '\\';
      safe += c;
      if (c == '\\') safe += "{}";  // or \U+ would be read on as the number of a letter
    } else if (c == ' ' && (i == 0 || i + 1 == clean.size())) {
      safe += "\u00A0";  // SVG readers drop spaces at the ends of a run
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string colour(std::string_view name) {
  return fmt::format("rgb '{}'", name);
}
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

std::string line_style(const style::Ink& ink, double width) {
  return fmt::format("lw {} lc {} {}", width, colour(ink.colour), dash(ink.dash));
}
std::string point_style(const style::Ink& ink) {
  return fmt::format("pt {} ps {} lc {}", point_type(ink.marker), style::marker_size, colour(ink.colour));
}

/// Collects the parts of one `plot` command and the tables that follow it.
class PlotCommand {
 public:
  void add(const std::string& drawing, const Text& label, Rows rows) {
    add_clause("'-' " + drawing + (label.empty() ? " notitle" : " title " + quoted(label)));
    tables_.push_back(std::move(rows));
  }
  void add_legend_entry(const std::string& drawing, const Text& label) {
    add_clause("keyentry " + drawing + " title " + quoted(label));
  }
  const std::string& clauses() const { return clauses_; }
  std::vector<Rows>& tables() { return tables_; }

 private:
  void add_clause(const std::string& clause) { clauses_ += (clauses_.empty() ? "plot " : ", ") + clause; }
  std::string clauses_;
  std::vector<Rows> tables_;
};

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
  const style::Ink& ink = style::ink(series.ink);
  const std::string line = line_style(ink, style::line_width);
  const std::string points = point_style(ink);
  switch (series.mark) {
    case Mark::line: plot.add("with lines " + line, series.label, rows_of({&series.x, &series.y})); break;
    case Mark::steps: plot.add("with steps " + line, series.label, rows_of({&series.x, &series.y})); break;
    case Mark::points: plot.add("with points " + points, series.label, rows_of({&series.x, &series.y})); break;
    case Mark::line_points: {
      const std::string both = fmt::format("{} pt {} ps {}", line, point_type(ink.marker), style::marker_size);
      plot.add("with linespoints " + both, series.label, rows_of({&series.x, &series.y}));
      break;
    }
    case Mark::stems: {
      const std::string stem =
          fmt::format("with impulses lw {} lc {} dt solid", style::thin_line_width, colour(ink.colour));
      plot.add(stem, {}, rows_of({&series.x, &series.y}));
      plot.add("with points " + points, series.label, rows_of({&series.x, &series.y}));
      break;
    }
    case Mark::error_bars:
      plot.add(fmt::format("with yerrorbars lw {} {}", style::thin_line_width, points), series.label,
               rows_of({&series.x, &series.y, &series.lower, &series.upper}));
      break;
    case Mark::band: {
      const std::string fill = fmt::format("with filledcurves fs transparent solid {} noborder lc {}",
                                           style::band_opacity, colour(ink.colour));
      Text label = series.label;
      for (Rows& piece : pieces(series)) plot.add(fill, std::exchange(label, {}), std::move(piece));
      break;
    }
  }
}

std::string guide_style(const Guide& guide) {
  const char* lengths = std::holds_alternative<PowerLaw>(guide.shape)         ? "10,4"
                        : std::holds_alternative<HorizontalLine>(guide.shape) ? "5,3"
                                                                              : "2,3";
  return fmt::format("with lines lw {} lc {} {}", 1.3 * style::thin_line_width, colour(style::guide_colour),
                     dash(lengths));
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
  plot.add(guide_style(guide), {}, std::move(rows));
}

std::string axis_commands(char name, const Axis& axis, Range range, int wanted) {
  Text label = axis.label;
  if (!axis.unit.empty()) label += Text(" (" + axis.unit + ")");
  std::string places;
  for (const Tick& tick : ticks(axis, range, wanted)) {
    places += fmt::format("{}{} {:.17g} {}", places.empty() ? "" : ", ", quoted(tick.label), tick.at,
                          tick.label.empty() ? 1 : 0);
  }
  return fmt::format(
      "{2} logscale {0}\nset {0}range [{3:.17g}:{4:.17g}]\nset {0}tics ({5})\nset {0}label {1} offset {6}\n", name,
      quoted(label), axis.scale == Scale::log ? "set" : "unset", range.lower, range.upper, places,
      name == 'x' ? "0,0.3" : "0.4,0");
}

std::string key_commands(const Panel& panel, const PanelPlace& place, const Layout& sheet) {
  const std::string look =
      fmt::format("Left reverse samplen 2.4 spacing 1.15 font ',{{0}}' textcolor {}\n", colour(style::text_colour));
  switch (place.legend) {
    case Legend::automatic:
    case Legend::none: return "unset key\n";
    case Legend::top_right: return "set key at graph 0.985,0.975 right top vertical " + look;
    case Legend::top_left: return "set key at graph 0.015,0.975 left top vertical " + look;
    case Legend::bottom_left: return "set key at graph 0.015,0.025 left bottom vertical " + look;
    case Legend::bottom_right: return "set key at graph 0.985,0.025 right bottom vertical " + look;
    case Legend::above: break;
  }
  const FrameSize frame{place.right - place.left, place.bottom - place.top};
  const auto box = legend_box(panel);
  const int rows = rows_above(box, frame);
  return fmt::format("set key at screen {:.6f},{:.6f} left top horizontal maxrows {} maxcols {} ",
                     place.left / sheet.width, 1 - place.legend_y / sheet.height, rows,
                     (static_cast<int>(box.entries) + rows - 1) / rows) +
         look;
}

/// Font sizes are in CSS pixels; Gnuplot's cairo terminals count points.
double font_unit(Format format) {
  return format == Format::svg ? 1 : 0.75;
}

std::string label_command(const Text& text, double x, double y, const Layout& sheet, double size) {
  return fmt::format("set label {} at screen {:.6f},{:.6f} left font ',{}' textcolor {}\n", quoted(text),
                     x / sheet.width, 1 - y / sheet.height, size, colour(style::text_colour));
}

Text bold(const Text& text) {
  Text heavy;
  for (const Run& run : text.runs()) heavy += Text(run.text, run.face == Face::upright ? Face::bold : run.face);
  return heavy;
}

/// So many letters fit into `width`; titles are cut rather than run out of the picture.
Text cut_to(const Text& text, double width) {
  const auto letters = static_cast<std::size_t>(width / (style::letter_width * style::font_size));
  if (letter_count(text.plain()) <= letters) return text;
  Text kept;
  std::size_t left = letters;
  for (const Run& run : text.runs()) {
    if (left == 0) break;
    const std::string part = shortened(run.text, left);
    left -= std::min(left, letter_count(run.text));
    kept += Text(part, run.face);
  }
  return kept;
}

std::string frame_commands(const PanelPlace& place, const Layout& sheet) {
  return fmt::format(
      "set lmargin at screen {:.6f}\nset rmargin at screen {:.6f}\nset tmargin at screen {:.6f}\nset bmargin at screen "
      "{:.6f}\n",
      place.left / sheet.width, place.right / sheet.width, 1 - place.top / sheet.height,
      1 - place.bottom / sheet.height);
}

PanelScript panel_script(const Panel& panel, const PanelPlace& place, const Layout& sheet, double unit) {
  PanelScript script;
  script.commands = "unset label\n" + frame_commands(place, sheet);
  script.commands += axis_commands('x', panel.x, x_range(panel), static_cast<int>((place.right - place.left) / 60));
  script.commands += axis_commands('y', panel.y, y_range(panel), 6);
  const std::string small = fmt::format("{:.4g}", style::small_font_size * unit);
  script.commands += fmt::format(fmt::runtime(key_commands(panel, place, sheet)), small);
  if (!panel.title.empty()) {
    const Text title = cut_to(panel.title, place.right - place.left);
    script.commands += label_command(title, place.left, place.title_y, sheet, style::font_size * unit);
  }
  for (const Annotation& note : panel.annotations) {
    const char* side = note.anchor == Anchor::left ? "left" : note.anchor == Anchor::right ? "right" : "center";
    script.commands += fmt::format("set label {} at first {:.17g},{:.17g} {} front font ',{}' textcolor {}\n",
                                   quoted(note.text), note.x, note.y, side, small, colour(style::text_colour));
  }
  PlotCommand plot;
  for (const Guide& guide : panel.guides) add_guide(plot, guide, panel);
  for (const Mark first : {Mark::band, Mark::stems}) {  // areas lie under lines
    for (const Series& series : panel.series) {
      if (series.mark == first) add_series(plot, series);
    }
  }
  for (const Series& series : panel.series) {
    if (series.mark != Mark::band && series.mark != Mark::stems) add_series(plot, series);
  }
  for (const Guide& guide : panel.guides) {
    if (!guide.label.empty()) plot.add_legend_entry(guide_style(guide), guide.label);
  }
  script.commands += plot.clauses() + "\n";
  script.tables = std::move(plot.tables());
  return script;
}

std::string terminal(const Layout& sheet, Format format) {
  const double size = style::font_size * font_unit(format);
  const std::string look =
      fmt::format("enhanced font '{},{:.4g}' background {}", style::font, size, colour(style::paper));
  switch (format) {
    case Format::svg: return fmt::format("svg size {:.0f},{:.0f} fixed {}", sheet.width, sheet.height, look);
    case Format::png:
      return fmt::format("pngcairo size {:.0f},{:.0f} fontscale {} linewidth {} pointscale {} {}",
                         sheet.width * style::png_scale, sheet.height * style::png_scale, style::png_scale,
                         style::png_scale, style::png_scale, look);
    case Format::pdf:
      return fmt::format("pdfcairo size {:.4f}in,{:.4f}in fontscale 1 {}", sheet.width / 96, sheet.height / 96, look);
  }
  return {};
}

}  // namespace

std::string quoted(const Text& text) {
  std::string inner;
  for (const Run& run : text.runs()) {
    const std::string letters = escaped(run.text);
    switch (run.face) {
      case Face::upright:
      case Face::code: inner += letters; break;  // a second family of letters would only be noise in a figure
      case Face::italic: inner += "{/:Italic " + letters + "}"; break;
      case Face::bold: inner += "{/:Bold " + letters + "}"; break;
      case Face::raised: inner += "^{" + letters + "}"; break;
      case Face::lowered: inner += "_{" + letters + "}"; break;
    }
  }
  return "'" + inner + "'";
}

Script gnuplot_script(const Figure& figure, Format format, const std::string& output) {
  const Layout sheet = layout(figure);
  const double unit = font_unit(format);
  Script script;
  std::string out;
  for (const char c : output) out += c == '\'' ? "''" : std::string(1, c);
  script.prologue = fmt::format(
      "set encoding utf8\nset terminal {}\nset output '{}'\nset multiplot\nset border 3 lc {} lw {}\nset tics nomirror "
      "out "
      "scale 0.6,0.3 font ',{:.4g}' textcolor {}\nset grid xtics ytics back lc {} lw 0.7 dt solid\n",
      terminal(sheet, format), out, colour(style::frame_colour), style::thin_line_width, style::small_font_size * unit,
      colour(style::text_colour), colour(style::grid_colour));
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    script.panels.push_back(panel_script(figure.panels[i], sheet.panels[i], sheet, unit));
  }
  if (!figure.title.empty()) {
    const double left = sheet.panels.front().left;
    const Text title = bold(cut_to(figure.title, (sheet.width - left) * 0.9));
    std::string& first = script.panels.front().commands;
    first.insert(first.find('\n') + 1, label_command(title, left, sheet.title_y, sheet, style::font_size * unit));
  }
  script.epilogue = "unset multiplot\nset output\n";
  return script;
}

}  // namespace nke::plots
