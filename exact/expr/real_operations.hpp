// SPDX-License-Identifier: Apache-2.0
// What evaluate() and taylor() ask of a number beyond number.hpp: rational powers, comparisons that may stay undecided,
// and a choice between values. Private to exact/expr.
#pragma once

#include <cmath>

#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/complex_ball.hpp>
#include <nke/exact/real/mpfr.hpp>
#include <nke/exact/real/number.hpp>

#include "expr_node.hpp"

namespace nke {

/// The argument with at least the working precision: an exact integer carries none.
inline double prepared(double x, Precision) {
  return x;
}
template <class T>
T prepared(const T& x, Precision precision) {
  return x.bits() >= precision.bits() ? x : x.at_precision(precision);
}
inline ComplexBall prepared(const ComplexBall& z, Precision precision) {
  return ComplexBall(prepared(z.re(), precision), prepared(z.im(), precision));
}

inline bool lacks_precision(double, Precision) {
  return false;
}
template <class T>
bool lacks_precision(const T& x, Precision precision) {
  return x.bits() < precision.bits();
}

inline double square_root(double x, bool) {
  return std::sqrt(x);
}
template <class T>
T square_root(const T& x, bool) {
  return sqrt(x);
}
inline ComplexBall square_root(const ComplexBall& z, bool analytic) {
  return sqrt(z, analytic ? Analytic::yes : Analytic::no);
}

template <class T>
T general_power(const T& x, const T& y, bool) {
  return pow(x, y);
}
inline ComplexBall general_power(const ComplexBall& z, const ComplexBall& w, bool analytic) {
  return pow(z, w, analytic ? Analytic::yes : Analytic::no);
}

/// x^r; half-integers by the square root, which is correctly rounded and faster.
template <class T>
T rational_power(const T& x, const Rational& r, Precision precision, bool analytic) {
  if (const auto n = r.to_long()) return pow_int(x, *n);
  if (mpz_cmp_ui(mpq_denref(r.value().get_mpq_t()), 2) == 0 && mpz_fits_slong_p(mpq_numref(r.value().get_mpq_t()))) {
    const T root = square_root(x, analytic);
    const long n = mpz_get_si(mpq_numref(r.value().get_mpq_t()));
    return n == 1 ? root : pow_int(root, n);
  }
  return general_power(x, number<T>(r, precision), analytic);
}

/// Whether a value can be compared at all: not NaN, not a ball that says nothing.
inline bool comparable(double x) {
  return !std::isnan(x);
}
inline bool comparable(const Mpfr& x) {
  return mpfr_nan_p(x.data()) == 0;
}
inline bool comparable(const Ball& x) {
  return x.is_finite();
}
inline bool comparable(const ComplexBall& z) {
  return z.is_finite();
}

/// Whether left < right (or <=) holds; unknown for balls that do not decide. Complex: by real parts.
inline Truth compared(double left, double right, bool strict) {
  return (strict ? left < right : left <= right) ? Truth::yes : Truth::no;
}
inline Truth compared(const Mpfr& left, const Mpfr& right, bool strict) {
  return (strict ? left < right : left <= right) ? Truth::yes : Truth::no;
}
inline Truth compared(const Ball& left, const Ball& right, bool strict) {
  if (strict ? certainly_less(left, right) : certainly_less_equal(left, right)) return Truth::yes;
  if (strict ? certainly_less_equal(right, left) : certainly_less(right, left)) return Truth::no;
  return Truth::unknown;
}
inline Truth compared(const ComplexBall& left, const ComplexBall& right, bool strict) {
  return compared(left.re(), right.re(), strict);
}

/// A value that may be either: the hull for balls, NaN for plain numbers, which cannot say so.
inline double either(double, double, Precision) {
  return std::nan("");
}
inline Mpfr either(const Mpfr&, const Mpfr&, Precision precision) {
  return Mpfr::from_double_exactly(std::nan(""), precision);
}
inline Ball either(const Ball& a, const Ball& b, Precision) {
  return hull(a, b);
}
inline ComplexBall either(const ComplexBall& a, const ComplexBall& b, Precision) {
  return ComplexBall(hull(a.re(), b.re()), hull(a.im(), b.im()));
}

template <class T>
T undefined(Precision precision) {
  return T::indeterminate(precision);
}
template <>
inline double undefined<double>(Precision) {
  return std::nan("");
}
template <>
inline Mpfr undefined<Mpfr>(Precision precision) {
  return Mpfr::from_double_exactly(std::nan(""), precision);
}

inline double called(const FunctionRow& row, std::span<const double> x, bool) {
  return row.over_double.value(x);
}
inline Mpfr called(const FunctionRow& row, std::span<const Mpfr> x, bool) {
  return row.over_mpfr.value(x);
}
inline Ball called(const FunctionRow& row, std::span<const Ball> x, bool) {
  return row.over_ball.value(x);
}
inline ComplexBall called(const FunctionRow& row, std::span<const ComplexBall> x, bool analytic) {
  return row.over_complex_ball(x, analytic);
}

}  // namespace nke
