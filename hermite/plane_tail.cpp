// SPDX-License-Identifier: Apache-2.0
#include "plane_tail.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <nke/exact/integrate/bounds.hpp>
#include <nke/exact/real/error.hpp>

namespace nke {
namespace {

constexpr double cell = 0.125;
constexpr double far = 60;  // standard deviations after which the rest is bounded at once
constexpr double exponents[] = {8, 4, 2, 1.25};

// log E G(√a z)^m, upwards. Right of `far` the exponent is concave and falling.
double log_moment(const GrowthBound& growth, double variance, double m) {
  const double root = std::sqrt(variance) * (1 + 0x1p-50);
  const double quadratic = std::max(growth.quadratic.to_double(), 0.0) * (1 + 0x1p-50);
  if (growth.amplitude.is_zero()) return -no_bound;
  const auto exponent = [&](double z) {  // of G^m, increasing in z
    const double x = root * z;
    return m * (std::log(growth.amplitude.to_double()) + growth.power.to_double() * std::log1p(x) +
                growth.linear.to_double() * x + quadratic * x * x) +
           1e-9;
  };
  const double slope =
      root * (growth.power.to_double() / (1 + root * far) + growth.linear.to_double() + 2 * quadratic * root * far);
  const double falling = far - m * slope;
  if (!(falling > 1) || !(m * quadratic * variance < 0.45)) return no_bound;
  double total = exponent(far) - far * far / 2;
  for (double z = 0; z < far; z += cell) {
    total = log_sum(total, exponent(z + cell) - z * z / 2 + std::log(cell));
  }
  return total + std::numbers::ln2 - 0.918 + 1e-6;  // both halves, over √(2π)
}

}  // namespace

PlaneTail::PlaneTail(const GrowthBound& growth, const Rational& a, const Rational& b) : growth_(to_text(growth)) {
  for (const double q : exponents) {
    const double of_a = log_moment(growth, a.to_double(), 2 * q);
    const double of_b = a == b ? of_a : log_moment(growth, b.to_double(), 2 * q);
    if (of_a < no_bound && of_b < no_bound) moments_.push_back({q, (of_a + of_b) / (2 * q) + log_slack});
  }
}

double PlaneTail::log_at(double reach) const {
  double best = no_bound;
  for (const Moment& moment : moments_) {
    const double probability = std::numbers::ln2 - reach * reach / 2;
    best = std::min(best, moment.log_factor + (1 - 1 / moment.q) * probability + log_slack);
  }
  return best;
}

double PlaneTail::reach(double log_error) const {
  constexpr double limit = 200;
  for (double reach = 2; reach < limit; reach += 0.125) {
    if (log_at(reach) <= log_error) return reach;
  }
  throw NotCertified("the growth bound " + growth_ + " falls too slowly for an integral over the plane");
}

}  // namespace nke
