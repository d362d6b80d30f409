// SPDX-License-Identifier: Apache-2.0
#include "print_layout.hpp"

#include <algorithm>

#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/expr/print.hpp>

namespace nke {
namespace {

const Rational half(1, 2);

bool is_negative(const Expr& e) {
  return split_coefficient(e).first.sign() < 0;
}

// Numbers and constants under square roots, collected: above and below the fraction line.
struct Roots {
  Expr above = 1;
  Expr below = 1;

  // True if the factor base^r was taken over.
  bool take(const Expr& base, const Rational& r) {
    if (abs(r) != half || !(base.is_number() || base.is(Expr::Kind::constant))) return false;
    (r.sign() > 0 ? above : below) *= base;
    return true;
  }

  // sqrt(n)/(k n) is 1/(k sqrt(n)).
  void move_below(Rational& coefficient) {
    const auto [n, rest] = split_coefficient(above);
    if (n == Rational(1) || !(coefficient.denominator() / n).is_integer()) return;
    coefficient *= n;
    above = rest;
    below *= n;
  }

  void append_to(Fraction& fraction) const {
    if (above.is_one() && below.is_one()) return;
    if (above.is_one()) {
      fraction.below.insert(fraction.below.begin(), Factor{below, half});
    } else {
      fraction.above.insert(fraction.above.begin(), Factor{above / below, half});
    }
  }
};

}  // namespace

std::string joined_text(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

void require_printable(const Expr& e) {
  if (e.tree_size() > print_size_limit) {
    throw LimitError("an expression of " + std::to_string(e.tree_size()) + " nodes is too long to print; at most " +
                     std::to_string(print_size_limit) + " are written out");
  }
}

std::vector<SignedTerm> layout_sum(const Expr& sum) {
  std::vector<SignedTerm> terms;
  for (const Expr& term : sum.operands()) {
    const bool negative = is_negative(term);
    terms.push_back({negative, negative ? -term : term});
  }
  const auto first_positive = std::find_if(terms.begin(), terms.end(), [](const SignedTerm& t) { return !t.negative; });
  if (first_positive != terms.end()) std::rotate(terms.begin(), first_positive, first_positive + 1);
  return terms;
}

Fraction layout_product(const Expr& e) {
  Fraction fraction;
  const auto [coefficient, rest] = split_coefficient(e);
  fraction.negative = coefficient.sign() < 0;
  fraction.coefficient = abs(coefficient);
  Roots roots;
  const auto factors = rest.is(Expr::Kind::product) ? rest.operands() : std::span(&rest, 1);
  for (const Expr& factor : factors) {
    if (factor.is_one()) continue;
    if (factor.is(Expr::Kind::power) && !factor.operand(1).is_number()) {
      fraction.above.push_back({factor.operand(0), factor.operand(1)});
      continue;
    }
    const auto [base, exponent] = split_power(factor);
    if (roots.take(base, exponent)) continue;
    (exponent.sign() > 0 ? fraction.above : fraction.below).push_back({base, abs(exponent)});
  }
  roots.move_below(fraction.coefficient);
  roots.append_to(fraction);
  return fraction;
}

std::string short_decimal(const Rational& q) {
  constexpr std::size_t longest = 12;
  constexpr int most_places = 10;
  Rational scaled = q;
  int places = 0;
  for (; places <= most_places && !scaled.is_integer(); ++places) scaled *= Rational(10);
  if (!scaled.is_integer()) return {};
  std::string digits = abs(scaled).to_string();
  const auto after_point = static_cast<std::size_t>(places);
  if (digits.size() <= after_point) digits.insert(0, after_point + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - after_point, 1, '.');
  return digits.size() > longest ? std::string() : joined_text({q.sign() < 0 ? "-" : "", digits});
}

bool is_power_of_two(const Rational& q) {
  constexpr std::size_t any_size = Expr::number_bit_limit;
  Rational rest = q;
  for (std::size_t i = 0; i < any_size && rest.is_integer() && rest > Rational(1); ++i) rest /= Rational(2);
  return rest == Rational(1);
}

Comparison layout_relation(const Expr& relation) {
  const Expr& left = relation.operand(0);
  const Expr& right = relation.operand(1);
  const bool about_x = depends_on(right, "x") && !depends_on(left, "x");
  if ((left.is_number() && !right.is_number()) || about_x) return {right, left, true, relation.strict()};
  return {left, right, false, relation.strict()};
}

std::vector<Expr> layout_arguments(const Expr& call) {
  std::vector<Expr> arguments(call.operands().begin(), call.operands().end());
  if (function_row(call.function()).symmetric && arguments[0].is_number()) std::swap(arguments[0], arguments[1]);
  return arguments;
}

}  // namespace nke
