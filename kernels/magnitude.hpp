// SPDX-License-Identifier: Apache-2.0
// A nonnegative number of any size: a double and a power of two. Private to kernels.
//
// Why  deep or badly scaled networks multiply variances by the same factor a layer; relu with w = 16 passes 2^1000 at
//      depth 150, and kernels of what follows (a layernorm, a smaller w) are still ordinary numbers.
#pragma once

#include <cmath>

namespace nke {

class Magnitude {
 public:
  Magnitude() = default;
  explicit Magnitude(double value, long exponent = 0) : value_(value), exponent_(exponent) { normalise(); }

  bool is_zero() const { return value_ == 0; }
  /// Infinity or 0 where a double cannot hold it.
  double to_double() const {
    const long e = exponent_ > 5000 ? 5000 : exponent_ < -5000 ? -5000 : exponent_;
    return std::ldexp(value_, static_cast<int>(e));
  }

  friend Magnitude operator*(const Magnitude& x, const Magnitude& y) {
    return Magnitude(x.value_ * y.value_, x.exponent_ + y.exponent_);
  }
  /// 0 if x is 0, whatever y.
  friend double ratio(const Magnitude& x, const Magnitude& y) {
    return x.is_zero() || y.is_zero() ? 0 : Magnitude(x.value_ / y.value_, x.exponent_ - y.exponent_).to_double();
  }
  friend Magnitude power(const Magnitude& x, int p) {
    Magnitude result(1);
    for (int i = 0; i < p; ++i) result = result * x;
    return result;
  }
  /// √(x² + y²)
  friend Magnitude hypot(const Magnitude& x, const Magnitude& y) {
    if (x.is_zero() || y.is_zero()) return x.is_zero() ? y : x;
    const bool x_larger = x.exponent_ >= y.exponent_;
    const Magnitude& large = x_larger ? x : y;
    const Magnitude& small = x_larger ? y : x;
    const long gap = small.exponent_ - large.exponent_;
    if (gap < -100) return large;
    return Magnitude(std::hypot(large.value_, std::ldexp(small.value_, static_cast<int>(gap))), large.exponent_);
  }

 private:
  void normalise() {
    if (value_ == 0 || !std::isfinite(value_)) return;
    int e = 0;
    value_ = std::frexp(value_, &e);
    exponent_ += e;
  }
  double value_ = 0;
  long exponent_ = 0;
};

}  // namespace nke
