// SPDX-License-Identifier: Apache-2.0
// The look of every figure, in one place: inks, type, sizes.
//
// Definition  Colours are those of Okabe and Ito, told apart by all common forms of colour blindness; each ink also
//             has a dash and a marker of its own, so a photocopy still reads. Lengths are CSS pixels (1/96 inch).
// Source      M. Okabe, K. Ito, "Color universal design", 2002 (revised 2008).
#pragma once

#include <array>
#include <string_view>

namespace nke::plots::style {

enum class Marker { disc, square, triangle, diamond, ring, open_square, open_triangle };

struct Ink {
  std::string_view colour;
  std::string_view dash;  // lengths on and off, in line widths; empty: solid
  Marker marker;
};

inline constexpr std::array<Ink, 7> inks = {{
    {"#0072B2", "", Marker::disc},                    // blue
    {"#D55E00", "9,4", Marker::square},               // vermilion
    {"#009E73", "9,3,2,3", Marker::triangle},         // bluish green
    {"#CC79A7", "3,3", Marker::diamond},              // reddish purple
    {"#E69F00", "14,4", Marker::ring},                // orange
    {"#56B4E9", "9,3,2,3,2,3", Marker::open_square},  // sky blue
    {"#000000", "2,2", Marker::open_triangle},
}};
constexpr const Ink& ink(int number) {
  return inks[static_cast<std::size_t>(number < 0 ? 0 : number) % inks.size()];
}

inline constexpr std::string_view paper = "#FFFFFF";
inline constexpr std::string_view text_colour = "#222222";
inline constexpr std::string_view frame_colour = "#555555";
inline constexpr std::string_view grid_colour = "#E4E4E4";
inline constexpr std::string_view guide_colour = "#8A8A8A";
inline constexpr double band_opacity = 0.22;

inline constexpr std::string_view font = "DejaVu Sans";
/// For readers without the font: families of much the same width come first.
inline constexpr std::string_view font_stack = "DejaVu Sans, Verdana, Geneva, Tahoma, sans-serif";
inline constexpr double font_size = 13;
inline constexpr double small_font_size = 11.5;  // ticks and legends
inline constexpr double letter_width = 0.6;      // of a typical letter, in font sizes: an estimate for layout

inline constexpr double line_width = 1.7;
inline constexpr double thin_line_width = 0.9;
inline constexpr double guide_line_width = 1.2;
inline constexpr double marker_size = 0.62;

inline constexpr double legend_sample_width = 26;
inline constexpr double legend_sample_gap = 7;

inline constexpr double one_column = 420;
inline constexpr double two_columns = 860;
inline constexpr double panel_height = 300;
inline constexpr double png_scale = 2;  // device pixels a CSS pixel

}  // namespace nke::plots::style
