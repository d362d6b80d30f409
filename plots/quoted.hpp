// SPDX-License-Identifier: Apache-2.0
// The only place where text meets Gnuplot's grammar.
//
// Definition  quoted(text) is one string literal of Gnuplot in single quotes, its faces said in Gnuplot's own markup.
// Domain      Any text. Nothing a user wrote can end the string, start a command or be taken for markup.
#pragma once

#include <string>

#include <nke/plots/text.hpp>

namespace nke::plots {

std::string quoted(const Text& text);

}  // namespace nke::plots
