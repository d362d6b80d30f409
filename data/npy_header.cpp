// SPDX-License-Identifier: Apache-2.0
#include "npy_header.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <system_error>

#include <nke/exact/real/error.hpp>

#include "text_lines.hpp"

namespace nke {
namespace {

// header = '{' entry (',' entry)* [','] '}' blanks '\n', with the entries 'descr': text, 'fortran_order': True|False
// and 'shape': '(' [number (',' number)* [',']] ')', each once, in any order. Blanks may stand between any two tokens.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::string& name, std::uint64_t offset)
      : text_(text), name_(name), offset_(offset) {}

  NpyHeader parse() {
    if (!text_.ends_with('\n')) refuse_at(text_.size(), "the header does not end with a line break");
    text_.remove_suffix(1);
    expect('{');
    while (!accept('}')) {
      entry();
      if (accept(',')) continue;
      expect('}');
      break;
    }
    skip_blanks();
    if (position_ < text_.size()) refuse("the header goes on after its closing brace");
    if (!has_type_) refuse("the header has no 'descr'");
    if (!has_order_) refuse("the header has no 'fortran_order'");
    if (!has_shape_) refuse("the header has no 'shape'");
    return header_;
  }

 private:
  void entry() {
    const std::size_t start = position_;
    const std::string_view key = text_literal();
    expect(':');
    if (key == "descr") {
      once(has_type_, start);
      type();
    } else if (key == "fortran_order") {
      once(has_order_, start);
      header_.fortran_order = truth();
    } else if (key == "shape") {
      once(has_shape_, start);
      shape();
    } else {
      refuse_at(start, "the header has an unknown key " + excerpt(key));
    }
  }

  void once(bool& seen, std::size_t start) const {
    if (seen) refuse_at(start, "the header says this twice");
    seen = true;
  }

  // '<f8', '|u1', ...: byte order, kind, size.
  void type() {
    skip_blanks();
    const std::size_t start = position_;
    if (position_ < text_.size() && text_[position_] == '[') refuse("structured elements are not read");
    const std::string_view code = text_literal();
    const auto unknown = [&] { refuse_at(start, "elements of type " + excerpt(code) + " are not read"); };
    if (code.find('O') != std::string_view::npos) refuse_at(start, "Python objects are not read: save numbers");
    if (code.size() != 3) unknown();
    const char order = code[0];
    const std::string_view kind = code.substr(1);
    struct Row {
      std::string_view kind;
      ElementType type;
      std::size_t stored_size;
    };
    static constexpr std::array<Row, 12> rows = {{{"f4", ElementType::float32, 4},
                                                  {"f8", ElementType::float64, 8},
                                                  {"f2", ElementType::float32, 2},
                                                  {"b1", ElementType::uint8, 1},
                                                  {"i1", ElementType::int8, 1},
                                                  {"i2", ElementType::int16, 2},
                                                  {"i4", ElementType::int32, 4},
                                                  {"i8", ElementType::int64, 8},
                                                  {"u1", ElementType::uint8, 1},
                                                  {"u2", ElementType::uint16, 2},
                                                  {"u4", ElementType::uint32, 4},
                                                  {"u8", ElementType::uint64, 8}}};
    for (const Row& row : rows) {
      if (row.kind != kind) continue;
      // '|' says that order does not matter, which only a single byte can claim.
      if (order != '<' && order != '>' && (order != '|' || row.stored_size != 1)) unknown();
      header_.type = row.type;
      header_.stored_size = row.stored_size;
      header_.is_half = kind == "f2";
      header_.is_boolean = kind == "b1";
      header_.order = order == '>' ? std::endian::big : std::endian::little;
      return;
    }
    unknown();
  }

  void shape() {
    constexpr std::size_t most_axes = 32;
    expect('(');
    while (!accept(')')) {
      if (header_.shape.size() == most_axes) refuse("the array has more than 32 axes");
      header_.shape.push_back(number());
      if (accept(',')) continue;
      // (3) is a number in parentheses, not a tuple; a writer that means one axis says (3,).
      if (header_.shape.size() == 1) refuse("a shape of one axis is written (n,)");
      expect(')');
      break;
    }
  }

  std::size_t number() {
    skip_blanks();
    std::size_t value = 0;
    const char* end = text_.data() + text_.size();
    const auto [stop, fault] = std::from_chars(text_.data() + position_, end, value);
    if (fault == std::errc::result_out_of_range) refuse("an axis is longer than 64 bits can say");
    if (fault != std::errc{}) refuse("a length is expected here");
    position_ = static_cast<std::size_t>(stop - text_.data());
    if (position_ < text_.size() && text_[position_] == 'L') ++position_;  // Python 2 wrote long integers so
    return value;
  }

  bool truth() {
    skip_blanks();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (!text_.substr(position_).starts_with(word)) continue;
      position_ += word.size();
      return value;
    }
    refuse("True or False is expected here");
  }

  std::string_view text_literal() {
    skip_blanks();
    if (position_ == text_.size() || (text_[position_] != '\'' && text_[position_] != '"')) {
      refuse("a text in quotes is expected here");
    }
    const std::size_t start = position_ + 1;
    const std::size_t end = text_.find(text_[position_], start);
    if (end == std::string_view::npos) refuse("the quotes are never closed");
    position_ = end + 1;
    return text_.substr(start, end - start);
  }

  void skip_blanks() {
    while (position_ < text_.size() && (text_[position_] == ' ' || text_[position_] == '\t')) ++position_;
  }

  bool accept(char wanted) {
    skip_blanks();
    if (position_ == text_.size() || text_[position_] != wanted) return false;
    ++position_;
    return true;
  }

  void expect(char wanted) {
    if (!accept(wanted)) refuse(std::string("'") + wanted + "' is expected here");
  }

  [[noreturn]] void refuse(const std::string& message) const { refuse_at(position_, message); }
  [[noreturn]] void refuse_at(std::size_t position, const std::string& message) const {
    throw DataError(name_, offset_ + position, "not a sound .npy file: " + message);
  }

  std::string_view text_;
  const std::string& name_;
  std::uint64_t offset_;
  std::size_t position_ = 0;
  NpyHeader header_;
  bool has_type_ = false;
  bool has_order_ = false;
  bool has_shape_ = false;
};

}  // namespace

NpyHeader parse_npy_header(std::string_view text, const std::string& name, std::uint64_t offset) {
  return HeaderParser(text, name, offset).parse();
}

}  // namespace nke
