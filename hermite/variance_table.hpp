// SPDX-License-Identifier: Apache-2.0
// Rows of numbers that depend smoothly on a variance, tabulated once, so that a row costs one small matrix product.
// Private to the series.
//
// Method      Chebyshev interpolation in log a (barycentric form) on intervals of at most a factor 4, with 8 to 32
//             points each, cut in two where that is not enough. Homogeneous σ are exponentials in log a: 12 points
//             suffice.
// Error       measured between the points when the table is made; see error().
// Source      Berrut & Trefethen, Barycentric Lagrange interpolation, SIAM Review 46 (2004).
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace nke {

class VarianceTable {
 public:
  /// `row(a, out)` computes the exact row and returns the scale errors are measured by.
  using Row = std::function<double(double, std::span<double>)>;
  VarianceTable(double min_variance, double max_variance, std::size_t columns, const Row& row);

  /// The first out.size() columns at a variance of the range.
  void operator()(double variance, std::span<double> out) const;
  /// One column.
  double column(double variance, std::size_t index) const;
  /// The largest error seen, relative to the scale.
  double error() const { return error_; }
  std::size_t points() const;

 private:
  struct Interval {
    double low = 0, high = 0;  // of log a
    std::vector<double> at, weight;
    std::vector<double> rows;  // points × columns
  };
  Interval sample(double low, double high, std::size_t points, const Row& row) const;
  double measure(const Interval& interval, const Row& row) const;
  void fit(double low, double high, const Row& row);
  /// Normalised barycentric weights at log a; returns how many.
  static std::size_t weights(const Interval& interval, double t, std::span<double> w);
  const Interval& interval_of(double t) const;

  std::size_t columns_;
  double error_ = 0;
  std::vector<Interval> intervals_;
};

}  // namespace nke
