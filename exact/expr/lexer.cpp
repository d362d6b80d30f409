// SPDX-License-Identifier: Apache-2.0
#include "lexer.hpp"

#include <nke/exact/expr/parse.hpp>

namespace nke {
namespace {

// Not those of <cctype>: the language does not depend on the locale.
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

Token Lexer::take() {
  const Token taken = current_;
  advance();
  return taken;
}

void Lexer::fail(const std::string& message, std::size_t position) const {
  throw ParseError(message, std::string(source_), position);
}

void Lexer::accept(Word word, std::size_t length) {
  current_ = {word, source_.substr(next_, length), next_};
  next_ += length;
}

void Lexer::advance() {
  while (next_ < source_.size() && is_space(source_[next_])) ++next_;
  if (next_ >= source_.size()) {
    current_ = {Word::end, {}, source_.size()};
    return;
  }
  const char c = source_[next_];
  if (is_digit(c) || (c == '.' && is_digit(at(next_ + 1)))) return read_number();
  if (is_letter(c)) {
    std::size_t last = next_;
    while (is_letter(at(last)) || is_digit(at(last))) ++last;
    return accept(Word::name, last - next_);
  }
  switch (c) {
    case '+': return accept(Word::plus, 1);
    case '-': return accept(Word::minus, 1);
    case '*': return at(next_ + 1) == '*' ? fail("a power is written with ^", next_) : accept(Word::times, 1);
    case '/': return accept(Word::divide, 1);
    case '^': return accept(Word::power, 1);
    case '(': return accept(Word::open, 1);
    case ')': return accept(Word::close, 1);
    case ',': return accept(Word::comma, 1);
    case ':': return accept(Word::colon, 1);
    case '<': return at(next_ + 1) == '=' ? accept(Word::less_equal, 2) : accept(Word::less, 1);
    case '>': return at(next_ + 1) == '=' ? accept(Word::greater_equal, 2) : accept(Word::greater, 1);
    default: refuse_character();
  }
}

// Digits with at most one point, then perhaps an exponent: "3", "0.5", ".5", "2.", "1.5e-3".
void Lexer::read_number() {
  std::size_t last = next_;
  std::size_t digits = 0;
  bool point = false;
  while (is_digit(at(last)) || (at(last) == '.' && !point)) {
    at(last) == '.' ? void(point = true) : void(++digits);
    ++last;
  }
  if (digits > literal_digit_limit) {
    throw LimitError(ParseError("a number of " + std::to_string(digits) + " digits; at most " +
                                    std::to_string(literal_digit_limit) + " are read",
                                std::string(source_), next_)
                         .what());
  }
  if (at(last) == 'e' || at(last) == 'E') {
    const std::size_t first_digit = last + (at(last + 1) == '+' || at(last + 1) == '-' ? 2 : 1);
    if (is_digit(at(first_digit))) {
      last = first_digit;
      while (is_digit(at(last))) ++last;
    }
  }
  accept(Word::number, last - next_);
}

void Lexer::refuse_character() const {
  const char c = source_[next_];
  switch (c) {
    case '|': fail("an absolute value is written abs(x)", next_);
    case '=': fail("there are no equations; conditions of piecewise use <, <=, > or >=", next_);
    case '[':
    case '{': fail("only ( and ) group", next_);
    case '.': fail("a digit must come before or after the point", next_);
    default: break;
  }
  if (static_cast<unsigned char>(c) >= 0x80) fail("a character outside ASCII", next_);
  if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) fail("a control character", next_);
  fail(std::string("the character ") + c + " has no meaning here", next_);
}

}  // namespace nke
