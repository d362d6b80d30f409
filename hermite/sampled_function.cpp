// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <nke/exact/activation/activation.hpp>
#include <nke/hermite/sampled_function.hpp>

namespace nke {

namespace {

// σ near 0 is analytic but σ(0) is 0/0: the polynomial through 16 Chebyshev points of [−r, r], taken at 0. The points
// are symmetric and miss 0, and closer ones would only meet more of the cancellation in the quotient.
double limit_at_zero(const Activation& sigma, double r) {
  constexpr int points = 16;
  double sum = 0, weights = 0;
  for (int i = 0; i < points; ++i) {
    const double angle = std::numbers::pi * (i + 0.5) / points;
    // Barycentric weights of Chebyshev points of the first kind: (−1)^i sin(angle_i).
    const double weight = (i % 2 == 0 ? 1 : -1) * std::sin(angle) / (0 - std::cos(angle));
    sum += weight * sigma(r * std::cos(angle));
    weights += weight;
  }
  return sum / weights;
}

}  // namespace

SampledFunction sampled(const Activation& sigma) {
  SampledFunction f;
  f.values = [sigma](std::span<const double> x, std::span<double> y) { sigma(x, y); };
  f.name = sigma.name();
  f.at_zero = sigma(0.0);
  double nearest = 1;
  for (const Breakpoint& point : sigma.breakpoints()) {
    const double t = point.at();
    if (t != 0) nearest = std::min(nearest, std::abs(t));
  }
  for (const Breakpoint& point : sigma.breakpoints()) {
    const double t = point.at();
    const bool at_origin = t == 0;
    if (at_origin && point.kind == Breakpoint::Kind::jump) {
      constexpr double beside = 1e-300;
      f.at_zero = (sigma(beside) + sigma(-beside)) / 2;
    }
    if (at_origin && point.removable) {
      f.at_zero = limit_at_zero(sigma, nearest / 4);
    } else {
      f.cuts.push_back(t);
    }
  }
  if (!std::isfinite(f.at_zero)) f.at_zero = std::numeric_limits<double>::quiet_NaN();
  f.smooth = f.cuts.empty();
  return f;
}

}  // namespace nke
