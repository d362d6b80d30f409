// SPDX-License-Identifier: Apache-2.0
// The primitives that switch from one analytic function to another. Private to function_table.cpp.
#pragma once

#include "code_definitions.hpp"
#include "primitive.hpp"

namespace nke {

/// A constant series, undefined where the value is.
template <class T>
std::vector<T> constant_series(std::size_t size, const T& value) {
  std::vector<T> f(size, value * 0);
  f[0] = value;
  return f;
}

template <>
struct Primitive<Function::abs> {
  static constexpr Facts facts{"abs",
                               "|",
                               Arguments::one,
                               FunctionParity::even,
                               RealDomain::everywhere,
                               kink_at_zero,
                               Holomorphy::switches,
                               Sign::nonnegative};
  static constexpr CodeSpellings code = library("std::fabs", "np.abs");
  template <class T>
  static T value(const T& x) {
    return abs(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic analytic) { return abs(z, analytic); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    std::vector<T> f = series::scale(sign(u[0]), u);
    f[0] = abs(u[0]);
    return f;
  }
  static Expr derivative(const Expr& x) { return sign(x); }
  static Exact exact(const Expr& x) {
    if (x.is_number()) return Expr(abs(x.number()));
    if (x.nonnegative()) return x;
    return std::nullopt;
  }
};

template <>
struct Primitive<Function::sign> {
  static constexpr Facts facts{
      "sign",       "\\operatorname{sign}", Arguments::one, FunctionParity::odd, RealDomain::everywhere,
      jump_at_zero, Holomorphy::switches,   Sign::any};
  static constexpr CodeSpellings code = code_of_sign;
  template <class T>
  static T value(const T& x) {
    return sign(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic analytic) { return sign(z, analytic); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    return constant_series(u.size(), sign(u[0]));
  }
  static Expr derivative(const Expr&) { return {}; }
  static Exact exact(const Expr& x) {
    if (x.is_number()) return Expr(x.number().sign());
    if (x.positive()) return Expr(1);
    return std::nullopt;
  }
};

template <>
struct Primitive<Function::step> {
  static constexpr Facts facts{
      "step",       "\\operatorname{step}", Arguments::one,   FunctionParity::none, RealDomain::everywhere,
      jump_at_zero, Holomorphy::switches,   Sign::nonnegative};
  static constexpr CodeSpellings code = code_of_step;
  template <class T>
  static T value(const T& x) {
    return step(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic analytic) { return step(z, analytic); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    return constant_series(u.size(), step(u[0]));
  }
  static Expr derivative(const Expr&) { return {}; }
  static Exact exact(const Expr& x) {
    if (x.is_number()) return Expr(Rational(1 + x.number().sign(), 2));
    if (x.positive()) return Expr(1);
    return std::nullopt;
  }
};

template <>
struct Primitive<Function::max> {
  static constexpr Facts facts{"max",
                               "\\max",
                               Arguments::two_symmetric,
                               FunctionParity::none,
                               RealDomain::everywhere,
                               kink_where_equal,
                               Holomorphy::switches,
                               Sign::any};
  static constexpr CodeSpellings code = library("std::fmax", "np.maximum");
  template <class T>
  static T value(const T& a, const T& b) {
    return max(a, b);
  }
  static ComplexBall complex(const ComplexBall& a, const ComplexBall& b, Analytic analytic) {
    return max(a, b, analytic);
  }
  template <class T>
  static std::vector<T> series(const std::vector<T>& a, const std::vector<T>& b) {
    std::vector<T> f = series::blend(T(step(a[0] - b[0])), a, b);
    f[0] = max(a[0], b[0]);
    return f;
  }
  static Expr derivative(const Expr& a, const Expr& b, std::size_t i) { return i == 0 ? step(a - b) : step(b - a); }
  static Exact exact(const Expr& a, const Expr& b) {
    if (a == b) return a;
    if (a.is_number() && b.is_number()) return a.number() < b.number() ? b : a;
    return std::nullopt;
  }
};

template <>
struct Primitive<Function::min> {
  static constexpr Facts facts{"min",
                               "\\min",
                               Arguments::two_symmetric,
                               FunctionParity::none,
                               RealDomain::everywhere,
                               kink_where_equal,
                               Holomorphy::switches,
                               Sign::any};
  static constexpr CodeSpellings code = library("std::fmin", "np.minimum");
  template <class T>
  static T value(const T& a, const T& b) {
    return min(a, b);
  }
  static ComplexBall complex(const ComplexBall& a, const ComplexBall& b, Analytic analytic) {
    return min(a, b, analytic);
  }
  template <class T>
  static std::vector<T> series(const std::vector<T>& a, const std::vector<T>& b) {
    std::vector<T> f = series::blend(T(step(b[0] - a[0])), a, b);
    f[0] = min(a[0], b[0]);
    return f;
  }
  static Expr derivative(const Expr& a, const Expr& b, std::size_t i) { return i == 0 ? step(b - a) : step(a - b); }
  static Exact exact(const Expr& a, const Expr& b) {
    if (a == b) return a;
    if (a.is_number() && b.is_number()) return a.number() < b.number() ? a : b;
    return std::nullopt;
  }
};

}  // namespace nke
