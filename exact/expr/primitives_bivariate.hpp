// SPDX-License-Identifier: Apache-2.0
// The distribution function of two correlated normal variables. Private to function_table.cpp.
#pragma once

#include <nke/exact/real/bivariate.hpp>

#include "code_bivariate.hpp"
#include "primitives_exponential.hpp"

namespace nke {

template <>
struct Primitive<Function::Phi2> {
  static constexpr Facts facts{"Phi2",
                               "\\Phi_2",
                               Arguments::four_symmetric,
                               FunctionParity::none,
                               RealDomain::upper_half_plane,
                               smooth,
                               Holomorphy::branches,
                               Sign::nonnegative};
  static constexpr CodeSpellings code = code_of_Phi2;
  template <class T>
  static T value(const T& h, const T& k, const T& x, const T& y) {
    return Phi2(h, k, x, y);
  }
  static ComplexBall complex(const ComplexBall& h, const ComplexBall& k, const ComplexBall& x, const ComplexBall& y,
                             Analytic analytic) {
    return Phi2(h, k, x, y, analytic);
  }
  // With w_h = (k s − x h)/y and w_k = (h s − x k)/y, s = √(x²+y²):
  // F' = φ(h) Φ(w_h) h' + φ(k) Φ(w_k) k' + φ(h) φ(w_h) (y x' − x y')/s².
  template <class T>
  static std::vector<T> series(const std::vector<T>& h, const std::vector<T>& k, const std::vector<T>& x,
                               const std::vector<T>& y) {
    using series::add;
    using series::divide;
    using series::multiply;
    using series::scale;
    const T value = Phi2(h[0], k[0], x[0], y[0]);
    const std::vector<T> square = add(multiply(x, x), multiply(y, y));
    const std::vector<T> s = series::power<T>(square, sqrt(square[0]), Rational(1, 2));
    const auto along = [&](const std::vector<T>& from, const std::vector<T>& to) {
      return divide(add(multiply(to, s), scale(T(-1), multiply(x, from))), y);
    };
    const std::vector<T> w = along(h, k);
    const std::vector<T> density_h = Primitive<Function::phi>::series(h);
    const std::vector<T> density_k = Primitive<Function::phi>::series(k);
    const std::vector<T> by_angle = divide(multiply(density_h, Primitive<Function::phi>::series(w)), square);
    const T zero = value * 0;
    std::vector<T> f = series::integrate(value, multiply(density_h, Primitive<Function::Phi>::series(w)), h);
    const auto include = [&f, &zero](const std::vector<T>& slope, const std::vector<T>& u) {
      f = add(f, series::integrate(zero, slope, u));
    };
    include(multiply(density_k, Primitive<Function::Phi>::series(along(k, h))), k);
    include(multiply(by_angle, y), x);
    include(scale(T(-1), multiply(by_angle, x)), y);
    f[0] = value;
    return series::undefined_where_value_is(std::move(f));
  }
  static Expr derivative(const Expr& h, const Expr& k, const Expr& x, const Expr& y, std::size_t i) {
    const Expr square = pow(x, 2) + pow(y, 2);
    const auto along = [&](const Expr& from, const Expr& to) { return (to * sqrt(square) - x * from) / y; };
    if (i == 0) return phi(h) * Phi(along(h, k));
    if (i == 1) return phi(k) * Phi(along(k, h));
    return phi(h) * phi(along(h, k)) * (i == 2 ? y : -x) / square;
  }
  static Exact exact(const Expr& h, const Expr& k, const Expr& x, const Expr& y) {
    if ((-y).positive()) throw DomainError("Phi2(h, k, x, y) needs y >= 0");
    if (x.is_zero() && y.is_zero()) throw DomainError("Phi2(h, k, 0, 0) is undefined: the correlation is 0/0");
    if (y.is_zero() && x.positive()) return Phi(min(h, k));
    if (y.is_zero() && (-x).positive()) return max(0, Phi(h) - Phi(-k));
    if (x.is_zero() && y.positive()) return Phi(h) * Phi(k);
    if (h.is_zero() && k.is_zero()) return atan2(y, -x) / (2 * pi());
    return std::nullopt;
  }
};

}  // namespace nke
