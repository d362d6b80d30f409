// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include <nke/hermite/coefficients.hpp>
#include <nke/hermite/dual_fast.hpp>
#include <nke/hermite/nested_quadrature.hpp>
#include <nke/hermite/series.hpp>

#include "known_duals.hpp"

namespace nke {
namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
// Enough for tanh and its like up to ρ = 0.95, and cheap beside the nested rule whatever σ is.
constexpr int series_degree = 160;

double truncation_bound(const FastCoefficients& at_a, const FastCoefficients& at_b, double rho) {
  return mehler_remainder(rho, static_cast<int>(at_a.values.size()) - 1,
                          (at_a.tail + at_a.tail_noise) * (at_b.tail + at_b.tail_noise));
}

DualValue mehler_series(const FastCoefficients& at_a, const FastCoefficients& at_b, double rho) {
  double sum = 0;
  double magnitude = 0;
  for (std::size_t n = at_a.values.size(); n-- > 0;) {
    const double term = at_a.values[n] * at_b.values[n];
    sum = sum * rho + term;
    magnitude = magnitude * std::fabs(rho) + std::fabs(term);
  }
  // Σ |h_n(a)||ρ|ⁿ ≤ √norm √(1/(1−ρ²)), so an error of the coefficients enters no larger than with their number.
  const double spread = std::sqrt(static_cast<double>(at_a.values.size()));
  const double coefficients =
      spread * (at_a.error_bound * std::sqrt(at_b.norm) + at_b.error_bound * std::sqrt(at_a.norm));
  return {sum, truncation_bound(at_a, at_b, rho) + coefficients + 2 * epsilon * magnitude, "Mehler series"};
}

// The closed form, if it knows its digits here.
std::optional<DualValue> closed_form(const Activation& sigma, const Covariance& at, bool derivative) {
  if (!(at.a > 0 && at.b > 0)) return std::nullopt;
  const std::shared_ptr<const KnownDual> known = known_dual(sigma);
  if (!known) return std::nullopt;
  // At (a, b), then at the two points whose variances make the scale.
  const double root = std::sqrt(at.a) * std::sqrt(at.b);
  const double sine = root * at.sine;
  struct Point {
    double a, b, c, d;
  };
  const Point points[] = {{at.a, at.b, at.c, sine * sine}, {at.a, at.a, at.a, 0}, {at.b, at.b, at.b, 0}};
  double result[3], error[3];
  for (std::size_t i = 0; i < 3; ++i) {
    const Point& p = points[i];
    DualRow<double> row{p.a, {&p.b, 1}, {&p.c, 1}, {&p.d, 1}, {}, {}, {error + i, 1}};
    (derivative ? row.Kdot : row.K) = {result + i, 1};
    known->dual(row);
    if (!std::isfinite(result[i]) || !(error[i] <= closed_form_tolerance)) return std::nullopt;
  }
  const double scale = std::sqrt(result[1]) * std::sqrt(result[2]);
  return DualValue{result[0], error[0] * scale, "closed form"};
}

// Without a closed form, or where it loses its digits.
DualValue by_numbers(const Activation& sigma, const Covariance& at) {
  if (at.a > 0 && at.b > 0 && at.sine > 0) {
    const FastCoefficients at_a = hermite_coefficients(sigma, series_degree, at.a);
    const FastCoefficients at_b = at.b == at.a ? at_a : hermite_coefficients(sigma, series_degree, at.b);
    const double scale = std::sqrt(at_a.norm * at_b.norm);
    if (truncation_bound(at_a, at_b, at.rho) <= epsilon * scale) return mehler_series(at_a, at_b, at.rho);
  }
  const Estimate nested = NestedQuadrature(sigma, std::max(at.a, at.b))(at);
  return {nested.value, nested.error_estimate, "nested quadrature"};
}

}  // namespace

DualValue dual_activation(const Activation& sigma, const Covariance& at) {
  if (const std::optional<DualValue> value = closed_form(sigma, at, false)) return *value;
  return by_numbers(sigma, at);
}

DualValue derivative_dual(const Activation& sigma, const Covariance& at) {
  if (const std::optional<DualValue> value = closed_form(sigma, at, true)) return *value;
  return by_numbers(sigma.derivative(), at);
}

}  // namespace nke
