// SPDX-License-Identifier: Apache-2.0
// arcsin and arccos of all number types, and sin and cos of very large ones. Private to exact/expr.
#pragma once

#include <cmath>

#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/complex_ball.hpp>
#include <nke/exact/real/mpfr.hpp>

namespace nke {

inline double arc_sine(double x) {
  return std::asin(x);
}
inline double arc_cosine(double x) {
  return std::acos(x);
}
// Adding 0 makes a positive zero of a negative one: on its cut atan2 is pi, whatever the sign of the zero.
inline double arc_tangent(double y, double x) {
  return std::atan2(y + 0.0, x);
}
inline Mpfr arc_tangent(const Mpfr& y, const Mpfr& x) {
  return atan2(y + 0, x);
}
/// atan2 of an undefined argument is undefined, though every angle lies in [−π, π].
inline Ball arc_tangent(const Ball& y, const Ball& x) {
  if (!y.is_finite()) return y;
  return x.is_finite() ? atan2(y, x) : x;
}
/// By atan2, with (1 − x)(1 + x) in place of 1 − x², so that no digits are lost near ±1.
template <class T>
T arc_sine(const T& x) {
  return arc_tangent(x, T(sqrt((1 - x) * (1 + x))));
}
template <class T>
T arc_cosine(const T& x) {
  return arc_tangent(T(sqrt((1 - x) * (1 + x))), x);
}

// The cuts of arcsin and arccos run outwards from ±1 along the real axis. atan2(y, x) is continued from the real points
// off its cut y = 0, x <= 0; where the real parts do not say on which side of it the box lies, the result is not
// finite.
ComplexBall arc_sine(const ComplexBall& z, Analytic analytic);
ComplexBall arc_cosine(const ComplexBall& z, Analytic analytic);
ComplexBall arc_tangent(const ComplexBall& y, const ComplexBall& x, Analytic analytic);

/// x itself, but NaN for an Mpfr past 2^1000000: its period would have to be known to as many bits.
template <class T>
const T& reducible(const T& x) {
  return x;
}
inline Mpfr reducible(const Mpfr& x) {
  constexpr mpfr_exp_t largest_exponent = 1'000'000;
  if (mpfr_regular_p(x.data()) != 0 && mpfr_get_exp(x.data()) > largest_exponent) {
    return Mpfr::from_double_exactly(std::nan(""), Precision::bits(x.bits()));
  }
  return x;
}

}  // namespace nke
