// SPDX-License-Identifier: Apache-2.0
// Real and imaginary part of the normal distribution functions at complex arguments. Private to function_table.cpp.
#pragma once

#include <nke/exact/real/complex_phi.hpp>

#include "code_complex.hpp"
#include "inverse_functions.hpp"
#include "primitives_bivariate.hpp"

namespace nke {

/// A complex series, or the parts of a complex expression.
template <class T>
struct Parts {
  T re, im;
};

template <class T>
using SeriesParts = Parts<std::vector<T>>;

template <class T>
SeriesParts<T> multiply(const SeriesParts<T>& a, const SeriesParts<T>& b) {
  using series::add;
  using series::multiply;
  using series::scale;
  return {add(multiply(a.re, b.re), scale(T(-1), multiply(a.im, b.im))),
          add(multiply(a.re, b.im), multiply(a.im, b.re))};
}

/// The series with the value `start` and the derivative g z'.
template <class T>
SeriesParts<T> integrate(const Parts<T>& start, const SeriesParts<T>& g, const SeriesParts<T>& z) {
  const T zero = start.re * 0;
  using series::integrate;
  return {series::add(integrate(start.re, g.re, z.re), series::scale(T(-1), integrate(zero, g.im, z.im))),
          series::add(integrate(start.im, g.re, z.im), integrate(zero, g.im, z.re))};
}

/// φ(a + ib) = exp((b² − a²)/2) (cos ab − i sin ab)/√(2π).
template <class T>
SeriesParts<T> density(const SeriesParts<T>& z) {
  using series::multiply;
  std::vector<T> exponent = series::add(multiply(z.im, z.im), series::scale(T(-1), multiply(z.re, z.re)));
  for (T& c : exponent) c = c / 2;
  const T start = exp(exponent[0]) / sqrt(2 * pi<T>(series::precision_of(exponent[0])));
  const std::vector<T> size = series::exp_from(start, exponent), turn = multiply(z.re, z.im);
  const auto wave = series::sine_and_cosine<T>(turn, sin(reducible(turn[0])), cos(reducible(turn[0])), -1);
  return {multiply(size, wave.second), series::scale(T(-1), multiply(size, wave.first))};
}

template <class T>
SeriesParts<T> distribution(const SeriesParts<T>& z) {
  return integrate<T>({re_Phi(z.re[0], z.im[0]), im_Phi(z.re[0], z.im[0])}, density<T>(z), z);
}

inline Parts<Expr> multiply(const Parts<Expr>& a, const Parts<Expr>& b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
inline Parts<Expr> density(const Parts<Expr>& z) {
  const Expr size = exp((pow(z.im, 2) - pow(z.re, 2)) / 2) / sqrt(2 * pi());
  return {size * cos(z.re * z.im), -size * sin(z.re * z.im)};
}

/// Both parts of Φ; F is the row's function.
struct ComplexPhi {
  /// ∂Φ/∂x = φ, ∂Φ/∂y = iφ.
  static Parts<Expr> derivative(const Expr& x, const Expr& y, std::size_t i) {
    const Parts<Expr> slope = density({x, y});
    return i == 0 ? slope : Parts<Expr>{-slope.im, slope.re};
  }
};

template <>
struct Primitive<Function::re_Phi> {
  static constexpr Facts facts{
      "re_Phi", "\\operatorname{Re}\\Phi", Arguments::two, FunctionParity::none, RealDomain::everywhere,
      smooth,   Holomorphy::entire,        Sign::any};
  static constexpr CodeSpellings code = code_of_re_Phi;
  template <class T>
  static T value(const T& x, const T& y) {
    return re_Phi(x, y);
  }
  static ComplexBall complex(const ComplexBall& x, const ComplexBall& y, Analytic) { return re_Phi(x, y); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& x, const std::vector<T>& y) {
    return series::undefined_where_value_is(distribution<T>({x, y}).re);
  }
  static Expr derivative(const Expr& x, const Expr& y, std::size_t i) { return ComplexPhi::derivative(x, y, i).re; }
  static Exact exact(const Expr& x, const Expr& y) {
    if (y.is_zero()) return Phi(x);
    if (x.is_zero()) return Expr(Rational(1, 2));
    return std::nullopt;
  }
};

template <>
struct Primitive<Function::im_Phi> {
  static constexpr Facts facts{
      "im_Phi", "\\operatorname{Im}\\Phi", Arguments::two, FunctionParity::none, RealDomain::everywhere,
      smooth,   Holomorphy::entire,        Sign::any};
  static constexpr CodeSpellings code = code_of_im_Phi;
  template <class T>
  static T value(const T& x, const T& y) {
    return im_Phi(x, y);
  }
  static ComplexBall complex(const ComplexBall& x, const ComplexBall& y, Analytic) { return im_Phi(x, y); }
  template <class T>
  static std::vector<T> series(const std::vector<T>& x, const std::vector<T>& y) {
    return series::undefined_where_value_is(distribution<T>({x, y}).im);
  }
  static Expr derivative(const Expr& x, const Expr& y, std::size_t i) { return ComplexPhi::derivative(x, y, i).im; }
  static Exact exact(const Expr&, const Expr& y) { return y.is_zero() ? Exact(Expr(0)) : std::nullopt; }
};

/// What both parts of Phi2 share. With w_h = (k s − x h)/y, s = √(x²+y²):
/// F' = φ(h) Φ(w_h) h' + φ(k) Φ(w_k) k' + φ(h) φ(w_h) (y x' − x y')/s².
struct ComplexPhi2 {
  template <class T>
  static SeriesParts<T> series(const Parts<T>& value, const SeriesParts<T>& h, const SeriesParts<T>& k,
                               const std::vector<T>& x, const std::vector<T>& y) {
    using series::add;
    using series::scale;
    const std::vector<T> square = add(series::multiply(x, x), series::multiply(y, y));
    const std::vector<T> s = series::power<T>(square, sqrt(square[0]), Rational(1, 2));
    const auto part_along = [&](const std::vector<T>& from, const std::vector<T>& to) {
      return series::divide(add(series::multiply(to, s), scale(T(-1), series::multiply(x, from))), y);
    };
    const auto along = [&](const SeriesParts<T>& from, const SeriesParts<T>& to) {
      return SeriesParts<T>{part_along(from.re, to.re), part_along(from.im, to.im)};
    };
    const SeriesParts<T> w = along(h, k), density_h = density<T>(h);
    const SeriesParts<T> by_angle = multiply<T>(density_h, density<T>(w));
    const T zero = value.re * 0;
    const SeriesParts<T> by_h = integrate<T>(value, multiply<T>(density_h, distribution<T>(w)), h);
    const SeriesParts<T> by_k = integrate<T>({zero, zero}, multiply<T>(density<T>(k), distribution<T>(along(k, h))), k);
    const auto total = [&](const std::vector<T>& a, const std::vector<T>& b, const std::vector<T>& angle) {
      const std::vector<T> slope = series::divide(angle, square);
      const std::vector<T> turned = add(series::integrate(zero, series::multiply(slope, y), x),
                                        scale(T(-1), series::integrate(zero, series::multiply(slope, x), y)));
      return series::undefined_where_value_is(add(add(a, b), turned));
    };
    return {total(by_h.re, by_k.re, by_angle.re), total(by_h.im, by_k.im, by_angle.im)};
  }

  static Parts<Expr> derivative(const Parts<Expr>& h, const Parts<Expr>& k, const Expr& x, const Expr& y,
                                std::size_t i) {
    const Expr square = pow(x, 2) + pow(y, 2);
    const auto along = [&](const Parts<Expr>& from, const Parts<Expr>& to) {
      return Parts<Expr>{(to.re * sqrt(square) - x * from.re) / y, (to.im * sqrt(square) - x * from.im) / y};
    };
    if (i >= 4) {
      const Parts<Expr> slope = multiply(density(h), density(along(h, k)));
      const Expr factor = (i == 4 ? y : -x) / square;
      return {slope.re * factor, slope.im * factor};
    }
    const bool by_h = i < 2;
    const Parts<Expr> w = by_h ? along(h, k) : along(k, h);
    const Parts<Expr> slope = multiply(density(by_h ? h : k), {re_Phi(w.re, w.im), im_Phi(w.re, w.im)});
    return i % 2 == 0 ? slope : Parts<Expr>{-slope.im, slope.re};
  }

  static void require_domain(const Expr& y) {
    if (y.is_zero() || (-y).positive()) throw DomainError("Phi2 at complex thresholds needs y > 0");
  }
};

template <>
struct Primitive<Function::re_Phi2> {
  static constexpr Facts facts{
      "re_Phi2", "\\operatorname{Re}\\Phi_2", Arguments::six, FunctionParity::none, RealDomain::upper_half_plane,
      smooth,    Holomorphy::branches,        Sign::any};
  static constexpr CodeSpellings code = code_of_re_Phi2;
  template <class T>
  static T value(const T& h, const T& h_im, const T& k, const T& k_im, const T& x, const T& y) {
    return re_Phi2(h, h_im, k, k_im, x, y);
  }
  static ComplexBall complex(const ComplexBall& h, const ComplexBall& h_im, const ComplexBall& k,
                             const ComplexBall& k_im, const ComplexBall& x, const ComplexBall& y, Analytic) {
    return re_Phi2(h, h_im, k, k_im, x, y);
  }
  template <class T>
  static std::vector<T> series(const std::vector<T>& h, const std::vector<T>& h_im, const std::vector<T>& k,
                               const std::vector<T>& k_im, const std::vector<T>& x, const std::vector<T>& y) {
    const T value = re_Phi2(h[0], h_im[0], k[0], k_im[0], x[0], y[0]);
    return ComplexPhi2::series<T>({value, value * 0}, {h, h_im}, {k, k_im}, x, y).re;
  }
  static Expr derivative(const Expr& h, const Expr& h_im, const Expr& k, const Expr& k_im, const Expr& x, const Expr& y,
                         std::size_t i) {
    return ComplexPhi2::derivative({h, h_im}, {k, k_im}, x, y, i).re;
  }
  static Exact exact(const Expr& h, const Expr& h_im, const Expr& k, const Expr& k_im, const Expr& x, const Expr& y) {
    if (h_im.is_zero() && k_im.is_zero()) return Phi2(h, k, x, y);
    ComplexPhi2::require_domain(y);
    if (!x.is_zero() || !y.positive()) return std::nullopt;
    return re_Phi(h, h_im) * re_Phi(k, k_im) - im_Phi(h, h_im) * im_Phi(k, k_im);
  }
};

template <>
struct Primitive<Function::im_Phi2> {
  static constexpr Facts facts{
      "im_Phi2", "\\operatorname{Im}\\Phi_2", Arguments::six, FunctionParity::none, RealDomain::upper_half_plane,
      smooth,    Holomorphy::branches,        Sign::any};
  static constexpr CodeSpellings code = code_of_im_Phi2;
  template <class T>
  static T value(const T& h, const T& h_im, const T& k, const T& k_im, const T& x, const T& y) {
    return im_Phi2(h, h_im, k, k_im, x, y);
  }
  static ComplexBall complex(const ComplexBall& h, const ComplexBall& h_im, const ComplexBall& k,
                             const ComplexBall& k_im, const ComplexBall& x, const ComplexBall& y, Analytic) {
    return im_Phi2(h, h_im, k, k_im, x, y);
  }
  template <class T>
  static std::vector<T> series(const std::vector<T>& h, const std::vector<T>& h_im, const std::vector<T>& k,
                               const std::vector<T>& k_im, const std::vector<T>& x, const std::vector<T>& y) {
    const T value = im_Phi2(h[0], h_im[0], k[0], k_im[0], x[0], y[0]);
    return ComplexPhi2::series<T>({value * 0, value}, {h, h_im}, {k, k_im}, x, y).im;
  }
  static Expr derivative(const Expr& h, const Expr& h_im, const Expr& k, const Expr& k_im, const Expr& x, const Expr& y,
                         std::size_t i) {
    return ComplexPhi2::derivative({h, h_im}, {k, k_im}, x, y, i).im;
  }
  static Exact exact(const Expr& h, const Expr& h_im, const Expr& k, const Expr& k_im, const Expr& x, const Expr& y) {
    if (h_im.is_zero() && k_im.is_zero()) return Expr(0);
    ComplexPhi2::require_domain(y);
    if (!x.is_zero() || !y.positive()) return std::nullopt;
    return re_Phi(h, h_im) * im_Phi(k, k_im) + im_Phi(h, h_im) * re_Phi(k, k_im);
  }
};

}  // namespace nke
