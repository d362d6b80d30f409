// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <nke/plots/layout.hpp>
#include <nke/plots/legend.hpp>
#include <nke/plots/plot_command.hpp>
#include <nke/plots/quoted.hpp>
#include <nke/plots/script.hpp>
#include <nke/plots/style.hpp>
#include <nke/plots/ticks.hpp>

namespace nke::plots {

namespace {

/// Where Gnuplot's terminals measure differently: letters in CSS pixels or in points, ticks' labels lower or higher.
struct Medium {
  double font_unit;
  double tick_lift;  // in letters
};
Medium medium(Format format) {
  return format == Format::svg ? Medium{1, 0.65} : Medium{0.75, 0.3};
}

Text with_unit(const Axis& axis) {
  return axis.unit.empty() ? axis.label : axis.label + Text(" (" + axis.unit + ")");
}

std::string axis_commands(char name, const Axis& axis, Range range, int wanted, Medium on) {
  std::string places;
  for (const Tick& tick : ticks(axis, range, wanted)) {
    places += fmt::format("{}{} {:.17g} {}", places.empty() ? "" : ", ", quoted(tick.label), tick.at,
                          tick.label.empty() ? 1 : 0);
  }
  return fmt::format(
      "{} logscale {}\nset {}range [{:.17g}:{:.17g}]\nset {}tics nomirror out scale 0.6,0.3 {} font ',{:.4g}' "
      "textcolor {} "
      "({})\n",
      axis.scale == Scale::log ? "set" : "unset", name, name, range.lower, range.upper, name,
      name == 'x' ? fmt::format("offset 0,{}", on.tick_lift) : "offset 0.3,0", style::small_font_size * on.font_unit,
      colour(style::text_colour), places);
}

std::string frame_commands(const PanelPlace& place, const Layout& sheet) {
  return fmt::format(
      "set lmargin at screen {:.6f}\nset rmargin at screen {:.6f}\nset tmargin at screen {:.6f}\nset bmargin at screen "
      "{:.6f}\n",
      place.left / sheet.width, place.right / sheet.width, 1 - place.top / sheet.height,
      1 - place.bottom / sheet.height);
}

std::string key_commands(const PanelPlace& place, double font_size) {
  const std::string look = fmt::format("Left reverse samplen 2.4 spacing 1.15 font ',{:.4g}' textcolor {}\n", font_size,
                                       colour(style::text_colour));
  switch (place.legend) {
    case Legend::automatic:
    case Legend::none:
    case Legend::above: break;
    case Legend::top_right: return "set key at graph 0.985,0.975 right top vertical " + look;
    case Legend::top_left: return "set key at graph 0.015,0.975 left top vertical " + look;
    case Legend::bottom_left: return "set key at graph 0.015,0.025 left bottom vertical " + look;
    case Legend::bottom_right: return "set key at graph 0.985,0.025 right bottom vertical " + look;
  }
  return "unset key\n";
}

std::string label_command(const Text& text, double x, double y, const Layout& sheet, double size,
                          std::string_view placing = "left") {
  return fmt::format("set label {} at screen {:.6f},{:.6f} {} font ',{:.4g}' textcolor {}\n", quoted(text),
                     x / sheet.width, 1 - y / sheet.height, placing, size, colour(style::text_colour));
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

/// A legend above its panel is a plot of its own, in pixels: Gnuplot's own legend keeps to the width of one panel.
PanelScript legend_script(const Panel& panel, const PanelPlace& place, const Layout& sheet, double font_size) {
  const LegendFlow flow = legend_flow(panel, place.legend_width);
  PlotCommand samples = legend_samples(panel, flow);
  PanelScript script;
  script.commands = "unset label\nunset border\nunset xtics\nunset ytics\nunset logscale\nunset key\n";
  constexpr double air = 4;  // or the ends of the samples would be clipped
  script.commands += fmt::format("set xrange [{}:{}]\nset yrange [{}:0]\n", -air, place.legend_width, flow.height);
  script.commands += frame_commands({.left = place.left - air,
                                     .right = place.left + place.legend_width,
                                     .top = place.legend_y,
                                     .bottom = place.legend_y + flow.height},
                                    sheet);
  const std::vector<Text> labels = legend_labels(panel);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double x = place.left + flow.entries[i].x + style::legend_sample_width + style::legend_sample_gap;
    script.commands += label_command(labels[i], x, place.legend_y + flow.entries[i].y, sheet, font_size);
  }
  script.commands += "plot " + samples.clauses + "\n";
  script.tables = std::move(samples.tables);
  return script;
}

PanelScript panel_script(const Panel& panel, const PanelPlace& place, const Layout& sheet, Medium on) {
  PanelScript script;
  script.commands = "unset label\n" + frame_commands(place, sheet);
  const double small = style::small_font_size * on.font_unit;
  script.commands += fmt::format("set border 3 lc {} lw {}\n", colour(style::frame_colour), style::thin_line_width);
  script.commands += axis_commands('x', panel.x, x_range(panel), static_cast<int>((place.right - place.left) / 60), on);
  script.commands += axis_commands('y', panel.y, y_range(panel), 6, on);
  script.commands += key_commands(place, small);
  const double size = style::font_size * on.font_unit;
  if (!panel.title.empty()) {
    const Text title = cut_to(panel.title, place.right - place.left);
    script.commands += label_command(title, place.left, place.title_y, sheet, size);
  }
  script.commands +=
      label_command(with_unit(panel.x), (place.left + place.right) / 2, place.x_label_y, sheet, size, "center");
  script.commands += label_command(with_unit(panel.y), place.y_label_x, (place.top + place.bottom) / 2, sheet, size,
                                   "center rotate by 90");
  for (const Annotation& note : panel.annotations) {
    const char* side = note.anchor == Anchor::left ? "left" : note.anchor == Anchor::right ? "right" : "center";
    script.commands += fmt::format("set label {} at first {:.17g},{:.17g} {} front font ',{:.4g}' textcolor {}\n",
                                   quoted(note.text), note.x, note.y, side, small, colour(style::text_colour));
  }
  PlotCommand plot = plot_command(panel);
  const std::string entries = place.legend == Legend::above ? "" : legend_entries(panel);
  script.commands += "plot " + plot.clauses + (entries.empty() ? "" : ", " + entries) + "\n";
  script.tables = std::move(plot.tables);
  return script;
}

std::string terminal(const Layout& sheet, Format format) {
  const double size = style::font_size * medium(format).font_unit;
  const std::string look =
      fmt::format("enhanced font '{},{:.4g}' background {}", style::font, size, colour(style::paper));
  switch (format) {
    case Format::svg: return fmt::format("svg size {:.0f},{:.0f} fixed {}", sheet.width, sheet.height, look);
    case Format::png:
      return fmt::format("pngcairo size {:.0f},{:.0f} fontscale {} linewidth {} pointscale {} {}",
                         sheet.width * style::png_scale, sheet.height * style::png_scale, style::png_scale,
                         style::png_scale, style::png_scale, look);
    case Format::pdf:
      // Gnuplot counts a PDF's letters and lines in units of its own.
      return fmt::format("pdfcairo size {:.4f}in,{:.4f}in fontscale 0.75 linewidth 1.6 pointscale 0.75 {}",
                         sheet.width / 96, sheet.height / 96, look);
  }
  return {};
}

}  // namespace

Script gnuplot_script(const Figure& figure, Format format, const std::string& output) {
  const Layout sheet = layout(figure);
  const Medium on = medium(format);
  Script script;
  std::string out;
  for (const char c : output) out += c == '\'' ? "''" : std::string(1, c);
  script.prologue = fmt::format(
      "set encoding utf8\nset terminal {}\nset output '{}'\nset multiplot\nset grid xtics ytics back lt 1 lc {} lw 0.8 "
      "dt solid\n",
      terminal(sheet, format), out, colour(style::grid_colour));
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    const Panel& panel = figure.panels[i];
    const PanelPlace& place = sheet.panels[i];
    if (place.legend == Legend::above) {
      script.panels.push_back(legend_script(panel, place, sheet, style::small_font_size * on.font_unit));
    }
    script.panels.push_back(panel_script(panel, place, sheet, on));
  }
  if (!figure.title.empty()) {
    const double left = sheet.panels.front().left;
    const Text title = bold(cut_to(figure.title, (sheet.width - left) * 0.9));
    std::string& last = script.panels.back().commands;
    last.insert(last.find('\n') + 1, label_command(title, left, sheet.title_y, sheet, style::font_size * on.font_unit));
  }
  script.epilogue = "unset multiplot\nset output\n";
  return script;
}

}  // namespace nke::plots
