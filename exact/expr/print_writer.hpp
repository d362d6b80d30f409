// SPDX-License-Identifier: Apache-2.0
// An expression put into words, the same way in every notation. Private to exact/expr.
//
// Definition  a notation says how products, powers, calls, relations and leaves are spelled. What is common stands here:
//             each distinct subexpression is put into words once, looser pieces get parentheses in tighter places, and a
//             subexpression that was given a name is written by that name wherever it occurs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

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

  /// What stands for e. A reference to it stays good.
  const Piece& write(const Expr& e);
  /// From now on e is written as `name`.
  void name(const Expr& e, std::string_view name);
  /// How often each distinct subexpression was asked for.
  const std::unordered_map<Expr, int>& uses() const { return uses_; }

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
  bool is_named(const Expr& e) const { return named_.count(e) > 0; }
  /// A power as a factor of a product: a subexpression of its own, which may have a name.
  const Piece& write_factor(const Factor& factor) { return write(pow(factor.base, factor.exponent)); }
  /// "3" if the factor is the third power of a square root that has a name; nothing for even powers, since
  /// sqrt(u)^2 is not u where u < 0.
  std::optional<std::string> power_of_named_root(const Factor& factor) const;
  virtual Piece write_sum(const Expr& e);

 private:
  Piece written(const Expr& e);

  std::unordered_map<Expr, Piece> done_;
  std::unordered_map<Expr, int> uses_;
  std::unordered_set<Expr> named_;
};

std::unique_ptr<PrintWriter> text_writer();
std::unique_ptr<PrintWriter> latex_writer();

}  // namespace nke
