// SPDX-License-Identifier: Apache-2.0
// Truncated power series over any Real: the arithmetic behind taylor(). Private to exact/expr.
//
// Definition  a series is the vector of its coefficients c_0 … c_n; all series of one computation have the same n, and
//             every coefficient carries a precision. Where F' = G(u) u', coefficient k of F is (1/k) Σ_j j u_j
//             G_(k−j): each function below is that recurrence with its own G.
#pragma once

#include <cstddef>
#include <vector>

#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/mpfr.hpp>
#include <nke/exact/real/number.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke::series {

template <class T>
using Series = std::vector<T>;

inline Precision precision_of(double) {
  return Precision::of_double();
}
template <class T>
Precision precision_of(const T& x) {
  return Precision::bits(x.bits());
}

/// (1/k) Σ_{j=1..k} j u_j g_(k−j): coefficient k of ∫ g u'.
template <class T>
T integral_coefficient(const Series<T>& u, const Series<T>& g, std::size_t k) {
  T total = u[1] * g[k - 1];
  for (std::size_t j = 2; j <= k; ++j) total = total + static_cast<int>(j) * u[j] * g[k - j];
  return total / static_cast<int>(k);
}

template <class T>
T product_coefficient(const Series<T>& a, const Series<T>& b, std::size_t k) {
  T total = a[0] * b[k];
  for (std::size_t j = 1; j <= k; ++j) total = total + a[j] * b[k - j];
  return total;
}

template <class T>
Series<T> add(const Series<T>& a, const Series<T>& b) {
  Series<T> c = a;
  for (std::size_t k = 0; k < c.size(); ++k) c[k] = a[k] + b[k];
  return c;
}

template <class T>
Series<T> scale(const T& factor, const Series<T>& a) {
  Series<T> c = a;
  for (T& x : c) x = factor * x;
  return c;
}

template <class T>
Series<T> multiply(const Series<T>& a, const Series<T>& b) {
  Series<T> c = a;
  for (std::size_t k = 0; k < c.size(); ++k) c[k] = product_coefficient(a, b, k);
  return c;
}

template <class T>
Series<T> divide(const Series<T>& a, const Series<T>& b) {
  Series<T> c = a;
  for (std::size_t k = 0; k < c.size(); ++k) {
    for (std::size_t j = 1; j <= k; ++j) c[k] = c[k] - b[j] * c[k - j];
    c[k] = c[k] / b[0];
  }
  return c;
}

/// The series with constant term `start` and derivative g u'.
template <class T>
Series<T> integrate(const T& start, const Series<T>& g, const Series<T>& u) {
  Series<T> f = u;
  f[0] = start;
  for (std::size_t k = 1; k < f.size(); ++k) f[k] = integral_coefficient(u, g, k);
  return f;
}

/// start · exp(w − w_0).
template <class T>
Series<T> exp_from(const T& start, const Series<T>& w) {
  Series<T> f = w;
  f[0] = start;
  for (std::size_t k = 1; k < f.size(); ++k) f[k] = integral_coefficient(w, f, k);
  return f;
}

/// A value that is undefined makes every coefficient undefined, even where a recurrence alone would not notice.
template <class T>
Series<T> undefined_where_value_is(Series<T> f) {
  const T trace = f[0] * 0;
  for (std::size_t k = 1; k < f.size(); ++k) f[k] = f[k] + trace;
  return f;
}

template <class T>
Series<T> log(const Series<T>& u) {
  Series<T> f = u;
  f[0] = nke::log(u[0]);
  for (std::size_t k = 1; k < f.size(); ++k) {
    T total = u[k] * static_cast<int>(k);
    for (std::size_t j = 1; j < k; ++j) total = total - static_cast<int>(j) * f[j] * u[k - j];
    f[k] = total / (u[0] * static_cast<int>(k));
  }
  return undefined_where_value_is(std::move(f));
}

template <class T>
Series<T> power(const Series<T>& u, long n);

/// u^r for a fraction r that is no integer; F u' r = u F'.
template <class T>
Series<T> power(const Series<T>& u, const T& value, const Rational& r) {
  Series<T> f = u;
  f[0] = value;
  const T exponent = number<T>(r, precision_of(u[0]));
  for (std::size_t k = 1; k < f.size(); ++k) {
    T total = number<T>(Rational(0), precision_of(u[0]));
    for (std::size_t j = 1; j <= k; ++j) {
      total = total + (exponent * static_cast<int>(j) - static_cast<int>(k - j)) * u[j] * f[k - j];
    }
    f[k] = total / (u[0] * static_cast<int>(k));
  }
  return undefined_where_value_is(std::move(f));
}

/// u^n by repeated squaring, n of either sign; needs no division when n > 0, so zeros of u are harmless.
template <class T>
Series<T> power(const Series<T>& u, long n) {
  Series<T> result = u;
  for (T& x : result) x = number<T>(Rational(0), precision_of(u[0]));
  result[0] = number<T>(Rational(1), precision_of(u[0]));
  if (n < 0) return divide(result, power(u, -n));
  Series<T> square = u;
  for (long rest = n; rest > 0; rest /= 2) {
    if (rest % 2 == 1) result = multiply(result, square);
    if (rest > 1) square = multiply(square, square);
  }
  return result;
}

template <class T>
struct Pair {
  Series<T> first;
  Series<T> second;
};

/// (sin u, cos u) for sign −1, (sinh u, cosh u) for sign 1: S' = C u', C' = sign S u'.
template <class T>
Pair<T> sine_and_cosine(const Series<T>& u, const T& sine, const T& cosine, int sign) {
  Pair<T> f{u, u};
  f.first[0] = sine;
  f.second[0] = cosine;
  for (std::size_t k = 1; k < u.size(); ++k) {
    f.first[k] = integral_coefficient(u, f.second, k);
    f.second[k] = sign * integral_coefficient(u, f.first, k);
  }
  return f;
}

/// F' = (derivative_0 + linear (F − F_0) + quadratic (F² − F_0²)) u': tan, tanh and sigmoid. The constant term of the
/// derivative is given by the caller, who knows it without cancellation.
template <class T>
Series<T> riccati(const Series<T>& u, const T& value, const T& derivative, int linear, int quadratic) {
  Series<T> f = u;
  Series<T> g = u;
  f[0] = value;
  g[0] = derivative;
  for (std::size_t k = 1; k < u.size(); ++k) {
    f[k] = integral_coefficient(u, g, k);
    g[k] = linear * f[k] + quadratic * product_coefficient(f, f, k);
  }
  return f;
}

/// a where weight is 1, b where it is 0, in between the mean with that weight; a ball of weights gives the hull.
inline double blend(double weight, double a, double b) {
  return weight == 1 ? a : weight == 0 ? b : b + weight * (a - b);
}
inline Mpfr blend(const Mpfr& weight, const Mpfr& a, const Mpfr& b) {
  return weight == 1 ? a : weight == 0 ? b : b + weight * (a - b);
}
inline Ball blend(const Ball& weight, const Ball& a, const Ball& b) {
  if (weight.is_exact()) {
    if (weight.contains(Rational(1))) return a;
    if (weight.contains(Rational(0))) return b;
  }
  return b + weight * (a - b);
}

template <class T>
Series<T> blend(const T& weight, const Series<T>& a, const Series<T>& b) {
  Series<T> f = a;
  for (std::size_t k = 0; k < f.size(); ++k) f[k] = blend(weight, a[k], b[k]);
  return f;
}

}  // namespace nke::series
