// SPDX-License-Identifier: Apache-2.0
// Which values can an expression take while x runs over an interval, the interval being allowed to be a half-line?
//
// Definition  a Range is a closed interval [low, high] of the extended reals with ends in double: the set of all
//             *finite* numbers between them. Every operation returns a range that contains the results for all finite
//             operands for which the operation is defined: log([-1, 3]) = [-infinity, log 3], 1/[0, 2] = [1/2,
//             infinity].
// Why         balls have a finite centre and cannot be half-lines; growth bounds and roots on the whole line need them.
// Domain      low ≤ high, low < infinity, high > −infinity, no NaN.
// Degenerate  0·infinity is 0, because infinity is never a value, only the lack of a bound.
// Error       rounded outwards; sums and products that are exact in double stay exact.
#pragma once

#include <limits>
#include <string_view>

#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke {

class Expr;

struct Range {
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  double low = -infinity;
  double high = infinity;

  static constexpr Range everything() { return {-infinity, infinity}; }
  static Range enclosing(const Ball& x) { return {x.lower(), x.upper()}; }
  /// The tightest range of doubles around a fraction.
  static Range enclosing(const Rational& q);

  bool contains(double x) const { return low <= x && x <= high; }
  bool contains_zero() const { return contains(0); }
  bool is_bounded() const { return low > -infinity && high < infinity; }
  bool is_positive() const { return low > 0; }
  bool is_negative() const { return high < 0; }
  /// The largest and the smallest absolute value.
  double magnitude() const;
  double mignitude() const;

  friend bool operator==(const Range&, const Range&) = default;
};

Range operator+(const Range& a, const Range& b);
Range operator-(const Range& a);
Range operator-(const Range& a, const Range& b);
Range operator*(const Range& a, const Range& b);
Range reciprocal(const Range& a);
Range abs(const Range& a);
Range min(const Range& a, const Range& b);
Range max(const Range& a, const Range& b);
/// The smallest range that contains both.
Range hull(const Range& a, const Range& b);
/// a^q: for q with an odd denominator and negative a undefined as everywhere in nke, unless q is an integer.
Range pow(const Range& a, const Rational& q);

/// The range of e, an expression in `variable` alone, while the variable runs over x. Points at which a part of e is
/// not defined are left out; a part that is nowhere defined counts as everything.
Range range_of(const Expr& e, std::string_view variable, const Range& x);

}  // namespace nke
