// SPDX-License-Identifier: Apache-2.0
// A point of the real line that is known as the root of something, and how two of them compare.
#pragma once

#include <optional>

#include <nke/exact/expr/expr.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke::detail {

/// Bits that locations are computed to: 100 digits, so that later floors may integrate at 50 without asking again.
inline constexpr long location_bits = 350;

struct Point {
  Ball location;  ///< contains no other root of `defining`
  std::optional<Rational> exact;
  Expr defining;        ///< an expression in x that vanishes here
  bool certain = true;  ///< false where a root could be neither found nor excluded

  static Point at(const Rational& q);
};

enum class Order { less, same, greater, unknown };

/// Same only if proven: equal fractions, or overlapping enclosures of a root of one function.
Order compare(const Point& a, const Point& b);

/// An open interval; a missing end is infinite.
struct Interval {
  std::optional<Point> left;
  std::optional<Point> right;

  /// A number strictly inside, exact or nearly so.
  Ball sample() const;
  /// Doubles outside of or at the ends.
  double lower() const;
  double upper() const;
};

/// "-1 < x < 2", "x > 0", "all x".
std::string to_text(const Interval& interval);

/// The fraction of least denominator in [low, high], which are finite.
Rational simplest_rational(double low, double high);

/// Whether a constant expression is proven to be 0, by rules alone. False if undefined.
bool proves_zero(const Expr& constant);
/// Whether e is proven to vanish identically.
bool vanishes_identically(const Expr& e);
/// e at x = q, if defined there.
std::optional<Expr> value_at(const Expr& e, const Rational& q);

}  // namespace nke::detail
