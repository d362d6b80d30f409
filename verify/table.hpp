// SPDX-License-Identifier: Apache-2.0
// A table of results that can say what its numbers are: columns with a unit and a meaning, and where it all came from.
//
// The same Table goes to the screen, to CSV, to JSON and into a figure, so no two of them can disagree.
// Degenerate  a missing cell is std::monostate: empty in CSV, null in JSON. NaN and infinities are "nan", "inf",
//             "-inf" in both (JSON has no such numbers, so there they are strings).
// Error       none: doubles are printed with the fewest digits that read back as the same double.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace nke {

/// "made by", "seed", "data", … in the order they are to be read.
using Provenance = std::vector<std::pair<std::string, std::string>>;

using Cell = std::variant<std::monostate, double, std::int64_t, std::string>;

struct Column {
  std::string name;     // one word, snake_case: a key for programs
  std::string unit;     // "", "features", "relative", …
  std::string meaning;  // one line for people
};

class Table {
 public:
  Table() = default;
  /// `name` is a file name without its ending; `title` one line for people. Column names are distinct.
  Table(std::string name, std::string title, std::vector<Column> columns);

  /// ShapeError unless there is one cell a column.
  void add_row(std::vector<Cell> cells);
  void set_name(std::string name) { name_ = std::move(name); }
  void set_provenance(Provenance provenance) { provenance_ = std::move(provenance); }

  const std::string& name() const { return name_; }
  const std::string& title() const { return title_; }
  const std::vector<Column>& columns() const { return columns_; }
  const std::vector<std::vector<Cell>>& rows() const { return rows_; }
  const Provenance& provenance() const { return provenance_; }

  /// The numbers of a column, missing and textual cells as NaN. DomainError for a column that is not there.
  std::vector<double> numbers(std::string_view column) const;

 private:
  std::size_t index_of(std::string_view column) const;

  std::string name_;
  std::string title_;
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
  Provenance provenance_;
};

/// The shortest decimal text that reads back as `value`; "nan", "inf", "-inf".
std::string to_text(double value);
std::string to_text(const Cell& cell);

/// Comment lines that begin with '#' (title, provenance, one line a column), a header line, then rows. Fields that hold
/// a comma, a quote or a line break are quoted, as RFC 4180 has it.
std::string to_csv(const Table& table);

/// {"name", "title", "provenance": {…}, "columns": [{"name","unit","meaning"}], "rows": [[…]]}.
std::string to_json(const Table& table);

/// `folder`/`name`.csv, written whole or not at all.
void write_csv(const Table& table, const std::filesystem::path& folder);

}  // namespace nke
