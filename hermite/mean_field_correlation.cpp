// SPDX-License-Identifier: Apache-2.0
// The attracting fixed point of the correlation map, and how fast it attracts.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <nke/hermite/dual.hpp>
#include <nke/hermite/mean_field.hpp>

#include "mean_field_state.hpp"

namespace nke {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr double indistinct = 1e-13;  // differences of correlations below this are rounding

// C and its slope at one q, over angles: near c = 1 the angle keeps the digits that c has lost.
class CorrelationMap {
 public:
  CorrelationMap(const Activation& sigma, double q, const FieldScales& scales)
      : dual_(sigma, {.min_variance = q, .max_variance = q}), q_(q), scales_(scales) {
    at_one_ = at(0);
  }

  // (σ_w² K + σ_b²)/q at correlation cos θ.
  double at(double theta) const { return (scales_.weight * run(theta, false) + scales_.bias) / q_; }

  // (1 − C(c))/(1 − c) − 1: the sign of c − C(c), which does not drown in rounding as soon.
  double pull(double theta) const {
    const double half = std::sin(theta / 2);
    return (at_one_ - at(theta)) / (2 * half * half) - 1;
  }

  double slope(double theta, bool tears) const {
    if (!tears) return scales_.weight * run(theta, true);
    // dC/dθ by central differences of order 8; K is analytic in the angle even where σ jumps.
    const double h = std::min(0.04, theta / 5);
    constexpr std::array<double, 4> weight = {4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280};
    double sum = 0;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      const double step = h * static_cast<double>(i + 1);
      sum += weight[i] * (at(theta + step) - at(theta - step));
    }
    return -sum / h / std::sin(theta);
  }

 private:
  double run(double theta, bool derivative) const {
    const double sine = std::sin(theta), b = q_, c = q_ * std::cos(theta), d = q_ * q_ * sine * sine;
    double result = nothing;
    const std::span<double> out(&result, 1);
    dual_(q_, {&b, 1}, {&c, 1}, {&d, 1}, derivative ? std::span<double>() : out,
          derivative ? out : std::span<double>());
    return result;
  }

  FastDual dual_;
  double q_;
  FieldScales scales_;
  double at_one_ = 1;
};

}  // namespace

void find_correlation(const MeanField& field, bool tears, const FieldScales& scales, FieldFixedPoint& point) {
  const double right_angle = std::acos(0.0);
  const CorrelationMap map(field.activation(), point.variance, scales);
  if (!tears && point.phase != Phase::chaotic) {
    point.correlation = 1;
    point.correlation_slope = point.chi;
    point.identity = point.phase == Phase::critical && std::abs(map.at(right_angle)) < indistinct &&
                     std::abs(map.at(right_angle / 3) - std::cos(right_angle / 3)) < indistinct;
    return;
  }
  // Chaotic: C(c) < c just below 1. Outwards from there in steps of two until it is so, then back until it is not.
  const double at_right_angle = map.at(right_angle);
  if (at_right_angle <= indistinct) {  // C(0) = 0
    point.correlation = 0;
    point.correlation_slope = map.slope(right_angle, tears);
    return;
  }
  double near = 0;
  for (int k = 1; k <= 30 && near == 0; ++k) {
    const double theta = right_angle * std::exp2(-0.5 * k);
    if (map.pull(theta) > 0) near = theta;
  }
  if (near == 0) {  // c* cannot be told from 1
    point.correlation = 1;
    point.correlation_slope = point.chi;
    return;
  }
  const double theta = root_between([&](double t) { return map.pull(t); }, near, right_angle);
  point.correlation = std::cos(theta);
  point.correlation_slope = map.slope(theta, tears);
}

}  // namespace nke
