// SPDX-License-Identifier: Apache-2.0
// Controls at unit variance: the Hermite coefficients against integrals that know nothing of them.
#include <algorithm>
#include <cmath>
#include <limits>

#include <nke/exact/real/error.hpp>
#include <nke/hermite/dual_fast.hpp>
#include <nke/hermite/nested_quadrature.hpp>

#include "report_parts.hpp"

namespace nke {
namespace {

constexpr double rho = 0.5;  // far enough from 1 for the coefficients of the table, with what is left bounded below

bool jumps(const Activation& activation) {
  return std::any_of(activation.breakpoints().begin(), activation.breakpoints().end(),
                     [](const Breakpoint& point) { return point.kind != Breakpoint::Kind::kink; });
}

// Σ h_n² ρⁿ against E σ(u)σ(v). The terms beyond N add at most ρ^{N+1} tail.
Check value_check(const Activation& activation, const SpectrumSummary& spectrum) {
  double series = 0;
  for (std::size_t n = spectrum.coefficients.size(); n-- > 0;) {
    series = series * rho + spectrum.coefficients[n] * spectrum.coefficients[n];
  }
  const Estimate direct = NestedQuadrature(activation, 1)(Covariance(1, 1, rho));
  const double scale = spectrum.norm > 0 ? spectrum.norm : 1;
  const double truncation = std::pow(rho, spectrum.degree + 1) * (spectrum.tail + spectrum.tail_noise);
  // An error e of every h_n moves Σ h_n² ρⁿ by at most 2e Σ|h_n|ρⁿ <= 2e √norm √Σρ²ⁿ < 2.4 e √norm.
  const double coefficients = 2.4 * spectrum.error_bound * std::sqrt(spectrum.norm);
  return {"value of the dual at correlation 1/2", std::abs(series - direct.value) / scale,
          (truncation + coefficients + direct.error_estimate) / scale + 1e-14,
          "series of the tabulated coefficients against nested quadrature, over E σ²"};
}

// Σ n h_n² ρ^{n−1} is ∂K/∂c, which equals E σ'(u)σ'(v) when σ does not jump: two activations, one number.
Check derivative_check(const Activation& activation, const SpectrumSummary& spectrum) {
  double series = 0;
  for (std::size_t n = spectrum.coefficients.size(); n-- > 1;) {
    series = series * rho + static_cast<double>(n) * spectrum.coefficients[n] * spectrum.coefficients[n];
  }
  const DualValue direct = derivative_dual(activation, Covariance(1, 1, rho));
  const double scale = std::max({std::abs(direct.value), spectrum.norm, std::numeric_limits<double>::min()});
  // n ρ^{n−1} falls from N+1 on, so what is left is at most (N+1) ρ^N tail; √Σ n²ρ^{2n−2} < 1.8.
  const double truncation =
      (spectrum.degree + 1) * std::pow(rho, spectrum.degree) * (spectrum.tail + spectrum.tail_noise);
  const double coefficients = 2 * 1.8 * spectrum.error_bound * std::sqrt(spectrum.norm);
  return {"derivative dual at correlation 1/2", std::abs(series - direct.value) / scale,
          (truncation + coefficients + direct.error_bound) / scale + 1e-13,
          "∂K/∂c of the series of σ against the dual of σ', over their scale"};
}

}  // namespace

std::vector<Check> checks_at_unit_variance(const Activation& activation, const SpectrumSummary& spectrum) {
  std::vector<Check> checks = {value_check(activation, spectrum)};
  if (jumps(activation)) return checks;
  try {
    checks.push_back(derivative_check(activation, spectrum));
  } catch (const DomainError&) {  // σ' is not square-integrable: there is no derivative dual to control
  }
  return checks;
}

}  // namespace nke
