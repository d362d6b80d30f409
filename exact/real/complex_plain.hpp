// SPDX-License-Identifier: Apache-2.0
// Φ and Phi2 at complex arguments over plain numbers, double or Mpfr. Private to complex_phi.cpp.
#pragma once

#include <cmath>
#include <vector>

#include <nke/exact/real/mpfr.hpp>
#include <nke/exact/real/number.hpp>

#include "legendre.hpp"

namespace nke::plain {

template <class T>
struct Complex {
  T re, im;
};
template <class T>
Complex<T> operator+(const Complex<T>& a, const Complex<T>& b) {
  return {a.re + b.re, a.im + b.im};
}
template <class T>
Complex<T> operator-(const Complex<T>& a, const Complex<T>& b) {
  return {a.re - b.re, a.im - b.im};
}
template <class T>
Complex<T> operator-(const Complex<T>& a) {
  return {-a.re, -a.im};
}
template <class T>
Complex<T> operator*(const Complex<T>& a, const Complex<T>& b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
template <class T>
Complex<T> operator*(const T& a, const Complex<T>& b) {
  return {a * b.re, a * b.im};
}
template <class T>
Complex<T> inverse(const Complex<T>& a) {
  const T square = a.re * a.re + a.im * a.im;
  return {a.re / square, -a.im / square};
}
template <class T>
Complex<T> exponential(const Complex<T>& a) {
  const T size = exp(a.re);
  return {size * cos(a.im), size * sin(a.im)};
}
template <class T>
T size_of(const Complex<T>& a) {
  return abs(a.re) + abs(a.im);
}

inline double same_kind(double value, double) {
  return value;
}
inline Mpfr same_kind(double value, const Mpfr& like) {
  return Mpfr::from_double_exactly(value, Precision::bits(like.bits()));
}
inline long bits_of(double) {
  return 53;
}
inline long bits_of(const Mpfr& x) {
  return x.bits();
}
inline double approximately(double x) {
  return x;
}
inline double approximately(const Mpfr& x) {
  return x.to_double();
}
inline double pi_like(double) {
  return pi<double>(Precision::of_double());
}
inline Mpfr pi_like(const Mpfr& x) {
  return pi<Mpfr>(Precision::bits(x.bits()));
}

// exp(−z²/2) = exp((y² − x²)/2 − ixy). In doubles, what rounding takes from the squares and from xy is put back.
inline Complex<double> gaussian(const Complex<double>& z) {
  const double y2 = z.im * z.im, x2 = z.re * z.re, turn = z.re * z.im, difference = y2 - x2;
  if (difference < -1500) return {0, 0};
  const double part = difference - y2, lost_in_difference = (y2 - (difference - part)) - (x2 + part);
  const double lost = std::fma(z.im, z.im, -y2) - std::fma(z.re, z.re, -x2) + lost_in_difference;
  const double lost_turn = std::fma(z.re, z.im, -turn);
  const double size = std::exp(0.5 * difference), c = std::cos(turn), s = std::sin(turn);
  const double grown = size + 0.5 * lost * size;
  return {grown * (c - lost_turn * s), -grown * (s + lost_turn * c)};
}
inline Complex<Mpfr> gaussian(const Complex<Mpfr>& z) {
  return exponential(Complex<Mpfr>{(z.im * z.im - z.re * z.re) / 2, -(z.re * z.im)});
}

// Φ(z) for Re z <= 0. With u = −z/√2, Φ = ½ exp(−z²/2) w(iu), and Faddeeva's w at ζ = iu by the trapezoidal rule with
// nodes t_k at multiples of s or by the midpoint rule, whichever has them farther from Re ζ; with the residue where ζ is
// near the real line:
//   w = 2 exp(−ζ²)/(1 ± exp(−2πiζ/s)) + (2isζ/π) Σ exp(−t_k²)/(ζ² − t_k²),  s = √(π/(N + 1)), error exp(−πN).
// The residue times exp(−z²/2) = exp(ζ²) is 1/(1 ± …): nothing overflows.
template <class T>
Complex<T> Phi_left(const Complex<T>& z) {
  const T one = same_kind(1, z.re), pi = pi_like(z.re);
  const int count = static_cast<int>(static_cast<double>(bits_of(z.re)) * 0.2207) + 2;  // exp(−πN) = 2^−bits
  const T step = sqrt(pi / (count + 1));
  const T root_half = sqrt(one / 2);
  // Re ζ = Im z/√2, taken positive: w of the mirror image is the conjugate.
  const T a = -z.re * root_half, x = abs(z.im) * root_half;
  const double column = approximately(x / step), height = approximately(a / step);
  const bool residue = !(height >= column && height >= approximately(pi / (step * step)));
  const double fraction = column - std::floor(column);
  const bool midpoint = !residue || fraction < 0.25 || fraction > 0.75;
  const Complex<T> upper{z.re, abs(z.im)}, zeta{x, a};
  const Complex<T> square{(z.im * z.im - z.re * z.re) / 2, -(upper.re * upper.im)};  // ζ²
  Complex<T> sum{one * 0, one * 0};
  for (int k = midpoint ? 0 : 1; k <= count; ++k) {
    const T t = midpoint ? step * (2 * k + 1) / 2 : step * k;
    sum = sum + exp(-(t * t)) * inverse(Complex<T>{square.re - t * t, square.im});
  }
  Complex<T> series = zeta * sum;
  if (!midpoint) series = series + (one / 2) * inverse(zeta);
  Complex<T> value = gaussian(upper) * ((step * 2 / pi) * Complex<T>{-series.im, series.re});
  if (residue) {
    const T exponent = 2 * pi * a / step;
    if (approximately(exponent) < 700.0 * static_cast<double>(bits_of(z.re))) {  // else 1/(1 ± exp) is 0 to all digits
      Complex<T> e = exponential(Complex<T>{exponent, -(2 * pi * x / step)});
      if (!midpoint) e = -e;
      value = value + same_kind(2, z.re) * inverse(Complex<T>{one + e.re, e.im});
    }
  }
  value = (one / 2) * value;
  // Im z < 0 has −Im z's mirror image: Φ of the conjugate is the conjugate.
  return approximately(z.im) < 0 ? Complex<T>{value.re, -value.im} : value;
}

inline bool vanishes(const Complex<double>& z) {
  return std::abs(z.re) > 40 && std::abs(z.im) < 0.5 * std::abs(z.re);
}
inline bool vanishes(const Complex<Mpfr>&) {
  return false;
}

template <class T>
Complex<T> Phi(const Complex<T>& z) {
  if (z.im == 0 || vanishes(z)) return {nke::Phi(z.re), z.im * 0};
  if (z.re <= 0) return Phi_left(z);
  const Complex<T> rest = Phi_left(-z);
  return {1 - rest.re, -rest.im};
}

// Gauss-Legendre on [0, 1].
template <class T>
struct Node {
  T at, weight;
};
inline std::vector<Node<Mpfr>> legendre_rule(const Mpfr& like) {
  std::vector<Node<Mpfr>> rule;
  for (const LegendreNode& node : legendre_half(static_cast<int>(like.bits() / 8) + 4, like.bits())) {
    rule.push_back({(1 - node.at) / 2, node.weight / 2});
    rule.push_back({(1 + node.at) / 2, node.weight / 2});
  }
  return rule;
}
inline std::vector<Node<double>> legendre_rule(double) {
  std::vector<Node<double>> rule;
  for (const LegendreNode& node : legendre_half(11, 64)) {
    rule.push_back({0.5 - node.at.to_double() / 2, node.weight.to_double() / 2});
    rule.push_back({0.5 + node.at.to_double() / 2, node.weight.to_double() / 2});
  }
  return rule;
}

// ∫ of exp((2hk cos t − h² − k²)/(2 sin² t)) over [from, to]: a rule on the whole and on both halves, until they agree to
// five eighths of the digits. The rule on the halves then has them all: each halving more than doubles them.
template <class T>
class PlackettIntegral {
 public:
  PlackettIntegral(const Complex<T>& h, const Complex<T>& k)
      : apart_((same_kind(1, h.re) / 2) * ((h - k) * (h - k))),
        product_(h * k),
        rule_(rule_like(h.re)),
        tolerance_(ldexp_like(h.re, -bits_of(h.re) * 5 / 8)) {}

  Complex<T> operator()(const T& from, const T& to) const {
    Complex<T> total{from * 0, from * 0};
    // Towards 0 the integrand lives on the scale of t itself.
    T left = from, right = left * 2;
    while (right < to) {
      total = total + refined(left, right, on(left, right), 0);
      left = right;
      right = left * 2;
    }
    return total + refined(left, to, on(left, to), 0);
  }

 private:
  static double ldexp_like(double, long exponent) { return std::ldexp(1.0, static_cast<int>(exponent)); }
  static Mpfr ldexp_like(const Mpfr& like, long exponent) { return pow_int(same_kind(2, like), exponent); }

  static const std::vector<Node<double>>& rule_like(double) {
    static const std::vector<Node<double>> rule = legendre_rule(1.0);
    return rule;
  }
  static std::vector<Node<Mpfr>> rule_like(const Mpfr& like) { return legendre_rule(like); }

  // h² − 2hk cos t + k² = (h − k)² + 2hk (1 − cos t): as t → 0 only one of the two parts is divided by t².
  Complex<T> at(const T& t) const {
    const T sine = sin(t);
    return exponential(-((1 / (sine * sine)) * apart_ + (1 / (1 + cos(t))) * product_));
  }
  Complex<T> on(const T& from, const T& to) const {
    Complex<T> total{from * 0, from * 0};
    for (const Node<T>& node : rule_) total = total + node.weight * at(from + (to - from) * node.at);
    return (to - from) * total;
  }
  Complex<T> refined(const T& from, const T& to, const Complex<T>& whole, int depth) const {
    constexpr int deepest = 12;
    const T middle = (from + to) / 2;
    const Complex<T> left = on(from, middle), right = on(middle, to);
    const Complex<T> better = left + right;
    --left_;
    if (depth >= deepest || left_ < 0 || !(size_of(better - whole) > tolerance_ * size_of(better))) return better;
    return refined(from, middle, left, depth + 1) + refined(middle, to, right, depth + 1);
  }

  Complex<T> apart_, product_;
  std::vector<Node<T>> rule_;
  T tolerance_;
  mutable int left_ = 400;  // halvings; ten are the rule
};

// y > 0; correlations below 0 through Φ(h) − Phi2(h, −k, −x, y), which has the shorter way.
template <class T>
Complex<T> Phi2(const Complex<T>& h, const Complex<T>& k, const T& x, const T& y) {
  if (x < 0) return plain::Phi(h) - plain::Phi2(h, -k, T(-x), y);
  const T pi = pi_like(h.re);
  const Complex<T> integral = PlackettIntegral<T>(h, k)(atan2(y, x), pi / 2);
  return plain::Phi(h) * plain::Phi(k) + (1 / (2 * pi)) * integral;
}

}  // namespace nke::plain
