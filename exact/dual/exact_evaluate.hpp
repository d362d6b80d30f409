// SPDX-License-Identifier: Apache-2.0
// A formula at exact a, b, c over balls, the precision raised until the ball is narrow enough.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke::detail {

/// Where a dual is asked for; d = ab − c², exactly. Refers to a, b and c.
struct ExactPoint {
  ExactPoint(const Rational& a_, const Rational& b_, const Rational& c_) : a(a_), b(b_), c(c_), d(a_ * b_ - c_ * c_) {}

  /// a, b, c, d
  std::array<Ball, 4> at(Precision precision) const;
  /// DomainError unless a, b ≥ 0 and c² ≤ ab.
  void require_covariance() const;
  std::string pair_text() const;  ///< "(a, b) = (1, 2)"

  const Rational& a;
  const Rational& b;
  const Rational& c;
  Rational d;
};

/// A formula in a, b, c and d, kept ready at the precisions at which it was last asked for. Thread-safe.
class ExactFormula {
 public:
  explicit ExactFormula(Expr formula) : formula_(std::move(formula)) {}
  const Expr& expression() const { return formula_; }
  Ball operator()(const ExactPoint& point, Precision precision) const;

 private:
  Expr formula_;
  mutable std::mutex mutex_;
  mutable std::map<long, Evaluator<Ball>> ready_;
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

Evaluation evaluate_until(const ExactFormula& form, const ExactPoint& point, long first_bits, long bit_ceiling,
                          const Aim& aim);

/// A power of two not above 10^(−digits)/8: a ball with this relative radius can be rounded to `digits` decimals, and the result is still within
/// one unit of the last. LimitError outside 1 … exact_digit_limit digits.
Ball relative_unit(int digits);

/// The bits at which a first attempt is made.
long first_bits(int digits);

/// The square of a scale: a formula in a, b, c, d at (a, a, a, 0), from below within a factor of two; nothing if it does
/// not become known that well.
std::optional<Ball> diagonal_from_below(const ExactFormula& form, const Rational& a);

}  // namespace nke::detail
