// SPDX-License-Identifier: Apache-2.0
// Script: a figure in Gnuplot's language, as text and tables, before anybody runs Gnuplot.
//
// Definition  prologue, then for each panel its commands (the last one a `plot` of inline tables) and those tables in
//             order, then epilogue.
// Domain      A drawable figure. Every string of the figure goes through quoted().
#pragma once

#include <string>
#include <vector>

#include <nke/plots/figure.hpp>
#include <nke/plots/plot_command.hpp>
#include <nke/plots/render.hpp>

namespace nke::plots {

struct PanelScript {
  std::string commands;
  std::vector<Rows> tables;
};

struct Script {
  std::string prologue;
  std::vector<PanelScript> panels;
  std::string epilogue;
};

/// The script that draws `figure` into the file `output`.
Script gnuplot_script(const Figure& figure, Format format, const std::string& output);

}  // namespace nke::plots
