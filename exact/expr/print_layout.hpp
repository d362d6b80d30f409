// SPDX-License-Identifier: Apache-2.0
// How an author would arrange an expression, before it is written in any notation. Private to exact/expr.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <nke/exact/expr/expr.hpp>

namespace nke {

struct SignedTerm {
  bool negative;
  Expr magnitude;
};
/// The parts, one after the other.
std::string joined_text(std::initializer_list<std::string_view> parts);

/// The terms of a sum: in canonical order, but with a positive one first if there is one.
std::vector<SignedTerm> layout_sum(const Expr& sum);

/// base^exponent, the exponent not a negative number.
struct Factor {
  Expr base;
  Expr exponent;
};
/// A number, power or product as sign * coefficient * above / below. Square roots of numbers and constants are brought
/// under one root: sqrt(2*pi), sqrt(2/pi).
struct Fraction {
  bool negative = false;
  Rational coefficient = 1;  ///< > 0
  std::vector<Factor> above;
  std::vector<Factor> below;
};
Fraction layout_product(const Expr& e);

/// "0.044715" if q has a finite decimal expansion of at most 12 characters, otherwise empty.
std::string short_decimal(const Rational& q);

/// 1, 2, 4, …
bool is_power_of_two(const Rational& q);

/// Comparisons read better with the number on the right, x > 0 for 0 < x, and with x on the left.
struct Comparison {
  Expr left;
  Expr right;
  bool greater;
  bool strict;
};
Comparison layout_relation(const Expr& relation);

/// The arguments in reading order: max(x, 0), not max(0, x).
std::vector<Expr> layout_arguments(const Expr& call);

/// LimitError if the expression written out is longer than print_size_limit nodes.
void require_printable(const Expr& e);

}  // namespace nke
