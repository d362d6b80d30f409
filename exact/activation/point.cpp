// SPDX-License-Identifier: Apache-2.0
#include "point.hpp"

#include <cmath>
#include <string>

#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/expr/substitute.hpp>

namespace nke::detail {

Point Point::at(const Rational& q) {
  return {.location = Ball(q, Precision::bits(location_bits)), .exact = q, .defining = symbol("x") - Expr(q)};
}

Order compare(const Point& a, const Point& b) {
  if (a.exact && b.exact)
    return *a.exact < *b.exact ? Order::less : *a.exact == *b.exact ? Order::same : Order::greater;
  if (certainly_less(a.location, b.location)) return Order::less;
  if (certainly_less(b.location, a.location)) return Order::greater;
  // Two enclosures of roots of one function overlap: each contains one root only, so both are that of the smaller ball.
  if (a.certain && b.certain && a.defining == b.defining &&
      (a.location.contains(b.location) || b.location.contains(a.location))) {
    return Order::same;
  }
  return Order::unknown;
}

Ball Interval::sample() const {
  const Precision precision = Precision::bits(location_bits);
  const Ball half = Ball(Rational(1, 2), precision);
  if (left && right) return ((left->location + right->location) * half).center();
  if (left) return (left->location + Ball(1) + abs(left->location)).center().at_precision(precision);
  if (right) return (right->location - Ball(1) - abs(right->location)).center().at_precision(precision);
  // Not 0, where many a function has a value by symmetry only.
  return Ball(Rational(5, 8), precision);
}

double Interval::lower() const {
  return left ? left->location.lower() : -std::numeric_limits<double>::infinity();
}

double Interval::upper() const {
  return right ? right->location.upper() : std::numeric_limits<double>::infinity();
}

std::string to_text(const Interval& interval) {
  const auto end = [](const Point& p) { return p.exact ? p.exact->to_string() : p.location.to_decimal(6); };
  if (interval.left && interval.right) return end(*interval.left) + " < x < " + end(*interval.right);
  if (interval.left) return "x > " + end(*interval.left);
  if (interval.right) return "x < " + end(*interval.right);
  return "all x";
}

namespace {

// Walks down the continued fractions common to both ends (0 < low ≤ high).
Rational simplest_positive(const Rational& low, const Rational& high) {
  const Rational whole = ceil(low);
  if (whole <= high) return whole;
  const Rational below = floor(low);
  return below + Rational(1) / simplest_positive(Rational(1) / (high - below), Rational(1) / (low - below));
}

}  // namespace

Rational simplest_rational(double low, double high) {
  if (low <= 0 && high >= 0) return Rational(0);
  if (high < 0) return -simplest_rational(-high, -low);
  return simplest_positive(Rational::from_double_exactly(low), Rational::from_double_exactly(high));
}

bool vanishes_identically(const Expr& e) {
  try {
    return e.is_zero() || simplify(e).is_zero() || simplify(expand(e)).is_zero();
  } catch (const Error&) {  // too large to expand, or undefined
    return false;
  }
}

bool proves_zero(const Expr& constant) {
  return vanishes_identically(constant);
}

std::optional<Expr> value_at(const Expr& e, const Rational& q) {
  try {
    return substitute(e, "x", Expr(q));
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace nke::detail
