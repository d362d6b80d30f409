// SPDX-License-Identifier: Apache-2.0
#include <ostream>

#include <nke/exact/real/error.hpp>
#include <nke/plots/text.hpp>

namespace nke::plots {

namespace {

/// Bytes of the UTF-8 letter that starts at `at`; 0 if there is none (cut short, overlong, a surrogate, out of range).
std::size_t letter_bytes(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 && first < 0xF5   ? 4
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xC2 && first < 0xE0 ? 2
                                                             : 0;
  if (length == 0 || at + length > text.size()) return 0;
  unsigned long code_point = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return 0;
    code_point = code_point << 6U | (byte(at + i) & 0x3FU);
  }
  const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code_point >= 0xD800 && code_point < 0xE000;
  const bool control = code_point >= 0x80 && code_point < 0xA0;               // C1: no output format wants them
  const bool not_a_character = code_point == 0xFFFE || code_point == 0xFFFF;  // XML refuses these two
  if (code_point < least[length] || code_point > 0x10FFFF || surrogate || control || not_a_character) return 0;
  return length;
}

}  // namespace

std::string printable(std::string_view bytes) {
  std::string clean;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto byte = static_cast<unsigned char>(bytes[at]);
    if (byte < 0x20 || byte == 0x7F) {
      clean += ' ';
      ++at;
    } else if (const std::size_t length = letter_bytes(bytes, at)) {
      clean += bytes.substr(at, length);
      at += length;
    } else {
      clean += "\xEF\xBF\xBD";
      ++at;
    }
  }
  return clean;
}

std::size_t letter_count(std::string_view text) {
  std::size_t letters = 0;
  for (const char c : text) letters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  return letters;
}

std::string shortened(std::string_view text, std::size_t letters) {
  std::string clean = printable(text);
  if (letter_count(clean) <= letters) return clean;
  std::string kept;
  for (std::size_t at = 0, seen = 0; seen + 1 < letters; ++seen) {
    const std::size_t length = letter_bytes(clean, at);
    kept.append(clean, at, length);
    at += length;
  }
  return kept + "…";
}

std::vector<Run> variables_apart(std::string_view text) {
  const auto is_letter = [&](std::size_t i) {
    return i < text.size() && ((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z'));
  };
  std::vector<Run> runs;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool variable = is_letter(i) && !is_letter(i + 1) && (i == 0 || !is_letter(i - 1));
    const Face face = variable ? Face::italic : Face::upright;
    if (runs.empty() || runs.back().face != face) runs.push_back({"", face});
    runs.back().text += text[i];
  }
  return runs;
}

Text::Text(std::string_view verbatim, Face face) {
  if (!verbatim.empty()) runs_.push_back({std::string(verbatim), face});
}

std::string Text::plain() const {
  std::string letters;
  for (const Run& run : runs_) letters += run.text;
  return letters;
}

Text& Text::operator+=(const Text& more) {
  if (&more == this) return *this += Text(more);
  for (const Run& run : more.runs_) {
    if (!runs_.empty() && runs_.back().face == run.face) {
      runs_.back().text += run.text;  // one way to write a text, so that equal looks are equal values
    } else {
      runs_.push_back(run);
    }
  }
  return *this;
}

Text italic(std::string_view verbatim) {
  return Text(verbatim, Face::italic);
}
Text code(std::string_view verbatim) {
  return Text(verbatim, Face::code);
}

Text markup(std::string_view sentence) {
  struct Mark {
    std::string_view opening, closing;
    Face face;
  };
  static constexpr Mark marks[] = {{"**", "**", Face::bold},
                                   {"*", "*", Face::italic},
                                   {"`", "`", Face::code},
                                   {"^{", "}", Face::raised},
                                   {"_{", "}", Face::lowered}};
  Text text;
  std::string upright;
  for (std::size_t at = 0; at < sentence.size();) {
    const std::string_view rest = sentence.substr(at);
    const Mark* mark = nullptr;
    for (const Mark& candidate : marks) {
      if (mark == nullptr && rest.starts_with(candidate.opening)) mark = &candidate;
    }
    if (mark == nullptr) {
      upright += sentence[at++];
      continue;
    }
    const std::size_t begin = at + mark->opening.size();
    const std::size_t end = sentence.find(mark->closing, begin);
    if (end == std::string_view::npos) {
      throw ParseError("this mark is opened and never closed", std::string(sentence), at);
    }
    text += Text(upright);
    upright.clear();
    text += Text(sentence.substr(begin, end - begin), mark->face);
    at = end + mark->closing.size();
  }
  return text += Text(upright);
}

std::ostream& operator<<(std::ostream& out, const Text& text) {
  return out << text.plain();
}

}  // namespace nke::plots
