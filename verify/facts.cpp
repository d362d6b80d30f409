// SPDX-License-Identifier: Apache-2.0
// What is known of σ itself: proven facts, and samples to look at.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <tbb/parallel_for.h>

#include <nke/exact/activation/named.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/coefficients.hpp>
#include <nke/hermite/dual_fast.hpp>

#include "report_parts.hpp"

namespace nke {
namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

// [-4, 4] holds all of a standard normal one can see; breakpoints a little further out are shown too.
std::vector<double> shape_grid(const Activation& activation) {
  constexpr double reach = 10;
  double lower = -4;
  double upper = 4;
  for (const Breakpoint& point : activation.breakpoints()) {
    const double at = point.at();
    if (std::abs(at) > reach) continue;
    lower = std::min(lower, at - 2);
    upper = std::max(upper, at + 2);
  }
  std::vector<double> grid;
  constexpr int steps = 400;
  for (int i = 0; i <= steps; ++i) grid.push_back(lower + (upper - lower) * i / steps);
  // Just beside each breakpoint, so that a corner is drawn where it is and a jump as steep as it is; not on it, where
  // the value is a convention.
  constexpr double beside = 1e-7;
  for (const Breakpoint& point : activation.breakpoints()) {
    const double at = point.at();
    if (std::abs(at) > reach) continue;
    std::erase_if(grid, [&](double x) { return std::abs(x - at) < beside; });
    if (point.kind == Breakpoint::Kind::singular) continue;  // σ' may be unbounded there
    grid.push_back(at - beside);
    grid.push_back(at + beside);
  }
  std::sort(grid.begin(), grid.end());
  return grid;
}

}  // namespace

ActivationFacts facts_of(const Activation& activation, const std::string& text) {
  ActivationFacts facts;
  facts.text = text;
  facts.expression = to_text(activation.expression());
  facts.latex = to_latex(activation.expression());
  if (const NamedActivation* row = activation.named()) facts.source = row->source;
  facts.smoothness = to_text(activation.smoothness());
  facts.parity = to_text(activation.parity());
  if (const auto& degree = activation.homogeneity()) facts.homogeneity = degree->to_string();
  facts.growth_proven = activation.growth().has_value();
  facts.growth = facts.growth_proven ? to_text(*activation.growth()) : activation.growth_reason();
  facts.breakpoints_proven = activation.breakpoints_proven();
  facts.breakpoints_reason = activation.breakpoint_analysis().reason;
  for (const Breakpoint& point : activation.breakpoints()) {
    facts.breakpoints.push_back(to_text(point));
    facts.marks.push_back({point.at(), point.kind});
  }
  return facts;
}

Table shape_table(const Activation& activation) {
  Table table("shape", "The activation and its almost-everywhere derivative",
              {{"x", "", "argument"}, {"sigma", "", "sigma(x)"}, {"sigma_prime", "", "sigma'(x) almost everywhere"}});
  const Activation derivative = activation.derivative();
  for (const double x : shape_grid(activation)) table.add_row({x, activation(x), derivative(x)});
  return table;
}

Table dual_table(const Activation& activation) {
  Table table("dual", "The dual activation and the derivative dual at unit variances",
              {{"rho", "", "correlation"},
               {"kappa", "", "K(1,1,rho) = E[sigma(u) sigma(v)]"},
               {"kappa_error", "absolute", "estimated error of kappa"},
               {"kappa_dot", "", "E[sigma'(u) sigma'(v)]; missing where it is not finite"},
               {"kappa_dot_error", "absolute", "estimated error of kappa_dot"}});
  // Chebyshev points: dense near ±1, where duals of kinked activations bend.
  constexpr int steps = 100;
  std::vector<std::vector<Cell>> rows(steps + 1);
  tbb::parallel_for(0, steps + 1, [&](int i) {
    const double rho = -std::cos(std::acos(-1.0) * i / steps);
    const Covariance at(1, 1, rho);
    const DualValue value = dual_activation(activation, at);
    DualValue slope{.value = nan_value, .error_bound = nan_value, .method = ""};
    try {
      slope = derivative_dual(activation, at);
    } catch (const DomainError&) {  // σ' is not square-integrable: the table says so by a missing value
    } catch (const NotCertified&) {
    }
    rows[static_cast<std::size_t>(i)] = {rho, value.value, value.error_bound, slope.value, slope.error_bound};
  });
  for (auto& row : rows) table.add_row(std::move(row));
  return table;
}

UnitMoments unit_moments(const Activation& activation) {
  UnitMoments moments;
  const FastCoefficients coefficients = hermite_coefficients(activation, 0, 1);
  moments.mean = coefficients.values[0];
  moments.second = coefficients.norm;
  try {
    moments.derivative_second = hermite_coefficients(activation.derivative(), 0, 1).norm;
  } catch (const Error&) {
    moments.derivative_second = nan_value;
  }
  return moments;
}

SpectrumSummary spectrum_of(const Activation& activation, int degree) {
  const FastCoefficients coefficients = hermite_coefficients(activation, degree, 1);
  return {.degree = degree,
          .coefficients = coefficients.values,
          .norm = coefficients.norm,
          .tail = coefficients.tail,
          .tail_noise = coefficients.tail_noise,
          .error_bound = coefficients.error_bound};
}

std::optional<HermiteDecay> decay_of(const Activation& activation) {
  try {
    return hermite_decay(activation);
  } catch (const Error&) {
    return std::nullopt;
  }
}

Table coefficient_table(const SpectrumSummary& spectrum) {
  Table table("coefficients", "Hermite coefficients at unit variance",
              {{"n", "", "degree"},
               {"h", "", "h_n = E[sigma(z) He_n(z)] / sqrt(n!)"},
               {"h_error", "absolute", "estimated error of h"},
               {"power", "", "h_n^2, the weight of rho^n in kappa(rho)"},
               {"tail", "", "E[sigma^2] minus the sum of h_k^2 for k <= n"}});
  // Summed from the far end: small tails keep their digits.
  std::vector<double> tails(spectrum.coefficients.size());
  double tail = spectrum.tail;
  for (std::size_t n = tails.size(); n-- > 0;) {
    tails[n] = tail;
    tail += spectrum.coefficients[n] * spectrum.coefficients[n];
  }
  for (std::size_t n = 0; n < tails.size(); ++n) {
    const double h = spectrum.coefficients[n];
    table.add_row({static_cast<std::int64_t>(n), h, spectrum.error_bound, h * h, tails[n]});
  }
  return table;
}

}  // namespace nke
