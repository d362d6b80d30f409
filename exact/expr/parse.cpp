// SPDX-License-Identifier: Apache-2.0
// A Pratt parser: each operator has a binding power, and an operand ends where a weaker operator follows. Runs of + and
// −, and of * and /, are collected and built at once, so that a sum of n terms costs n log n and not n².
#include <algorithm>

#include <nke/exact/expr/parse.hpp>

#include "lexer.hpp"
#include "vocabulary.hpp"

namespace nke {
namespace {

enum Binding : int { weakest = 0, additive = 10, multiplicative = 20, sign = 30, power = 40 };

int binding(Word word) {
  switch (word) {
    case Word::plus:
    case Word::minus: return additive;
    case Word::times:
    case Word::divide: return multiplicative;
    case Word::power: return power;
    default: return weakest;
  }
}

bool is_comparison(Word word) {
  return word == Word::less || word == Word::less_equal || word == Word::greater || word == Word::greater_equal;
}

// Whether a token can only be the beginning of another operand.
bool begins_operand(Word word) {
  return word == Word::number || word == Word::name || word == Word::open;
}

class Parser {
 public:
  Parser(std::string_view text, const ParseOptions& options) : lexer_(text), options_(options) {}

  Expr whole() {
    if (lexer_.current().word == Word::end) fail("the expression is empty");
    const Expr e = expression(weakest);
    if (lexer_.current().word != Word::end) fail_at_rest();
    return e;
  }

 private:
  [[noreturn]] void fail(const std::string& message) const { lexer_.fail(message, lexer_.current().position); }

  // Runs a builder; its error, if any, is shown with the place.
  template <class F>
  auto at(std::size_t position, const F& build) const {
    try {
      return build();
    } catch (const DomainError& error) {
      throw DomainError(ParseError(error.what(), std::string(lexer_.source()), position).what());
    } catch (const LimitError& error) {
      throw LimitError(ParseError(error.what(), std::string(lexer_.source()), position).what());
    }
  }

  [[noreturn]] void fail_at_rest() const {
    const Word word = lexer_.current().word;
    if (word == Word::close) fail("this ) closes nothing");
    if (word == Word::comma) fail("a comma only separates the arguments of a function");
    if (word == Word::colon) fail("a colon only follows a condition of piecewise");
    fail("a comparison can only be a condition of piecewise");
  }

  void expect(Word word, const char* message) {
    if (lexer_.current().word != word) fail(message);
    lexer_.take();
  }

  Expr expression(int weakest_allowed) {
    if (++nesting_ > expression_nesting_limit) {
      at(lexer_.current().position, []() -> Expr {
        throw LimitError("the expression is nested more than " + std::to_string(expression_nesting_limit) + " deep");
      });
    }
    Expr left = operand();
    for (;;) {
      const Token next = lexer_.current();
      if (begins_operand(next.word)) fail("an operator is missing; a product is written with *, as in 2*x");
      const int strength = binding(next.word);
      if (strength == weakest || strength < weakest_allowed) break;
      if (strength == power) {
        lexer_.take();
        const Expr exponent = expression(power);  // to the right: x^y^z is x^(y^z)
        left = at(next.position, [&] { return pow(left, exponent); });
      } else {
        left = run(left, strength);
      }
    }
    --nesting_;
    return left;
  }

  // Everything that follows with the same strength: terms of a sum or factors of a product.
  Expr run(const Expr& first, int strength) {
    const std::size_t start = lexer_.current().position;
    std::vector<Expr> parts{first};
    while (binding(lexer_.current().word) == strength) {
      const Token token = lexer_.take();
      const Expr next = expression(strength + 1);
      parts.push_back(at(token.position, [&] {
        if (token.word == Word::minus) return -next;
        if (token.word == Word::divide) return pow(next, -1);
        return next;
      }));
    }
    return at(start, [&] { return strength == additive ? sum(std::move(parts)) : product(std::move(parts)); });
  }

  Expr operand() {
    const Token token = lexer_.take();
    switch (token.word) {
      case Word::number: return at(token.position, [&] { return Expr(literal(token)); });
      case Word::name: return name(token);
      case Word::minus: {
        const Expr negated = expression(sign);
        return at(token.position, [&] { return -negated; });
      }
      case Word::plus: return expression(sign);
      case Word::open: {
        const Expr inside = expression(weakest);
        close(token);
        return inside;
      }
      case Word::end: lexer_.fail("an operand is missing at the end", token.position);
      default: lexer_.fail("an operand is expected before " + std::string(token.text), token.position);
    }
  }

  Rational literal(const Token& token) const {
    std::string_view text = token.text;
    std::string joined;
    if (const std::size_t point = text.find('.'); point != std::string_view::npos) {  // "2." and "2.e5" are numbers too
      if (point + 1 == text.size() || text[point + 1] == 'e' || text[point + 1] == 'E') {
        joined = std::string(text.substr(0, point)) + std::string(text.substr(point + 1));
        text = joined;
      }
    }
    return Rational::parse(text);
  }

  void close(const Token& opening) {
    const Token& token = lexer_.current();
    if (token.word == Word::close) {
      lexer_.take();
    } else if (token.word == Word::end) {
      lexer_.fail("this ( is never closed", opening.position);
    } else {
      if (is_comparison(token.word)) fail("a comparison can only be a condition of piecewise");
      fail("a ) is expected before " + std::string(token.text));
    }
  }

  bool allowed(std::string_view symbol_name) const {
    return !options_.symbols ||
           std::find(options_.symbols->begin(), options_.symbols->end(), symbol_name) != options_.symbols->end();
  }

  Expr name(const Token& token) {
    const std::string text(token.text);
    if (lexer_.current().word == Word::open) return called(token);
    if (is_function_name(text)) lexer_.fail(text + " is a function: write " + text + "(x)", token.position);
    if (auto constant = named_constant(text)) return *constant;
    if (allowed(text)) return symbol(text);
    const std::string near = suggestion_for_symbol(text, *options_.symbols);
    lexer_.fail("the name " + text + " is not known here" + (near.empty() ? "" : "; do you mean " + near + "?"),
                token.position);
  }

  Expr called(const Token& token) {
    const std::string text(token.text);
    const bool defined = !is_function_name(text) && options_.is_defined != nullptr && options_.is_defined(text);
    if (!defined && !is_function_name(text)) {
      if (named_constant(text) || (options_.symbols && allowed(text))) {
        lexer_.fail(text + " is not a function; a product is written " + text + "*(...)", token.position);
      }
      const std::string near = suggestion_for_function(text);
      lexer_.fail("there is no function " + text +
                      (near.empty() ? "; a product is written " + text + "*(...)" : "; do you mean " + near + "?"),
                  token.position);
    }
    const Token opening = lexer_.take();
    if (text == "piecewise") return piecewise_of(opening);
    std::vector<Expr> arguments;
    if (lexer_.current().word != Word::close) {
      arguments.push_back(expression(weakest));
      while (lexer_.current().word == Word::comma) {
        lexer_.take();
        arguments.push_back(expression(weakest));
      }
    }
    close(opening);
    if (defined) return at(token.position, [&] { return options_.defined(text, arguments); });
    if (const std::string fault = wrong_argument_count(text, arguments.size()); !fault.empty()) {
      lexer_.fail(fault, token.position);
    }
    return at(token.position, [&] { return call(text, arguments); });
  }

  // condition: value, …, otherwise
  Expr piecewise_of(const Token& opening) {
    std::vector<Branch> branches;
    for (;;) {
      const Expr left = expression(weakest);
      const Token comparison = lexer_.current();
      if (!is_comparison(comparison.word)) {
        if (lexer_.current().word == Word::colon) fail("a condition of piecewise compares with <, <=, > or >=");
        if (branches.empty()) fail("piecewise begins with a condition, as in piecewise(x < 0: 0, x)");
        close(opening);
        return at(opening.position, [&] { return piecewise(branches, left); });
      }
      lexer_.take();
      const Expr right = expression(weakest);
      if (is_comparison(lexer_.current().word)) fail("a condition is one comparison; nest piecewise for more");
      expect(Word::colon, "a : is expected after the condition");
      const Expr value = expression(weakest);
      if (lexer_.current().word == Word::close) fail("piecewise ends with a value without a condition");
      expect(Word::comma, "a comma is expected after the value");
      branches.push_back({at(comparison.position, [&] { return relation(comparison.word, left, right); }), value});
    }
  }

  static Expr relation(Word word, const Expr& left, const Expr& right) {
    switch (word) {
      case Word::less: return less(left, right);
      case Word::less_equal: return less_equal(left, right);
      case Word::greater: return less(right, left);
      default: return less_equal(right, left);
    }
  }

  Lexer lexer_;
  const ParseOptions& options_;
  int nesting_ = 0;
};

}  // namespace

Expr parse_expression(std::string_view text, const ParseOptions& options) {
  if (text.size() > expression_text_limit) {
    throw LimitError("an expression of " + std::to_string(text.size()) + " bytes; at most " +
                     std::to_string(expression_text_limit) + " are read");
  }
  return Parser(text, options).whole();
}

}  // namespace nke
