// SPDX-License-Identifier: Apache-2.0
// An expression put into words, the same way in every notation. Private to exact/expr.
//
// Definition  a notation says how products, powers, calls, relations and leaves are spelled. What is common stands here:
//             each distinct subexpression is put into words once, looser pieces get parentheses in tighter places, and a
//             subexpression that was given a name is written by that name wherever it occurs.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include <nke/exact/expr/expr.hpp>

#include "print_layout.hpp"

namespace nke {

/// How tightly a piece of text holds together; a looser one needs parentheses in a tighter place.
enum class Hold : std::uint8_t { sum, product, power, atom };

struct Piece {
  std::string text;
  Hold hold;
};

class PrintWriter {
 public:
  PrintWriter() = default;
  PrintWriter(const PrintWriter&) = delete;
  PrintWriter& operator=(const PrintWriter&) = delete;
  virtual ~PrintWriter() = default;

  const Piece& write(const Expr& e);
  /// From now on e is written as `name`. A square root that has a name also names its odd powers.
  void name(const Expr& e, std::string_view name) { done_.insert_or_assign(e, Piece{std::string(name), Hold::atom}); }

 protected:
  virtual Piece write_number(const Rational& q) = 0;
  virtual Piece write_constant(Constant constant) = 0;
  virtual Piece write_symbol(const std::string& name) = 0;
  virtual Piece write_product(const Expr& e) = 0;  ///< products, powers and numbers other than 0
  virtual Piece write_function(const Expr& e) = 0;
  virtual Piece write_piecewise(const Expr& e) = 0;
  virtual std::string write_relation(const Expr& e) = 0;
  virtual std::string in_parentheses(const std::string& text) const;
  /// What stands for e once it has been put into words: its text, or a name the writer gives it here.
  virtual Piece finished(const Expr&, Piece piece) { return piece; }

  std::string at_least(Hold needed, const Expr& e);
  std::string at_least(Hold needed, const Piece& piece) const;
  /// The piece that stands for e already, or null.
  const Piece* known(const Expr& e) const;
  virtual Piece write_sum(const Expr& e);

 private:
  Piece written(const Expr& e);

  std::unordered_map<Expr, Piece> done_;
};

}  // namespace nke
