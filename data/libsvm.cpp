// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <nke/data/byte_source.hpp>
#include <nke/data/libsvm.hpp>
#include <nke/exact/real/error.hpp>

#include "text_lines.hpp"

namespace nke {
namespace {

// Eigen counts columns and entries in int.
constexpr std::size_t most = std::numeric_limits<int>::max();

struct Rows {
  std::vector<int> ends;  // entries up to and with each row
  std::vector<int> columns;
  std::vector<double> values;
  std::vector<double> labels;
  std::size_t width = 0;
};

std::string_view next_field(std::string_view& rest) {
  rest = trimmed(rest);
  const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
  const std::string_view field = rest.substr(0, end);
  rest.remove_prefix(end);
  return field;
}

std::size_t index_in(const LineReader& line, std::size_t place, std::string_view text) {
  std::size_t index = 0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (fault == std::errc::result_out_of_range || (fault == std::errc{} && index > most)) {
    line.refuse(place, "the index " + excerpt(text) + " is too large");
  }
  if (fault != std::errc{} || stop != text.data() + text.size()) {
    line.refuse(place, excerpt(text) + " is not an index");
  }
  if (index == 0) line.refuse(place, "indices begin at 1");
  return index;
}

void append_row(const LineReader& line, std::string_view rest, std::size_t width, Rows& rows) {
  std::size_t place = 1;
  const std::string_view label = next_field(rest);
  if (label.find(':') != std::string_view::npos) line.refuse(place, "a line begins with its label, not a pair");
  rows.labels.push_back(number_in(line, place, label));
  std::size_t previous = 0;
  for (std::string_view field = next_field(rest); !field.empty(); field = next_field(rest)) {
    ++place;
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) line.refuse(place, excerpt(field) + " is not a pair index:value");
    if (field.substr(0, colon) == "qid" && place == 2) continue;
    const std::size_t index = index_in(line, place, field.substr(0, colon));
    if (index <= previous) {
      line.refuse(place, "the index " + std::to_string(index) + " does not come after " + std::to_string(previous));
    }
    if (width > 0 && index > width) {
      line.refuse(place, "the index " + std::to_string(index) + " is beyond the " + std::to_string(width) + " columns");
    }
    previous = index;
    rows.columns.push_back(static_cast<int>(index - 1));
    rows.values.push_back(number_in(line, place, field.substr(colon + 1)));
    if (rows.values.size() > most) throw LimitError(line.name() + ": more than 2^31 - 1 entries");
  }
  rows.width = std::max(rows.width, previous);
  rows.ends.push_back(static_cast<int>(rows.values.size()));
}

}  // namespace

LibsvmData read_libsvm(ByteSource& source, const LibsvmOptions& options) {
  if (options.columns > most) throw LimitError("at most 2^31 - 1 columns are read from LIBSVM files");
  LineReader lines(source);
  Rows rows;
  rows.ends.push_back(0);
  rows.width = options.columns;
  while (options.limit == 0 || rows.labels.size() < options.limit) {
    const auto line = lines.next();
    if (!line) break;
    const std::string_view text = trimmed(line->substr(0, line->find('#')));
    if (text.empty()) continue;
    append_row(lines, text, options.columns, rows);
  }
  LibsvmData data;
  // The three arrays are filled by hand: an assignment would first reserve room by the number of columns, and one index
  // in the file can make that two thousand million.
  data.points.resize(static_cast<Eigen::Index>(rows.labels.size()), static_cast<Eigen::Index>(rows.width));
  data.points.resizeNonZeros(static_cast<Eigen::Index>(rows.values.size()));
  std::copy(rows.ends.begin(), rows.ends.end(), data.points.outerIndexPtr());
  std::copy(rows.columns.begin(), rows.columns.end(), data.points.innerIndexPtr());
  std::copy(rows.values.begin(), rows.values.end(), data.points.valuePtr());
  data.labels = std::move(rows.labels);
  return data;
}

LibsvmData read_libsvm(const std::filesystem::path& file, const LibsvmOptions& options) {
  return read_libsvm(*open_bytes(file), options);
}

}  // namespace nke
