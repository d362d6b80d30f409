// SPDX-License-Identifier: Apache-2.0
// What Gnuplot's SVG needs before a reader sees it: a title of its own, fonts to fall back on, and, when several
// pictures share one page, names that do not clash.
//
// Domain      SVG as Gnuplot 5 and 6 write it; this is no general XML tool.
#pragma once

#include <string>
#include <string_view>

namespace nke::plots {

/// `svg` with `title` as its title, without the tooltips of single curves, with style.hpp's stack of fonts.
std::string finished_svg(std::string_view svg, std::string_view title);

/// The width an SVG gives itself, in CSS pixels; 0 if it gives none.
double svg_width(std::string_view svg);

/// `svg` as an element inside HTML: no XML prologue, every id and every reference to one begins with `prefix`, and
/// `label` is what a screen reader says.
std::string inlined_svg(std::string_view svg, std::string_view prefix, std::string_view label);

}  // namespace nke::plots
