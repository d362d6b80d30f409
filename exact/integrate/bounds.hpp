// SPDX-License-Identifier: Apache-2.0
// How large is f on a box of the complex plane, and is it holomorphic there? The question under every error bound.
//
// Definition  a bound is the logarithm of a number that is at least sup |f| on the box; +infinity unless f is proven
//             holomorphic on all of it; −infinity for f = 0. Logarithms, because e^(R²/4) leaves the range of double.
// Method      f, an expression without switches, is evaluated over the box with balls, every function refusing boxes
//             that meet its branch cuts or poles; a box that comes out infinite is quartered, a limited number of
//             times. A removable singularity is refused like any other: 0/0 on a box is everything.
// Error       one-sided. Sums of logarithms are made in double, and carry a slack of 2^-30 each time: libm and rounding
//             lose less than a millionth of that.
// Cost        1 … 10 µs a box and operation of f.
#pragma once

#include <functional>
#include <limits>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/expr.hpp>
#include <nke/exact/real/complex_ball.hpp>

namespace nke {

/// left ≤ Re z ≤ right, 0 ≤ low ≤ Im z ≤ high.
struct Box {
  double left = 0;
  double right = 0;
  double low = 0;
  double high = 0;
};

/// The bound of an integrand, or of all members of a family of integrands at once.
using LogBound = std::function<double(const Box&)>;

inline constexpr double log_slack = 0x1p-30;
inline constexpr double no_bound = std::numeric_limits<double>::infinity();

/// At least log(e^a + e^b).
double log_sum(double a, double b);

/// A proven bound of an analytic expression in x.
class HolomorphicBound {
 public:
  explicit HolomorphicBound(const Expr& f);
  double operator()(const Box& box) const;
  /// f = 0.
  bool vanishes() const { return vanishes_; }

 private:
  double plain(const Box& box) const;
  double divided(const Box& box, int depth, int& budget) const;

  Evaluator<ComplexBall> value_;
  bool vanishes_;
};

}  // namespace nke
