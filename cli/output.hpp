// SPDX-License-Identifier: Apache-2.0
// What the commands print: aligned text for people, one JSON object for programs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <nke/exact/real/rational.hpp>

namespace nke::cli {

/// Prints to stdout; DataError when stdout cannot take it (a full disk must not end as success).
void print(std::string_view text);
void print_json(const nlohmann::ordered_json& value);

/// A JSON number when a double holds exactly the decimal the user wrote, otherwise text: "1/3",
/// "0.1000000000000000000001".
nlohmann::ordered_json json_of(const Rational& value);
/// A JSON number, or "inf", "-inf", "nan".
nlohmann::ordered_json json_number(double value);

/// `digits` significant digits, no trailing zeros: 0.5, 1.25e-07.
std::string number(double value, int digits = 6);
/// All 17 digits of a double: enough to read the same value back.
std::string exact_number(double value);

/// Columns aligned by display width (UTF-8 counts by characters); the first row is the head, ruled off below.
std::string aligned(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right_aligned);

/// `text` in lines of at most `width` columns, the later ones indented.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

/// Characters, not bytes.
std::size_t display_width(std::string_view text);

}  // namespace nke::cli
