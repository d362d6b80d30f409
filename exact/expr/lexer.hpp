// SPDX-License-Identifier: Apache-2.0
// The words of an expression, with their places. Private to exact/expr.
#pragma once

#include <string>
#include <string_view>

#include <nke/exact/expr/expr.hpp>

namespace nke {

enum class Word : std::uint8_t {
  number,
  name,
  plus,
  minus,
  times,
  divide,
  power,
  open,
  close,
  comma,
  colon,
  less,
  less_equal,
  greater,
  greater_equal,
  end
};

struct Token {
  Word word;
  std::string_view text;
  std::size_t position;
};

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) { advance(); }

  const Token& current() const { return current_; }
  /// The current token; the next one becomes current.
  Token take();
  [[noreturn]] void fail(const std::string& message, std::size_t position) const;
  std::string_view source() const { return source_; }

 private:
  void advance();
  void read_number();
  char at(std::size_t i) const { return i < source_.size() ? source_[i] : '\0'; }
  void accept(Word word, std::size_t length);
  [[noreturn]] void refuse_character() const;

  std::string_view source_;
  std::size_t next_ = 0;
  Token current_{Word::end, {}, 0};
};

}  // namespace nke
