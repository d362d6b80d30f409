// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include <nke/data/atomic_file.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/verify/table.hpp>

#include "table_json.hpp"

namespace nke {
namespace {

std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string text = "\"";
  for (const char c : field) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + '"';
}

// A comment ends with its line, so a value cannot smuggle a line of its own into the data.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

void append_line(std::string& text, const std::vector<std::string>& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text += ',';
    text += quoted(fields[i]);
  }
  text += '\n';
}

}  // namespace

Table::Table(std::string name, std::string title, std::vector<Column> columns)
    : name_(std::move(name)), title_(std::move(title)), columns_(std::move(columns)) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (index_of(columns_[i].name) != i) {
      throw DomainError("table " + name_ + " names column " + columns_[i].name + " twice");
    }
  }
}

void Table::add_row(std::vector<Cell> cells) {
  if (cells.size() != columns_.size()) {
    throw ShapeError("table " + name_ + " has " + std::to_string(columns_.size()) + " columns; the row has " +
                     std::to_string(cells.size()) + " cells");
  }
  rows_.push_back(std::move(cells));
}

std::size_t Table::index_of(std::string_view column) const {
  const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const Column& c) { return c.name == column; });
  if (found == columns_.end()) throw DomainError("table " + name_ + " has no column " + std::string(column));
  return static_cast<std::size_t>(found - columns_.begin());
}

std::vector<double> Table::numbers(std::string_view column) const {
  const std::size_t index = index_of(column);
  std::vector<double> values;
  values.reserve(rows_.size());
  for (const auto& row : rows_) {
    const Cell& cell = row[index];
    if (const auto* real = std::get_if<double>(&cell)) {
      values.push_back(*real);
    } else if (const auto* integer = std::get_if<std::int64_t>(&cell)) {
      values.push_back(static_cast<double>(*integer));
    } else {
      values.push_back(std::numeric_limits<double>::quiet_NaN());
    }
  }
  return values;
}

std::string to_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

std::string to_text(const Cell& cell) {
  if (const auto* real = std::get_if<double>(&cell)) return to_text(*real);
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return std::to_string(*integer);
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  return "";
}

std::string to_csv(const Table& table) {
  std::string text = "# ";
  text.append(one_line(table.title())).append("\n");
  for (const auto& [key, value] : table.provenance()) {
    text.append("# ").append(one_line(key)).append(": ").append(one_line(value)).append("\n");
  }
  std::vector<std::string> header;
  for (const Column& column : table.columns()) {
    text.append("# column ").append(column.name);
    if (!column.unit.empty()) text.append(" [").append(column.unit).append("]");
    text.append(": ").append(one_line(column.meaning)).append("\n");
    header.push_back(column.name);
  }
  append_line(text, header);
  for (const auto& row : table.rows()) {
    std::vector<std::string> fields;
    for (const Cell& cell : row) fields.push_back(to_text(cell));
    append_line(text, fields);
  }
  return text;
}

nlohmann::ordered_json json_of(double value) {
  if (!std::isfinite(value)) return to_text(value);
  return value;
}

nlohmann::ordered_json json_of(const Cell& cell) {
  if (const auto* real = std::get_if<double>(&cell)) return json_of(*real);
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return *integer;
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  return nullptr;
}

nlohmann::ordered_json json_of(const Provenance& provenance) {
  auto object = nlohmann::ordered_json::object();
  for (const auto& [key, value] : provenance) object[key] = value;
  return object;
}

nlohmann::ordered_json json_of(const Table& table) {
  auto columns = nlohmann::ordered_json::array();
  for (const Column& column : table.columns()) {
    columns.push_back({{"name", column.name}, {"unit", column.unit}, {"meaning", column.meaning}});
  }
  auto rows = nlohmann::ordered_json::array();
  for (const auto& row : table.rows()) {
    auto cells = nlohmann::ordered_json::array();
    for (const Cell& cell : row) cells.push_back(json_of(cell));
    rows.push_back(std::move(cells));
  }
  nlohmann::ordered_json object;
  object["name"] = table.name();
  object["title"] = table.title();
  object["provenance"] = json_of(table.provenance());
  object["columns"] = std::move(columns);
  object["rows"] = std::move(rows);
  return object;
}

std::string dump(const nlohmann::ordered_json& value, int indent) {
  // A text that is not UTF-8 (a path the user gave) becomes readable instead of an exception.
  return value.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string to_json(const Table& table) {
  return dump(json_of(table), 1);
}

void write_csv(const Table& table, const std::filesystem::path& folder) {
  write_file_atomically(folder / (table.name() + ".csv"), to_csv(table));
}

}  // namespace nke
