// SPDX-License-Identifier: Apache-2.0
// render: a Figure becomes a picture.
//
// Definition  SVG for the page, PNG for everybody, PDF for LaTeX; the same figure gives the same SVG and PNG bytes.
// Domain      Any Figure that drawable() accepts. Needs the program gnuplot at run time (found in PATH).
// Degenerate  Gnuplot missing, failing, or leaving half a picture: nke::Error saying which, what Gnuplot said, and
//             what to install. Nothing is left under the final name.
// Cost        One run of gnuplot, about a tenth of a second.
#pragma once

#include <filesystem>
#include <string>

#include <nke/plots/figure.hpp>

namespace nke::plots {

enum class Format { svg, png, pdf };

/// The bytes of the picture.
std::string render(const Figure& figure, Format format);

/// Writes the picture, whole or not at all; the extension (.svg .png .pdf) says in which format.
void write_figure(const Figure& figure, const std::filesystem::path& file);

}  // namespace nke::plots
