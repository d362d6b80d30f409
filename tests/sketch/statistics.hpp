// SPDX-License-Identifier: Apache-2.0
// What the statistical tests share: each states how often it may fail by chance, and together they keep the house's
// promise.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace nke::test {

/// The false alarms allowed to all statistical tests of this program together, shared out among at most this many
/// checks.
inline constexpr double false_alarm_total = 1e-9;
inline constexpr double statistical_checks = 400;
inline constexpr double false_alarm = false_alarm_total / statistical_checks;

/// |z| that a standard normal exceeds with probability false_alarm (about 7.0).
inline double z_limit() {
  return boost::math::quantile(boost::math::complement(boost::math::normal(), false_alarm / 2));
}

/// |mean/standard error| of `count` draws that chance exceeds with probability false_alarm: Student's t, for the error
/// is estimated.
inline double t_limit(std::size_t count) {
  return boost::math::quantile(
      boost::math::complement(boost::math::students_t(static_cast<double>(count) - 1), false_alarm / 2));
}

/// The value a chi-squared variable with this many degrees of freedom exceeds with probability false_alarm / 2, and its
/// mirror.
inline double chi_squared_upper(double degrees) {
  return boost::math::quantile(boost::math::complement(boost::math::chi_squared(degrees), false_alarm / 2));
}
struct Sample {
  double mean = 0;
  double variance = 0;        // unbiased
  double standard_error = 0;  // of the mean
  double variance_error = 0;  // standard error of the variance, from the sample's fourth moment
};

inline Sample summarise(const std::vector<double>& values) {
  const double n = static_cast<double>(values.size());
  Sample s;
  for (double v : values) s.mean += v / n;
  double fourth = 0;
  for (double v : values) {
    const double square = (v - s.mean) * (v - s.mean);
    s.variance += square / (n - 1);
    fourth += square * square / n;
  }
  s.standard_error = std::sqrt(s.variance / n);
  s.variance_error = std::sqrt(std::max(fourth - s.variance * s.variance, 0.0) / n);
  return s;
}

}  // namespace nke::test
