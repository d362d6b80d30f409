// SPDX-License-Identifier: Apache-2.0
// What a formula may ask of a number, whatever its type: double, Mpfr, Ball, ComplexBall.
//
// Definition  the concept Real, and one set of function names found by argument-dependent lookup. Each type declares
//             its own functions in its own header; here are those of double. Phi(x) = erfc(−x/√2)/2 and
//             phi(x) = exp(−x²/2)/√(2π) are the normal distribution and its density,
//             sigmoid(x) = 1/(1 + e^−x), softplus(x) = log(1 + e^x).
// Degenerate  step(0) = 1/2 and sign(0) = 0: the mean of both sides, which is what integrals against a density see.
//             0 to the power 0 is 1.
// Error       double: those of <cmath>; sigmoid, softplus and phi within 4 ulp, Phi within 8, wherever the result is a
//             normal number, so softplus(−700) has all its digits and nothing overflows on the way.
#pragma once

#ifdef __FAST_MATH__
#error "nke does not survive -ffast-math: NaN must stay NaN and a compensated sum must stay compensated"
#endif

#include <cmath>
#include <concepts>

#include <nke/exact/real/precision.hpp>

namespace nke {

class Rational;

using std::abs;
using std::atan;
using std::atan2;
using std::cos;
using std::cosh;
using std::erf;
using std::erfc;
using std::exp;
using std::expm1;
using std::log;
using std::log1p;
using std::pow;
using std::sin;
using std::sinh;
using std::sqrt;
using std::tan;
using std::tanh;

/// −1, 0 or 1; NaN for NaN.
inline double sign(double x) {
  return x > 0 ? 1.0 : x < 0 ? -1.0 : x == 0 ? 0.0 : x;
}
/// 0, 1/2 or 1; NaN for NaN.
inline double step(double x) {
  return x > 0 ? 1.0 : x < 0 ? 0.0 : x == 0 ? 0.5 : x;
}
/// NaN if either is NaN, unlike std::min.
inline double min(double a, double b) {
  return a < b || a != a ? a : b;
}
inline double max(double a, double b) {
  return a > b || a != a ? a : b;
}
double Phi(double x);
double phi(double x);
double sigmoid(double x);
double softplus(double x);
/// x to an integer power.
double pow_int(double x, long n);

/// The number of type T closest to q, or enclosing it, at this precision (which double ignores).
template <class T>
T number(const Rational& q, Precision precision);
/// The constants π and e.
template <class T>
T pi(Precision precision);
template <class T>
T euler(Precision precision);

template <>
double number<double>(const Rational& q, Precision precision);
template <>
double pi<double>(Precision precision);
template <>
double euler<double>(Precision precision);

/// The numbers that formulas are written in. A template over Real never compares: on balls that is a proof, not a bool.
template <class T>
concept Real = std::copyable<T> && std::constructible_from<T, int> && requires(const T& x, const T& y, long n) {
  { x + y } -> std::same_as<T>;
  { x - y } -> std::same_as<T>;
  { x* y } -> std::same_as<T>;
  { x / y } -> std::same_as<T>;
  { -x } -> std::same_as<T>;
  { exp(x) } -> std::same_as<T>;
  { log(x) } -> std::same_as<T>;
  { sqrt(x) } -> std::same_as<T>;
  { sin(x) } -> std::same_as<T>;
  { cos(x) } -> std::same_as<T>;
  { tan(x) } -> std::same_as<T>;
  { sinh(x) } -> std::same_as<T>;
  { cosh(x) } -> std::same_as<T>;
  { tanh(x) } -> std::same_as<T>;
  { atan(x) } -> std::same_as<T>;
  { erf(x) } -> std::same_as<T>;
  { erfc(x) } -> std::same_as<T>;
  { Phi(x) } -> std::same_as<T>;
  { phi(x) } -> std::same_as<T>;
  { sigmoid(x) } -> std::same_as<T>;
  { softplus(x) } -> std::same_as<T>;
  { abs(x) } -> std::same_as<T>;
  { sign(x) } -> std::same_as<T>;
  { step(x) } -> std::same_as<T>;
  { min(x, y) } -> std::same_as<T>;
  { max(x, y) } -> std::same_as<T>;
  { pow(x, y) } -> std::same_as<T>;
  { pow_int(x, n) } -> std::same_as<T>;
};

static_assert(Real<double>);

}  // namespace nke
