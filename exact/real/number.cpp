// SPDX-License-Identifier: Apache-2.0
#include <numbers>

#include <nke/exact/real/number.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke {

// The rounding of x/√2 alone would cost x² ulp in the tail, so its error is computed and put back to first order:
// erfc(t + δ) = erfc(t) − 2/√π exp(−t²) δ.
double Phi(double x) {
  constexpr double half_sqrt2 = 0.70710678118654757;           // 1/√2 to the nearest double
  constexpr double half_sqrt2_rest = -4.8336466567264567e-17;  // and what is missing
  const double t = -x * half_sqrt2;
  double tail = std::erfc(t);
  if (t > 0 && t < 28) {
    const double delta = std::fma(-x, half_sqrt2, -t) - x * half_sqrt2_rest;
    tail -= 2 * std::numbers::inv_sqrtpi * std::exp(-t * t) * delta;
  }
  return 0.5 * tail;
}

// As in Phi: the rounding of x² is put back.
double phi(double x) {
  constexpr double inv_sqrt_two_pi = 0.39894228040143267794;
  const double square = x * x;
  const double rest = std::fma(x, x, -square);
  const double density = inv_sqrt_two_pi * std::exp(-0.5 * square);
  return density == 0 ? density : density - density * 0.5 * rest;
}

double sigmoid(double x) {
  if (x >= 0) return 1 / (1 + std::exp(-x));
  const double e = std::exp(x);
  return e / (1 + e);
}

double softplus(double x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

double pow_int(double x, long n) {
  switch (n) {
    case 0: return 1;
    case 1: return x;
    case 2: return x * x;
    case 3: return x * x * x;
    default: return std::pow(x, static_cast<double>(n));
  }
}

template <>
double number<double>(const Rational& q, Precision) {
  return q.to_double();
}
template <>
double pi<double>(Precision) {
  return std::numbers::pi;
}
template <>
double euler<double>(Precision) {
  return std::numbers::e;
}

}  // namespace nke
