// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <nke/exact/real/error.hpp>
#include <nke/plots/figures/common_axes.hpp>
#include <nke/plots/figures/spectrum_figure.hpp>
#include <nke/plots/ticks.hpp>

namespace nke::plots {

Figure spectrum_figure(const Spectrum& spectrum) {
  if (spectrum.coefficients.empty()) throw DomainError("a spectrum needs at least the coefficient h_0");
  const std::size_t count = spectrum.coefficients.size();
  Series even{.label = markup("*h*_{n}^{2}, *n* even"), .mark = Mark::points, .ink = 0};
  Series odd{.label = markup("*h*_{n}^{2}, *n* odd"), .mark = Mark::points, .ink = 1};
  for (std::size_t n = 0; n < count; ++n) {
    const double h = spectrum.coefficients[n];
    if (!(std::abs(h) > spectrum.coefficient_error)) continue;  // zero as far as anybody knows
    Series& parity = n % 2 == 0 ? even : odd;
    parity.x.push_back(static_cast<double>(n));
    parity.y.push_back(h * h);
  }
  Series tail{.label = markup("tail *T*_{n}"), .mark = Mark::steps, .ink = 2};
  tail.x.resize(count);
  tail.y.resize(count);
  double left = std::max(spectrum.tail, 0.0);
  for (std::size_t n = count; n-- > 0;) {
    tail.x[n] = static_cast<double>(n);
    tail.y[n] = left > spectrum.tail_error ? left : std::nan("");
    left += spectrum.coefficients[n] * spectrum.coefficients[n];
  }

  Panel panel{.x = {.label = markup("degree *n*")}, .y = {.scale = Scale::log}};
  panel.x.range = Range{-0.02 * static_cast<double>(count), 1.02 * static_cast<double>(count) - 1 + 0.5};
  for (Series* series : {&even, &odd, &tail}) {
    if (!std::all_of(series->y.begin(), series->y.end(), [](double y) { return std::isnan(y); }))
      panel.series.push_back(std::move(*series));
  }
  explain_if_empty(panel, "every coefficient vanishes");
  const Text caption = markup("Squared Hermite coefficients *h*_{n}^{2} of ") +
                       Text(shortened(spectrum.activation, 200)) + markup(" at variance ") +
                       tick_label(spectrum.variance) +
                       markup(
                           ", and what a series cut after degree *n* leaves out, *T*_{n} = E *σ*^{2} − Σ_{k≤n} "
                           "*h*_{k}^{2}. Coefficients that vanish are left out.");
  return {.name = "spectrum",
          .title = Text("Hermite spectrum of ") + Text(shortened(spectrum.activation, 21)),
          .panels = {panel},
          .width = Width::one_column,
          .caption = caption};
}

}  // namespace nke::plots
