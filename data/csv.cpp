// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include <nke/data/atomic_file.hpp>
#include <nke/data/byte_source.hpp>
#include <nke/data/csv.hpp>
#include <nke/exact/real/error.hpp>

#include "text_lines.hpp"

namespace nke {
namespace {

constexpr char blanks = ' ';  // stands for any run of spaces and tabs

// The line with everything in quotes made quotes, so that separators and comments show only where they count. Quotes
// are rare: without one the line is its own mask.
std::string_view mask_quoted(std::string_view line, std::string& storage) {
  if (line.find('"') == std::string_view::npos) return line;
  storage.assign(line);
  bool inside = false;
  for (char& letter : storage) {
    if (letter == '"') inside = !inside;
    if (inside) letter = '"';
  }
  return storage;
}

char separator_of(std::string_view mask) {
  for (const char candidate : {';', ',', '\t'}) {
    if (mask.find(candidate) != std::string_view::npos) return candidate;
  }
  return blanks;
}

void split(std::string_view line, std::string_view mask, char separator, std::vector<std::string_view>& fields) {
  fields.clear();
  for (std::size_t from = 0;;) {
    if (separator == blanks) {
      from = mask.find_first_not_of(" \t", from);
      if (from == std::string_view::npos) return;
    }
    const std::size_t found = separator == blanks ? mask.find_first_of(" \t", from) : mask.find(separator, from);
    const std::size_t end = std::min(found, line.size());
    fields.push_back(trimmed(line.substr(from, end - from)));
    if (end == line.size()) return;
    from = end + 1;
  }
}

std::string unquoted(std::string_view name) {
  if (name.size() < 2 || !name.starts_with('"') || !name.ends_with('"')) return std::string(name);
  std::string text;
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    text += name[i];
    if (name[i] == '"' && name[i + 1] == '"' && i + 2 < name.size()) ++i;
  }
  return text;
}

// Is this first line a header? One number among names is a slip in one or the other, and silence would drop a row.
bool is_header(const LineReader& lines, const std::vector<std::string_view>& fields) {
  const auto is_number = [](std::string_view field) { return try_number(field).has_value(); };
  const auto numbers = std::count_if(fields.begin(), fields.end(), is_number);
  if (numbers == 0) return true;
  if (static_cast<std::size_t>(numbers) < fields.size()) {
    const auto odd = std::find_if_not(fields.begin(), fields.end(), is_number);
    const auto column = static_cast<std::size_t>(odd - fields.begin()) + 1;
    // number_in knows better what is wrong with a field that looks like a number.
    static_cast<void>(number_in(lines, column, *odd));
  }
  return false;
}

// The numbers of all rows, one after another.
struct Rows {
  std::vector<double> numbers;
  std::size_t width = 0;
  std::size_t count = 0;
};

void append_row(Rows& rows, const LineReader& lines, const std::vector<std::string_view>& fields) {
  if (fields.size() != rows.width) {
    lines.refuse("has " + std::to_string(fields.size()) + " fields, the lines before it have " +
                 std::to_string(rows.width));
  }
  for (std::size_t i = 0; i < fields.size(); ++i) rows.numbers.push_back(number_in(lines, i + 1, fields[i]));
  ++rows.count;
}

// In quotes if read_csv would take the bare name for something else.
void append_name(std::string& text, const std::string& name) {
  if (!name.empty() && name.find_first_of(" \t;,\"#") == std::string::npos && !try_number(name)) {
    text += name;
    return;
  }
  text += '"';
  for (const char letter : name) text.append(letter == '"' ? 2 : 1, letter);
  text += '"';
}

void append_number(std::string& text, double value) {
  std::array<char, 32> digits = {};  // the longest shortest double has 24 characters
  text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

std::string header_of(const std::filesystem::path& file, const std::vector<std::string>& columns) {
  std::string text;
  for (const std::string& name : columns) {
    if (name.find_first_of("\r\n") != std::string::npos) {
      throw DataError(file.string(), "cannot be written: the column name " + excerpt(name) + " has a line break");
    }
    if (!text.empty()) text += ',';
    append_name(text, name);
  }
  return text.empty() ? text : text + '\n';
}

}  // namespace

CsvTable read_csv(ByteSource& source, std::size_t limit) {
  LineReader lines(source);
  CsvTable table;
  Rows rows;
  std::vector<std::string_view> fields;
  std::string masked;
  char separator = blanks;
  bool first = true;
  while (limit == 0 || rows.count < limit) {
    const auto read = lines.next();
    if (!read) break;
    std::string_view mask = mask_quoted(*read, masked);
    mask = mask.substr(0, mask.find('#'));
    if (trimmed(mask).empty()) continue;
    if (first) separator = separator_of(mask);
    split(read->substr(0, mask.size()), mask, separator, fields);
    if (first) {
      first = false;
      rows.width = fields.size();
      if (is_header(lines, fields)) {
        for (const std::string_view field : fields) table.columns.push_back(unquoted(field));
        continue;
      }
    }
    append_row(rows, lines, fields);
  }
  table.values = Eigen::Map<const Matrix>(rows.numbers.data(), static_cast<Eigen::Index>(rows.count),
                                          static_cast<Eigen::Index>(rows.width));
  return table;
}

CsvTable read_csv(const std::filesystem::path& file, std::size_t limit) {
  return read_csv(*open_bytes(file), limit);
}

void write_csv(const std::filesystem::path& file, const Eigen::Ref<const Matrix>& values,
               const std::vector<std::string>& columns) {
  if (!columns.empty() && static_cast<Eigen::Index>(columns.size()) != values.cols()) {
    throw ShapeError(file.string() + ": " + std::to_string(columns.size()) + " names for " +
                     std::to_string(values.cols()) + " columns");
  }
  constexpr std::size_t block = 1U << 16U;
  AtomicFile out(file);
  std::string text = header_of(file, columns);
  for (Eigen::Index row = 0; row < values.rows(); ++row) {
    for (Eigen::Index column = 0; column < values.cols(); ++column) {
      const double value = values(row, column);
      if (!std::isfinite(value)) {
        throw DataError(file.string(), "cannot be written: row " + std::to_string(row + 1) + ", column " +
                                           std::to_string(column + 1) + " is not finite");
      }
      if (column > 0) text += ',';
      append_number(text, value);
    }
    text += '\n';
    if (text.size() >= block) {
      out.write(text);
      text.clear();
    }
  }
  out.write(text);
  out.commit();
}

}  // namespace nke
