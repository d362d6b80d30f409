// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include <nke/exact/real/error.hpp>
#include <nke/plots/figures/activation_figure.hpp>

namespace nke::plots {

namespace {

using Kind = BreakMark::Kind;

/// The curve, with a gap at each of `cuts`: a sample that sits on a cut is taken out, so neither side is bent to it.
Series cut_curve(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& cuts) {
  constexpr double gap = std::numeric_limits<double>::quiet_NaN();
  Series curve{.mark = Mark::line};
  auto cut = cuts.begin();
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (; cut != cuts.end() && *cut <= x[i]; ++cut) {
      curve.x.push_back(*cut);
      curve.y.push_back(gap);
    }
    if (cut != cuts.begin() && *(cut - 1) == x[i]) continue;
    curve.x.push_back(x[i]);
    curve.y.push_back(y[i]);
  }
  return curve;
}

std::string names_of(const std::vector<BreakMark>& breakpoints) {
  const auto has = [&](Kind kind) {
    return std::any_of(breakpoints.begin(), breakpoints.end(), [&](const BreakMark& b) { return b.kind == kind; });
  };
  std::string names;
  const auto add = [&](Kind kind, const char* name) {
    if (has(kind)) names += (names.empty() ? "" : ", ") + std::string(name);
  };
  add(Kind::kink, "kink");
  add(Kind::jump, "jump");
  add(Kind::singular, "singular point");
  return names;
}

}  // namespace

Figure activation_figure(const ActivationCurves& curves) {
  if (curves.value.size() != curves.x.size() || curves.derivative.size() != curves.x.size()) {
    throw ShapeError("curves of an activation: x has " + std::to_string(curves.x.size()) + " values, σ " +
                     std::to_string(curves.value.size()) + " and σ' " + std::to_string(curves.derivative.size()));
  }
  std::vector<double> kinks, jumps, shown;
  for (const BreakMark& mark : curves.breakpoints) {
    kinks.push_back(mark.at);
    if (mark.kind != Kind::kink) jumps.push_back(mark.at);
    const bool inside = !curves.x.empty() && mark.at >= curves.x.front() && mark.at <= curves.x.back();
    if (inside) shown.push_back(mark.at);
  }
  std::sort(kinks.begin(), kinks.end());
  std::sort(jumps.begin(), jumps.end());

  Series value = cut_curve(curves.x, curves.value, jumps);
  value.label = markup("*σ*(*x*)");
  Series derivative = cut_curve(curves.x, curves.derivative, kinks);
  derivative.label = markup("*σ*′(*x*)");
  derivative.ink = 1;

  Panel panel{.x = {.label = italic("x")}, .series = {value, derivative}};
  panel.guides.push_back({HorizontalLine{0}, {}});
  for (const double at : shown) {
    panel.guides.push_back({VerticalLine{at}, at == shown.front() ? Text(names_of(curves.breakpoints)) : Text()});
  }
  Text caption = Text(shortened(curves.activation, 200)) + markup(": *σ* and its derivative *σ*′");
  caption +=
      curves.breakpoints.empty() ? Text("; no breakpoints.") : Text(", taken almost everywhere; breakpoints dotted.");
  return {.name = "activation",
          .title = Text(shortened(curves.activation, 22)) + Text(" and its derivative"),
          .panels = {panel},
          .width = Width::one_column,
          .caption = caption};
}

}  // namespace nke::plots
