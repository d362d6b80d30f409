// SPDX-License-Identifier: Apache-2.0
// Script: a figure in Gnuplot's language, as text and tables, before anybody runs Gnuplot.
//
// Definition  prologue, then for each panel its commands (the last one a `plot` of inline tables) and those tables in
//             order, then epilogue.
// Domain      A drawable figure. Every string of the figure goes through quoted(), the only place where text meets
//             Gnuplot's grammar: nothing a user wrote can end a string, start a command or be taken for markup.
#pragma once

#include <string>
#include <vector>

#include <nke/plots/figure.hpp>
#include <nke/plots/render.hpp>

namespace nke::plots {

using Rows = std::vector<std::vector<double>>;

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

/// `text` as a Gnuplot string in single quotes, with its faces in Gnuplot's own markup.
std::string quoted(const Text& text);

}  // namespace nke::plots
