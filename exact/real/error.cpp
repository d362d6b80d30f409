// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nke/exact/real/error.hpp>

namespace nke {
namespace {

// The caret line must survive hostile input: only a window of the source is shown, control bytes become '?', and the
// caret is placed by code points, not bytes.
std::string with_caret(const std::string& message, const std::string& source, std::size_t position) {
  constexpr std::size_t before = 60;
  constexpr std::size_t after = 20;
  const auto continues = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; };
  position = std::min(position, source.size());
  std::size_t first = position > before ? position - before : 0;
  while (first < position && continues(source[first])) ++first;
  std::size_t last = std::min(source.size(), position + after);
  while (last < source.size() && continues(source[last])) ++last;
  std::string line;
  std::string caret;
  for (std::size_t i = first; i < last; ++i) {
    const auto byte = static_cast<unsigned char>(source[i]);
    line += byte < 0x20 || byte == 0x7F ? '?' : source[i];
    if (i < position && !continues(source[i])) caret += ' ';
  }
  const std::string head = first > 0 ? "..." : "";
  const std::string tail = last < source.size() ? "..." : "";
  return message + " (at character " + std::to_string(position + 1) + ")\n  " + head + line + tail + "\n  " +
         std::string(head.size(), ' ') + caret + "^";
}

}  // namespace

ParseError::ParseError(const std::string& message, const std::string& source, std::size_t position)
    : Error(with_caret(message, source, position)), position_(std::min(position, source.size())) {}

DataError::DataError(const std::string& file, const std::string& message) : Error(file + ": " + message), file_(file) {}

DataError::DataError(const std::string& file, std::uint64_t offset, const std::string& message)
    : Error(file + ": " + message + " (at byte " + std::to_string(offset) + ")"), file_(file) {}

}  // namespace nke
