// SPDX-License-Identifier: Apache-2.0
// What the mean-field files share. Private to hermite.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <optional>

#include <nke/hermite/mean_field.hpp>
#include <nke/hermite/mean_field_moments.hpp>

namespace nke {

struct MeanField::State {
  Activation sigma;
  GaussianSquare value;                     // E σ²
  std::unique_ptr<GaussianSquare> derived;  // E σ'²; null where σ tears
  /// E σ² = E σ'² q = linear · q for all q: σ is homogeneous of degree 1.
  std::optional<double> linear;

  explicit State(const Activation& s);

  SquareMoment moment(double q) const;
  SquareMoment quick_moment(double q) const;
  SquareMoment slope_moment(double q) const;
};

/// The root of f in [low, high], whose ends have different signs, to rounding; on a logarithmic scale if `low` > 0.
double root_between(const std::function<double(double)>& f, double low, double high);

/// Fills in c*, the attracting fixed point of the correlation map at the point's variance, and the slope there.
void find_correlation(const MeanField& field, bool tears, const FieldScales& scales, FieldFixedPoint& point);

}  // namespace nke
