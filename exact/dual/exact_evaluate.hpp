// SPDX-License-Identifier: Apache-2.0
// A formula at exact a, b, c over balls, the precision raised until the ball is narrow enough.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke::detail {

/// Where a dual is asked for; d = ab − c², exactly.
struct ExactPoint {
  ExactPoint(const Rational& a_, const Rational& b_, const Rational& c_) : a(a_), b(b_), c(c_), d(a_ * b_ - c_ * c_) {}

  Bindings<Ball> at(Precision precision) const;
  std::string pair_text() const;  ///< "(a, b) = (1, 2)"

  Rational a;
  Rational b;
  Rational c;
  Rational d;
};

/// When a ball will do, and if not, how many bits it lacks.
struct Aim {
  std::function<bool(const Ball&)> reached;
  std::function<long(const Ball&)> missing_bits;
};

struct Evaluation {
  Ball value;
  long bits;               ///< at which the last value was computed
  bool reached = false;    ///< otherwise the ceiling stopped it, or
  bool undefined = false;  ///< the formula is not defined there: twice no finite ball
};

Evaluation evaluate_until(const Expr& form, const ExactPoint& point, long first_bits, long bit_ceiling, const Aim& aim);

/// 10^(−digits)/8: a ball with this relative radius can be rounded to `digits` decimals, and the result is still within
/// one unit of the last. LimitError outside 1 … exact_digit_limit digits.
Ball relative_unit(int digits);

/// The bits at which a first attempt is made.
long first_bits(int digits);

/// The square of a scale: a formula in a, b, c, d at (a, a, a, 0), from below within a factor of two; nothing if it does
/// not become known that well.
std::optional<Ball> diagonal_from_below(const Expr& form, const Rational& a);

}  // namespace nke::detail
