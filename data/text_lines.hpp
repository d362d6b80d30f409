// SPDX-License-Identifier: Apache-2.0
// What the readers of text share: lines with their numbers, fields with their columns, numbers without a locale.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nke/data/byte_source.hpp>

namespace nke {

/// The lines of a source without their ends (\n or \r\n). A UTF-8 byte order mark is skipped, UTF-16 is refused.
class LineReader {
 public:
  explicit LineReader(ByteSource& source) : source_(source) {}

  /// The next line, valid until the next call; nothing at the end.
  std::optional<std::string_view> next();
  /// Of the line next() gave, counted from 1.
  std::size_t number() const noexcept { return number_; }
  const std::string& name() const noexcept { return source_.name(); }

  /// DataError "FILE: line 3, column 2: message" for the current line.
  [[noreturn]] void refuse(std::size_t column, const std::string& message) const;
  [[noreturn]] void refuse(const std::string& message) const;

 private:
  bool refill();

  ByteSource& source_;
  std::string buffer_;
  std::size_t start_ = 0;  // of what is not yet given out
  std::size_t number_ = 0;
};

/// The text without spaces and tabs around it.
std::string_view trimmed(std::string_view text);

/// The text in quotes for a message: cut where it is long, '?' for bytes a terminal might not bear.
std::string excerpt(std::string_view text);

/// The text as a number if all of it is one (nan and inf included); magnitudes a double cannot hold are not.
std::optional<double> try_number(std::string_view text);

/// A finite number, or a refusal that names line and column.
double number_in(const LineReader& line, std::size_t column, std::string_view text);

}  // namespace nke
