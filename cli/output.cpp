// SPDX-License-Identifier: Apache-2.0
#include "output.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <nke/exact/real/error.hpp>
#include <nke/verify/table.hpp>

namespace nke::cli {

void print(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!written) throw DataError("standard output", "cannot be written to");
}

void print_json(const nlohmann::ordered_json& value) {
  print(value.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n');
}

nlohmann::ordered_json json_of(const Rational& value) {
  const double nearest = value.to_double();
  if (std::isfinite(nearest) && Rational::parse(to_text(nearest)) == value) return nearest;
  return value.to_string();
}

nlohmann::ordered_json json_number(double value) {
  if (!std::isfinite(value)) return to_text(value);
  return value;
}

std::string number(double value, int digits) {
  return fmt::format("{:.{}g}", value, digits);
}

std::string exact_number(double value) {
  return fmt::format("{:.17g}", value);
}

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // continuation bytes take no room
  }));
}

std::string aligned(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right_aligned) {
  std::vector<std::size_t> widths(right_aligned.size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      const std::string pad(widths[i] - display_width(rows[r][i]), ' ');
      line += (i == 0 ? "" : "  ") + (right_aligned[i] ? pad + rows[r][i] : rows[r][i] + pad);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
    if (r == 0) {
      std::string rule;
      for (std::size_t i = 0; i < widths.size(); ++i) rule += (i == 0 ? "" : "  ") + std::string(widths[i], '-');
      text += rule + '\n';
    }
  }
  return text;
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string result;
  std::size_t column = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    if (column > 0 && column + 1 + display_width(word) > width) {
      result += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > 0) {
      result += ' ';
      ++column;
    }
    result += word;
    column += display_width(word);
    begin = end + 1;
  }
  return result;
}

}  // namespace nke::cli
