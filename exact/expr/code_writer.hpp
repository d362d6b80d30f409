// SPDX-License-Identifier: Apache-2.0
// Expressions as infix code, for the languages that share C's operators. Private to exact/expr.
//
// Definition  what is written more than once, and is more than a name or a multiple of one, becomes a local variable at
//             the place where it is first needed. A first pass in which everything is local counts the uses, so that
//             no text ever repeats a shared part.
#pragma once

#include <unordered_map>
#include <vector>

#include <nke/exact/expr/print.hpp>

#include "print_writer.hpp"

namespace nke {

class CodeWriter : public PrintWriter {
 public:
  explicit CodeWriter(Language language) : language_(language) {}

  /// The first pass: afterwards uses() says what is shared.
  void count(std::span<const Expr> results);
  /// The second pass, by another writer of the same kind.
  Code code(std::span<const Expr> results, const std::unordered_map<Expr, int>& uses);

 protected:
  Piece write_number(const Rational& q) override;
  Piece write_symbol(const std::string& name) override { return {code_symbol(name, language_), Hold::atom}; }
  Piece write_product(const Expr& e) override;
  Piece write_function(const Expr& e) override;
  Piece write_piecewise(const Expr& e) override;
  Piece write_sum(const Expr& e) override;
  std::string write_relation(const Expr& e) override;
  Piece finished(const Expr& e, Piece piece) override;

  /// A local with a value of its own.
  Piece constant_local(const std::string& name, const std::string& value);
  /// The digits of a number >= 0, so marked that it is a floating-point one: "2.0".
  virtual std::string literal(const std::string& digits) const = 0;
  /// A function of the language's library: "std::sqrt".
  virtual std::string library_call(std::string_view name, const std::string& argument) const = 0;
  virtual Piece general_power(const Piece& base, const Piece& exponent) const = 0;
  virtual std::string choice(const std::string& condition, const std::string& yes, const std::string& no) const = 0;

 private:
  Piece write_power(const Factor& factor);

  Language language_;
  const std::unordered_map<Expr, int>* uses_before_ = nullptr;  // null in the first pass
  std::set<std::string> taken_;
  int last_local_ = 0;
  Code code_;
};

}  // namespace nke
