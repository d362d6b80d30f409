// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>

#include <nke/exact/real/error.hpp>
#include <nke/plots/figures/dual_figure.hpp>
#include <nke/plots/ticks.hpp>

namespace nke::plots {

namespace {

std::vector<double> divided(std::vector<double> values, double by) {
  for (double& value : values) value /= by;
  return values;
}

}  // namespace

Figure dual_figure(const DualCurves& curves) {
  const std::size_t n = curves.rho.size();
  if (n == 0 || curves.kappa.size() != n || curves.kappa_dot.size() != n) {
    throw ShapeError(fmt::format("curves of a dual: rho has {} values, kappa {} and kappa_dot {}", n,
                                 curves.kappa.size(), curves.kappa_dot.size()));
  }
  if (curves.rho.back() != 1) {
    throw DomainError(
        fmt::format("curves of a dual end at rho = 1, where they are compared; not at {}", curves.rho.back()));
  }
  const double kappa_one = curves.kappa.back(), dot_one = curves.kappa_dot.back();
  const auto can_divide = [](double value) { return std::isfinite(value) && value > 0; };
  const bool relative = can_divide(kappa_one) && can_divide(dot_one);

  Series value{.x = curves.rho, .ink = 0};
  Series derivative{.x = curves.rho, .ink = 1};
  if (relative) {
    value.y = divided(curves.kappa, kappa_one);
    derivative.y = divided(curves.kappa_dot, dot_one);
    value.label = markup("*K*(*ρ*)/*K*(1)");
    derivative.label = markup("*K̇*(*ρ*)/*K̇*(1)");
  } else {
    value.y = curves.kappa;
    derivative.y = curves.kappa_dot;
    value.label = markup("*K*(1,1,*ρ*)");
    derivative.label = markup("*K̇*(1,1,*ρ*)");
  }
  Panel panel{.x = {.label = markup("correlation *ρ*"), .range = Range{curves.rho.front(), 1}},
              .series = {value, derivative}};
  panel.guides.push_back({HorizontalLine{0}, {}});
  Text caption = markup("The dual activation *K*(1,1,*ρ*) and the derivative dual *K̇*(1,1,*ρ*) of ") +
                 Text(shortened(curves.activation, 200));
  if (relative) {
    caption += markup(", each divided by its value at *ρ* = 1: *K*(1,1,1) = ") + tick_label(kappa_one) +
               markup(", *K̇*(1,1,1) = ") + tick_label(dot_one);
  }
  return {.name = "dual",
          .title = Text("Dual of ") + Text(shortened(curves.activation, 32)),
          .panels = {panel},
          .width = Width::one_column,
          .caption = caption + Text(".")};
}

}  // namespace nke::plots
