// SPDX-License-Identifier: Apache-2.0
// What one panel draws, as Gnuplot's `plot` with its tables, and what its legend says.
//
// Definition  Guides lie under bands, bands under stems, stems under lines and points; within each, the order of the
//             panel. The legend keeps the panel's order, series before guides, whatever lies on top of what.
// Domain      A drawable panel.
#pragma once

#include <string>
#include <vector>

#include <nke/plots/figure.hpp>
#include <nke/plots/legend.hpp>

namespace nke::plots {

using Rows = std::vector<std::vector<double>>;

struct PlotCommand {
  std::string clauses;       // "'-' with lines …, '-' with points …", each without a title
  std::vector<Rows> tables;  // one for each '-'
};

PlotCommand plot_command(const Panel& panel);

/// "keyentry with lines … title '…', …"; empty if nothing has a label.
std::string legend_entries(const Panel& panel);

/// The samples of a legend above its panel, in pixels from its top left.
PlotCommand legend_samples(const Panel& panel, const LegendFlow& flow);

/// "rgb '#0072B2'"
std::string colour(std::string_view name);

}  // namespace nke::plots
