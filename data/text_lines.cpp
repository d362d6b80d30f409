// SPDX-License-Identifier: Apache-2.0
#include "text_lines.hpp"

#include <charconv>
#include <cmath>
#include <span>
#include <system_error>

#include <nke/exact/real/error.hpp>

namespace nke {
namespace {

// from_chars wants no plus sign; "+-1" must not slip through when it is taken off.
std::from_chars_result convert(std::string_view text, double& value) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::from_chars_result result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc::invalid_argument && result.ptr != text.data() + text.size()) {
    result.ec = std::errc::invalid_argument;
  }
  return result;
}

}  // namespace

bool LineReader::refill() {
  constexpr std::size_t block = 1U << 16U;
  constexpr std::size_t longest = 1U << 28U;
  buffer_.erase(0, start_);
  start_ = 0;
  const std::size_t held = buffer_.size();
  if (held > longest) {
    ++number_;
    refuse("is longer than 256 MiB; this is not a text of numbers");
  }
  // A long line doubles the buffer, so that no line costs more than linear time.
  buffer_.resize(held + std::max(block, held));
  const std::size_t got = source_.read(std::as_writable_bytes(std::span(buffer_)).subspan(held));
  buffer_.resize(held + got);
  return got > 0;
}

std::optional<std::string_view> LineReader::next() {
  std::size_t searched = start_;
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end == std::string::npos) {
      const std::size_t held = buffer_.size() - start_;
      if (refill()) {
        searched = start_ + held;
        continue;
      }
      if (buffer_.empty()) return std::nullopt;
    }
    std::string_view line = std::string_view(buffer_).substr(start_, end - start_);
    start_ = end == std::string::npos ? buffer_.size() : end + 1;
    ++number_;
    if (number_ == 1) {
      if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
      if (line.starts_with("\xFF\xFE") || line.starts_with("\xFE\xFF")) {
        refuse("is UTF-16; save the file as UTF-8");
      }
    }
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
}

void LineReader::refuse(std::size_t column, const std::string& message) const {
  throw DataError(name(), "line " + std::to_string(number_) + ", column " + std::to_string(column) + ": " + message);
}

void LineReader::refuse(const std::string& message) const {
  throw DataError(name(), "line " + std::to_string(number_) + " " + message);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string shown = "'";
  for (const char byte : text.substr(0, longest)) shown += byte >= 0x20 && byte < 0x7F ? byte : '?';
  return shown + (text.size() > longest ? "...'" : "'");
}

std::optional<double> try_number(std::string_view text) {
  double value = 0;
  if (convert(text, value).ec != std::errc{}) return std::nullopt;
  return value;
}

double number_in(const LineReader& line, std::size_t column, std::string_view text) {
  double value = 0;
  const std::errc fault = convert(text, value).ec;
  if (fault == std::errc::result_out_of_range) {
    line.refuse(column, excerpt(text) + " is outside the range of a double");
  }
  if (text.empty()) line.refuse(column, "a number is missing");
  if (fault != std::errc{}) line.refuse(column, excerpt(text) + " is not a number");
  if (!std::isfinite(value)) line.refuse(column, excerpt(text) + " is not finite");
  return value;
}

}  // namespace nke
