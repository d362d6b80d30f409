// SPDX-License-Identifier: Apache-2.0
// The value of an expression over double, Mpfr, Ball or ComplexBall.
//
// Definition  each distinct subexpression is computed once. Numbers, pi and e enter at the stated precision (a double:
//             53).
// Degenerate  double and Mpfr: NaN or infinity where undefined. Ball: an enclosure of the values at all points of the
//             argument, non-finite where undefined; the hull of both sides where a switch or a condition is undecided.
//             ComplexBall: the same; with analytic = true non-finite unless holomorphic on the whole box, a switch
//             being decided by real parts.
// Error       double and Mpfr: rounding errors of each operation; no bound is implied. Ball and ComplexBall: rigorous.
// Cost        one operation a node. An Evaluator converts the numbers once and is for many points.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nke/exact/expr/expr.hpp>
#include <nke/exact/real/precision.hpp>

namespace nke {

class Mpfr;
class Ball;
class ComplexBall;

/// T is double, Mpfr, Ball or ComplexBall.
template <class T>
using Bindings = std::map<std::string, T, std::less<>>;

/// An expression in one or several variables, made ready for evaluation at many points. Thread-safe once made.
template <class T>
class Evaluator {
 public:
  /// DomainError if another symbol than the variables occurs.
  Evaluator(const Expr& e, std::string_view variable, Precision precision, bool analytic = false);
  Evaluator(const Expr& e, std::vector<std::string> variables, Precision precision, bool analytic = false);
  T operator()(const T& at) const;
  /// One value for each variable, in their order.
  T operator()(std::span<const T> at) const;

 private:
  struct Tape;
  std::shared_ptr<const Tape> tape_;
};

template <class T>
T evaluate(const Expr& e, const Bindings<T>& bindings, Precision precision, bool analytic = false);

template <class T>
T evaluate(const Expr& e, std::string_view variable, const T& at, Precision precision, bool analytic = false);

/// Over double, literals at 53 bits.
double evaluate(const Expr& e, std::string_view variable, double at);

}  // namespace nke
