// SPDX-License-Identifier: Apache-2.0
// exp, log, the logistic functions and those of the normal distribution. Private to function_table.cpp.
#pragma once

#include "code_definitions.hpp"
#include "primitive.hpp"

namespace nke {

template <>
struct Primitive<Function::exp> {
  static constexpr Facts facts{
      "exp",         "\\exp", Arguments::one, FunctionParity::none, RealDomain::everywhere, smooth, Holomorphy::entire,
      Sign::positive};
  static constexpr CodeSpellings code = library("std::exp", "np.exp");
  template <class T>
  static T value(const T& x) {
    return exp(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic) { return exp(z); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    return series::exp_from(exp(u[0]), u);
  }
  static Expr derivative(const Expr& x) { return exp(x); }
  static Exact exact(const Expr& x) {
    if (x.is_zero()) return Expr(1);
    if (x.is_one()) return euler();
    return std::nullopt;
  }
};

template <>
struct Primitive<Function::log> {
  static constexpr Facts facts{
      "log",    "\\log", Arguments::one, FunctionParity::none, RealDomain::positive, smooth, Holomorphy::branches,
      Sign::any};
  static constexpr CodeSpellings code = library("std::log", "np.log");
  template <class T>
  static T value(const T& x) {
    return log(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic analytic) { return log(z, analytic); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    return series::log(u);
  }
  static Expr derivative(const Expr& x) { return 1 / x; }
  static Exact exact(const Expr& x) {
    if (x == euler()) return Expr(1);
    if (!x.is_number()) return std::nullopt;
    if (x.number().sign() <= 0) throw DomainError("log(" + x.number().to_string() + ") is not a real number");
    if (x.is_one()) return Expr(0);
    return std::nullopt;
  }
};

template <>
struct Primitive<Function::erf> {
  static constexpr Facts facts{
      "erf",  "\\operatorname{erf}", Arguments::one, FunctionParity::odd, RealDomain::everywhere,
      smooth, Holomorphy::entire,    Sign::any};
  static constexpr CodeSpellings code = code_of_erf;
  template <class T>
  static T value(const T& x) {
    return erf(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic) { return erf(z); }
  /// The series of 2/√π exp(−u²), the derivative of erf.
  template <class T>
  static std::vector<T> density(const std::vector<T>& u) {
    const T at = 2 * exp(-(u[0] * u[0])) / sqrt(pi<T>(series::precision_of(u[0])));
    return series::exp_from(at, series::scale(T(-1), series::multiply(u, u)));
  }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    return series::integrate(erf(u[0]), density(u), u);
  }
  static Expr derivative(const Expr& x) { return 2 * exp(-pow(x, 2)) / sqrt(pi()); }
  static Exact exact(const Expr& x) { return x.is_zero() ? Exact(Expr(0)) : std::nullopt; }
};

template <>
struct Primitive<Function::erfc> {
  static constexpr Facts facts{
      "erfc", "\\operatorname{erfc}", Arguments::one, FunctionParity::none, RealDomain::everywhere,
      smooth, Holomorphy::entire,     Sign::positive};
  static constexpr CodeSpellings code = code_of_erfc;
  template <class T>
  static T value(const T& x) {
    return erfc(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic) { return erfc(z); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    return series::integrate(erfc(u[0]), series::scale(T(-1), Primitive<Function::erf>::density(u)), u);
  }
  static Expr derivative(const Expr& x) { return -2 * exp(-pow(x, 2)) / sqrt(pi()); }
  static Exact exact(const Expr& x) { return x.is_zero() ? Exact(Expr(1)) : std::nullopt; }
};

template <>
struct Primitive<Function::phi> {
  static constexpr Facts facts{"phi",  "\\varphi",         Arguments::one, FunctionParity::even, RealDomain::everywhere,
                               smooth, Holomorphy::entire, Sign::positive};
  static constexpr CodeSpellings code = code_of_phi;
  template <class T>
  static T value(const T& x) {
    return phi(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic) { return phi(z); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    std::vector<T> exponent = series::multiply(u, u);
    for (T& c : exponent) c = -(c / 2);
    return series::exp_from(phi(u[0]), exponent);
  }
  static Expr derivative(const Expr& x) { return -x * phi(x); }
  static Exact exact(const Expr& x) { return x.is_zero() ? Exact(1 / sqrt(2 * pi())) : std::nullopt; }
};

template <>
struct Primitive<Function::Phi> {
  static constexpr Facts facts{
      "Phi",         "\\Phi", Arguments::one, FunctionParity::none, RealDomain::everywhere, smooth, Holomorphy::entire,
      Sign::positive};
  static constexpr CodeSpellings code = code_of_Phi;
  template <class T>
  static T value(const T& x) {
    return Phi(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic) { return Phi(z); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    return series::integrate(Phi(u[0]), Primitive<Function::phi>::series(u), u);
  }
  static Expr derivative(const Expr& x) { return phi(x); }
  static Exact exact(const Expr& x) { return x.is_zero() ? Exact(Expr(Rational(1, 2))) : std::nullopt; }
};

template <>
struct Primitive<Function::sigmoid> {
  static constexpr Facts facts{
      "sigmoid", "\\operatorname{sigmoid}", Arguments::one, FunctionParity::none, RealDomain::everywhere,
      smooth,    Holomorphy::poles,         Sign::positive};
  static constexpr CodeSpellings code = code_of_sigmoid;
  template <class T>
  static T value(const T& x) {
    return sigmoid(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic) { return sigmoid(z); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {  // S' = S(x) S(−x) = S − S²
    const T value = sigmoid(u[0]);
    return series::riccati<T>(u, value, value * sigmoid(-u[0]), 1, -1);
  }
  static Expr derivative(const Expr& x) { return sigmoid(x) * sigmoid(-x); }
  static Exact exact(const Expr& x) { return x.is_zero() ? Exact(Expr(Rational(1, 2))) : std::nullopt; }
};

template <>
struct Primitive<Function::softplus> {
  static constexpr Facts facts{
      "softplus", "\\operatorname{softplus}", Arguments::one, FunctionParity::none, RealDomain::everywhere,
      smooth,     Holomorphy::branches,       Sign::positive};
  static constexpr CodeSpellings code = code_of_softplus;
  template <class T>
  static T value(const T& x) {
    return softplus(x);
  }
  static ComplexBall complex(const ComplexBall& z, Analytic analytic) { return softplus(z, analytic); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& u) {
    return series::integrate(softplus(u[0]), Primitive<Function::sigmoid>::series(u), u);
  }
  static Expr derivative(const Expr& x) { return sigmoid(x); }
  static Exact exact(const Expr& x) { return x.is_zero() ? Exact(log(Expr(2))) : std::nullopt; }
};

}  // namespace nke
