// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <nke/exact/dual/covariance.hpp>
#include <nke/exact/real/error.hpp>

namespace nke {
namespace {

std::string shortest(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", x);
  return text;
}

[[noreturn]] void refuse_covariance(const std::string& a, const std::string& b, const std::string& c) {
  throw DomainError("a covariance needs c^2 <= a*b, but a = " + a + ", b = " + b + ", c = " + c);
}

void require_variance(double value, const char* name) {
  if (!(value >= 0) || std::isinf(value)) {
    throw DomainError(std::string("a variance must be finite and not negative, but ") + name + " = " + shortest(value));
  }
}

// x·4^−k in [1, 4) and that k; scaling a variance by 4^k scales its standard deviation by 2^k exactly.
struct Scaled {
  double mantissa;
  int exponent;
};

Scaled by_powers_of_four(double x) {
  int exponent = std::ilogb(x);
  exponent = (exponent - (exponent & 1)) / 2;
  return {std::scalbn(x, -2 * exponent), exponent};
}

// x·y − z² with one rounding error or so, however much it cancels (Kahan).
double difference_of_products(double x, double y, double z) {
  const double square = z * z;
  const double square_error = std::fma(-z, z, square);
  return std::fma(x, y, -square) + square_error;
}

}  // namespace

Covariance::Covariance(double a_in, double b_in, double c_in) : a(a_in), b(b_in), c(c_in), rho(0), sine(1) {
  require_variance(a, "a");
  require_variance(b, "b");
  if (std::isnan(c) || std::isinf(c)) throw DomainError("a covariance must be finite, but c = " + shortest(c));
  if (a == 0 || b == 0) {
    if (c != 0) refuse_covariance(shortest(a), shortest(b), shortest(c));
    return;
  }
  const auto [x, i] = by_powers_of_four(a);
  const auto [y, j] = by_powers_of_four(b);
  const double z = std::scalbn(c, -i - j);
  const double det = difference_of_products(x, y, z);
  constexpr double slack = 8 * std::numeric_limits<double>::epsilon();
  if (!(det >= -slack * x * y)) refuse_covariance(shortest(a), shortest(b), shortest(c));
  const double root = std::sqrt(x) * std::sqrt(y);
  rho = std::clamp(z / root, -1.0, 1.0);
  sine = std::min(1.0, std::sqrt(std::max(det, 0.0)) / root);
  if (det <= 0) rho = std::copysign(1.0, c);
}

Covariance::Covariance(const Rational& a_in, const Rational& b_in, const Rational& c_in)
    : a(a_in.to_double()), b(b_in.to_double()), c(c_in.to_double()), rho(0), sine(1) {
  if (a_in.sign() < 0) throw DomainError("a variance must not be negative, but a = " + a_in.to_string());
  if (b_in.sign() < 0) throw DomainError("a variance must not be negative, but b = " + b_in.to_string());
  const Rational product = a_in * b_in;
  const Rational det = product - c_in * c_in;
  if (det.sign() < 0) refuse_covariance(a_in.to_string(), b_in.to_string(), c_in.to_string());
  require_variance(a, "a");
  require_variance(b, "b");
  if (product.is_zero()) return;
  const double square = (c_in * c_in / product).to_double();
  // A square below 1e-200 would lose digits to the smallest doubles on its way; so small a ρ needs no such care.
  rho = square > 1e-200 ? std::copysign(std::sqrt(square), c) : c / (std::sqrt(a) * std::sqrt(b));
  sine = std::sqrt((det / product).to_double());
}

Covariance Covariance::from_angle(double a, double b, double theta) {
  require_variance(a, "a");
  require_variance(b, "b");
  if (!(theta >= 0 && theta <= 3.1415926535897936)) {
    throw DomainError("an angle between two points lies in [0, pi], but theta = " + shortest(theta));
  }
  Covariance result;
  result.a = a;
  result.b = b;
  result.rho = a == 0 || b == 0 ? 0.0 : std::cos(theta);
  result.sine = a == 0 || b == 0 ? 1.0 : std::sin(theta);
  result.c = std::sqrt(a) * std::sqrt(b) * result.rho;
  return result;
}

Covariance Covariance::swapped() const {
  Covariance result = *this;
  std::swap(result.a, result.b);
  return result;
}

}  // namespace nke
