// SPDX-License-Identifier: Apache-2.0
// Derived formulas at points of the covariance, with digits to spare.
#pragma once

#include <cmath>
#include <string>

#include <nke/exact/dual/closed_form.hpp>
#include <nke/exact/dual/covariance.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/real/mpfr.hpp>
#include <nke/hermite/dual.hpp>

#include "support.hpp"

namespace nke::test {

struct Point {
  Rational a;
  Rational b;
  Rational c;
};

inline Point point(double a, double b, double rho) {
  const auto exactly = [](double x) { return Rational::from_double_exactly(x); };
  return {exactly(a), exactly(b), exactly(rho * std::sqrt(a * b))};
}

/// a, b, c and d = ab − c² of a point, exactly rounded.
inline Bindings<Mpfr> bindings(const Point& p, Precision precision) {
  Bindings<Mpfr> at;
  at.emplace("a", number<Mpfr>(p.a, precision));
  at.emplace("b", number<Mpfr>(p.b, precision));
  at.emplace("c", number<Mpfr>(p.c, precision));
  at.emplace("d", number<Mpfr>(p.a * p.b - p.c * p.c, precision));
  return at;
}

inline Mpfr value_at(const Expr& e, const Point& p, int digits) {
  const Precision precision = Precision::digits(digits);
  return evaluate<Mpfr>(e, bindings(p, precision), precision);
}

/// At 50 digits, so that what differs differs by mathematics.
inline double value_at(const Expr& e, const Point& p) {
  return value_at(e, p, 50).to_double();
}

inline double double_value_at(const Expr& e, const Point& p) {
  const Bindings<double> at{{"a", p.a.to_double()},
                            {"b", p.b.to_double()},
                            {"c", p.c.to_double()},
                            {"d", (p.a * p.b - p.c * p.c).to_double()}};
  return evaluate<double>(e, at, Precision::of_double());
}

/// √(K(a,a,a) K(b,b,b)): what absolute errors of K are measured against.
inline double scale_of(const ClosedForm& form, const Point& p) {
  return std::sqrt(value_at(form.diagonal, p) * value_at(form.diagonal, {p.b, p.b, p.b}));
}

inline Covariance covariance(const Point& p) {
  return {p.a, p.b, p.c};
}

/// The value, the stable value and both derivatives against integration in doubles.
inline void check_against_integration(const Activation& sigma, const ClosedForm& form, const Point& p) {
  INFO("at " << p.a.to_double() << ", " << p.b.to_double() << ", " << p.c.to_double());
  const DualValue k = dual_activation(sigma, covariance(p));
  const DualValue k_dot = derivative_dual(sigma, covariance(p));
  const double tolerance = k.error_bound + 1e-12 * (scale_of(form, p) + std::abs(k.value));
  CHECK(std::abs(value_at(form.value, p) - k.value) <= tolerance);
  CHECK(std::abs(value_at(form.stable_value, p) - k.value) <= tolerance);
  const double slope_tolerance = k_dot.error_bound + 1e-12 * (std::abs(k_dot.value) + 1);
  CHECK(std::abs(value_at(form.derivative, p) - k_dot.value) <= slope_tolerance);
  CHECK(std::abs(value_at(form.stable_derivative, p) - k_dot.value) <= slope_tolerance);
}

}  // namespace nke::test
