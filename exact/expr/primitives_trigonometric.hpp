// SPDX-License-Identifier: Apache-2.0
// The circular and hyperbolic functions and their inverses. Private to function_table.cpp.
#pragma once

#include "inverse_functions.hpp"
#include "primitive.hpp"

namespace nke {

/// sin(r pi) or cos(r pi) for 2r an integer, from the quarter turns.
inline Exact quarter_turns(const Rational& r, int shift) {
  const auto quarters = (r * Rational(2)).to_long();
  if (!quarters) return std::nullopt;
  constexpr int sine[] = {0, 1, 0, -1};
  return Expr(sine[(((*quarters % 4) + 4) % 4 + shift) % 4]);
}

template <>
struct Primitive<Function::sin> {
  static constexpr Facts facts{
      "sin",    "\\sin", Arguments::one, FunctionParity::odd, RealDomain::everywhere, smooth, Holomorphy::entire,
      Sign::any};
  static constexpr CodeSpellings code = library("std::sin", "np.sin");
  template <class T>
  static T value(const T& x) {
    return sin(reducible(x));
  }
  static ComplexBall complex(const ComplexBall& z, Analytic) { return sin(z); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    return series::sine_and_cosine<T>(u, sin(reducible(u[0])), cos(reducible(u[0])), -1).first;
  }
  static Expr derivative(const Expr& x) { return cos(x); }
  static Exact exact(const Expr& x) {
    const auto turns = multiple_of_pi(x);
    return turns ? quarter_turns(*turns, 0) : std::nullopt;
  }
};

template <>
struct Primitive<Function::cos> {
  static constexpr Facts facts{
      "cos",    "\\cos", Arguments::one, FunctionParity::even, RealDomain::everywhere, smooth, Holomorphy::entire,
      Sign::any};
  static constexpr CodeSpellings code = library("std::cos", "np.cos");
  template <class T>
  static T value(const T& x) {
    return cos(reducible(x));
  }
  static ComplexBall complex(const ComplexBall& z, Analytic) { return cos(z); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    return series::sine_and_cosine<T>(u, sin(reducible(u[0])), cos(reducible(u[0])), -1).second;
  }
  static Expr derivative(const Expr& x) { return -sin(x); }
  static Exact exact(const Expr& x) {
    const auto turns = multiple_of_pi(x);
    return turns ? quarter_turns(*turns, 1) : std::nullopt;
  }
};

template <>
struct Primitive<Function::tan> {
  static constexpr Facts facts{"tan",  "\\tan",           Arguments::one, FunctionParity::odd, RealDomain::off_poles,
                               smooth, Holomorphy::poles, Sign::any};
  static constexpr CodeSpellings code = library("std::tan", "np.tan");
  template <class T>
  static T value(const T& x) {
    return tan(reducible(x));
  }
  static ComplexBall complex(const ComplexBall& z, Analytic) { return tan(z); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {  // T' = 1 + T²
    const T value = tan(reducible(u[0]));
    return series::riccati<T>(u, value, 1 + value * value, 0, 1);
  }
  static Expr derivative(const Expr& x) { return 1 + pow(tan(x), 2); }
  static Exact exact(const Expr& x) {
    const auto turns = multiple_of_pi(x);
    if (!turns) return std::nullopt;
    if (turns->is_integer()) return Expr(0);
    if ((*turns * Rational(2)).is_integer()) throw DomainError("tan has a pole at " + turns->to_string() + "*pi");
    return std::nullopt;
  }
};

template <>
struct Primitive<Function::asin> {
  static constexpr Facts facts{
      "asin", "\\arcsin",           Arguments::one, FunctionParity::odd, RealDomain::unit_interval,
      smooth, Holomorphy::branches, Sign::any};
  static constexpr CodeSpellings code = library("std::asin", "np.arcsin");
  template <class T>
  static T value(const T& x) {
    return arc_sine(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic analytic) { return arc_sine(z, analytic); }
  /// The series of (1 − u²)^(−1/2).
  template <class T>
  static std::vector<T> derivative_series(const std::vector<T>& u) {
    std::vector<T> rest = series::scale(T(-1), series::multiply(u, u));
    rest[0] = (1 - u[0]) * (1 + u[0]);
    return series::power<T>(rest, 1 / sqrt(rest[0]), Rational(-1, 2));
  }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    return series::undefined_where_value_is(series::integrate(arc_sine(u[0]), derivative_series(u), u));
  }
  static Expr derivative(const Expr& x) { return 1 / sqrt(1 - pow(x, 2)); }
  static Exact exact(const Expr& x) {
    if (!x.is_number()) return std::nullopt;
    if (abs(x.number()) > Rational(1)) throw DomainError("asin(" + x.number().to_string() + ") is not a real number");
    if (x.number().is_integer()) return x * pi() / 2;
    return std::nullopt;
  }
};

template <>
struct Primitive<Function::acos> {
  static constexpr Facts facts{
      "acos", "\\arccos",           Arguments::one,   FunctionParity::none, RealDomain::unit_interval,
      smooth, Holomorphy::branches, Sign::nonnegative};
  static constexpr CodeSpellings code = library("std::acos", "np.arccos");
  template <class T>
  static T value(const T& x) {
    return arc_cosine(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic analytic) { return arc_cosine(z, analytic); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    const auto slope = series::scale(T(-1), Primitive<Function::asin>::derivative_series(u));
    return series::undefined_where_value_is(series::integrate(arc_cosine(u[0]), slope, u));
  }
  static Expr derivative(const Expr& x) { return -1 / sqrt(1 - pow(x, 2)); }
  static Exact exact(const Expr& x) {
    if (!x.is_number()) return std::nullopt;
    if (abs(x.number()) > Rational(1)) throw DomainError("acos(" + x.number().to_string() + ") is not a real number");
    if (x.number().is_integer()) return (1 - x) * pi() / 2;
    return std::nullopt;
  }
};

template <>
struct Primitive<Function::atan> {
  static constexpr Facts facts{
      "atan", "\\arctan",           Arguments::one, FunctionParity::odd, RealDomain::everywhere,
      smooth, Holomorphy::branches, Sign::any};
  static constexpr CodeSpellings code = library("std::atan", "np.arctan");
  template <class T>
  static T value(const T& x) {
    return atan(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic analytic) { return atan(z, analytic); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    std::vector<T> one = series::power(u, 0);
    return series::integrate(atan(u[0]), series::divide(one, series::add(one, series::multiply(u, u))), u);
  }
  static Expr derivative(const Expr& x) { return 1 / (1 + pow(x, 2)); }
  static Exact exact(const Expr& x) {
    if (x.is_number() && abs(x.number()) == Rational(1)) return x * pi() / 4;
    return x.is_zero() ? Exact(Expr(0)) : std::nullopt;
  }
};

template <>
struct Primitive<Function::atan2> {
  static constexpr Facts facts{
      "atan2", "\\operatorname{atan2}", Arguments::two, FunctionParity::none, RealDomain::off_negative_axis,
      smooth,  Holomorphy::branches,    Sign::any};
  static constexpr CodeSpellings code = library("std::atan2", "np.arctan2");
  template <class T>
  static T value(const T& y, const T& x) {
    return arc_tangent(y, x);
  }
  static ComplexBall complex(const ComplexBall& y, const ComplexBall& x, Analytic analytic) {
    return arc_tangent(y, x, analytic);
  }
  template <class T>
  static std::vector<T> series(const std::vector<T>& y, const std::vector<T>& x) {  // A' = (x y' − y x')/(x² + y²)
    const std::vector<T> square = series::add(series::multiply(x, x), series::multiply(y, y));
    const std::vector<T> zero = series::scale(T(0), series::power(x, 0));
    const std::vector<T> turn_by_y = series::integrate(zero[0], series::divide(x, square), y);
    const std::vector<T> turn_by_x = series::integrate(zero[0], series::divide(y, square), x);
    std::vector<T> f = series::add(turn_by_y, series::scale(T(-1), turn_by_x));
    f[0] = arc_tangent(y[0], x[0]);
    return series::undefined_where_value_is(std::move(f));
  }
  static Expr derivative(const Expr& y, const Expr& x, std::size_t i) {
    const Expr square = pow(x, 2) + pow(y, 2);
    return i == 0 ? x / square : -y / square;
  }
  static Exact exact(const Expr& y, const Expr& x) {
    if (y.is_zero() && x.is_zero()) throw DomainError("atan2(0, 0) is undefined");
    if (y.is_zero() && x.positive()) return Expr(0);
    if (x.is_zero() && y.positive()) return pi() / 2;
    if (x.is_zero() && (-y).positive()) return -pi() / 2;
    return std::nullopt;
  }
};

template <>
struct Primitive<Function::sinh> {
  static constexpr Facts facts{"sinh", "\\sinh",           Arguments::one, FunctionParity::odd, RealDomain::everywhere,
                               smooth, Holomorphy::entire, Sign::any};
  static constexpr CodeSpellings code = library("std::sinh", "np.sinh");
  template <class T>
  static T value(const T& x) {
    return sinh(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic) { return sinh(z); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    return series::sine_and_cosine<T>(u, sinh(u[0]), cosh(u[0]), 1).first;
  }
  static Expr derivative(const Expr& x) { return cosh(x); }
  static Exact exact(const Expr& x) { return x.is_zero() ? Exact(Expr(0)) : std::nullopt; }
};

template <>
struct Primitive<Function::cosh> {
  static constexpr Facts facts{"cosh", "\\cosh",           Arguments::one, FunctionParity::even, RealDomain::everywhere,
                               smooth, Holomorphy::entire, Sign::positive};
  static constexpr CodeSpellings code = library("std::cosh", "np.cosh");
  template <class T>
  static T value(const T& x) {
    return cosh(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic) { return cosh(z); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    return series::sine_and_cosine<T>(u, sinh(u[0]), cosh(u[0]), 1).second;
  }
  static Expr derivative(const Expr& x) { return sinh(x); }
  static Exact exact(const Expr& x) { return x.is_zero() ? Exact(Expr(1)) : std::nullopt; }
};

template <>
struct Primitive<Function::tanh> {
  static constexpr Facts facts{"tanh", "\\tanh",          Arguments::one, FunctionParity::odd, RealDomain::everywhere,
                               smooth, Holomorphy::poles, Sign::any};
  static constexpr CodeSpellings code = library("std::tanh", "np.tanh");
  template <class T>
  static T value(const T& x) {
    return tanh(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic) { return tanh(z); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {  // T' = 1 − T², and 1 − T_0² = 1/cosh² without cancellation
    const T c = cosh(u[0]);
    return series::riccati<T>(u, tanh(u[0]), 1 / (c * c), 0, -1);
  }
  static Expr derivative(const Expr& x) { return 1 - pow(tanh(x), 2); }
  static Exact exact(const Expr& x) { return x.is_zero() ? Exact(Expr(0)) : std::nullopt; }
};

}  // namespace nke
