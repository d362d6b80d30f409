// SPDX-License-Identifier: Apache-2.0
#include "variance_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace nke {

namespace {

constexpr std::array<std::size_t, 5> sizes{8, 12, 16, 24, 32};
constexpr std::size_t most_points = 32;
constexpr double target = 1e-15;
constexpr double widest = 1.3862943611198906;  // log 4
constexpr double narrowest = 0.02;             // of log a; there the error is what it is, and error() says so

}  // namespace

VarianceTable::VarianceTable(double min_variance, double max_variance, std::size_t columns, const Row& row)
    : columns_(columns) {
  const double low = std::log(min_variance), high = std::log(max_variance);
  if (high - low < 1e-12) {
    intervals_.push_back(sample(low, high, 1, row));
    return;
  }
  const auto count = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil((high - low) / widest - 1e-9)));
  const double width = (high - low) / static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double begin = low + width * static_cast<double>(i);
    fit(begin, i + 1 == count ? high : begin + width, row);
  }
}

VarianceTable::Interval VarianceTable::sample(double low, double high, std::size_t points, const Row& row) const {
  Interval interval{low, high, {}, {}, {}};
  interval.rows.resize(points * columns_);
  for (std::size_t j = 0; j < points; ++j) {
    const double angle = std::numbers::pi * (static_cast<double>(j) + 0.5) / static_cast<double>(points);
    interval.at.push_back(low + (high - low) * (1 - std::cos(angle)) / 2);
    interval.weight.push_back((j % 2 == 0 ? 1 : -1) * std::sin(angle));
    row(std::exp(interval.at.back()), std::span(interval.rows).subspan(j * columns_, columns_));
  }
  return interval;
}

// The largest error halfway, in angle, between the points, where it is close to its maxima.
double VarianceTable::measure(const Interval& interval, const Row& row) const {
  const std::size_t points = interval.at.size();
  std::vector<double> exact(columns_), got(columns_);
  std::array<double, most_points> w{};
  double worst = 0;
  for (std::size_t j = 0; j <= points; j += 2) {
    const double angle = std::numbers::pi * static_cast<double>(j) / static_cast<double>(points);
    const double t = interval.low + (interval.high - interval.low) * (1 - std::cos(angle)) / 2;
    const double scale = row(std::exp(t), exact);
    std::fill(got.begin(), got.end(), 0.0);
    weights(interval, t, w);
    for (std::size_t k = 0; k < points; ++k) {
      for (std::size_t n = 0; n < columns_; ++n) got[n] += w[k] * interval.rows[k * columns_ + n];
    }
    for (std::size_t n = 0; n < columns_; ++n) {
      if (scale > 0) worst = std::max(worst, std::abs(got[n] - exact[n]) / scale);
    }
  }
  return worst;
}

void VarianceTable::fit(double low, double high, const Row& row) {
  for (const std::size_t points : sizes) {
    Interval interval = sample(low, high, points, row);
    const double error = measure(interval, row);
    if (error <= target || (points == sizes.back() && high - low <= narrowest)) {
      error_ = std::max(error_, error);
      intervals_.push_back(std::move(interval));
      return;
    }
  }
  const double middle = (low + high) / 2;
  fit(low, middle, row);
  fit(middle, high, row);
}

std::size_t VarianceTable::weights(const Interval& interval, double t, std::span<double> w) {
  const std::size_t points = interval.at.size();
  double total = 0;
  for (std::size_t k = 0; k < points; ++k) {
    const double distance = t - interval.at[k];
    if (distance == 0) {
      std::fill_n(w.begin(), points, 0.0);
      w[k] = 1;
      return points;
    }
    w[k] = interval.weight[k] / distance;
    total += w[k];
  }
  for (std::size_t k = 0; k < points; ++k) w[k] /= total;
  return points;
}

const VarianceTable::Interval& VarianceTable::interval_of(double t) const {
  const auto at = std::lower_bound(intervals_.begin(), intervals_.end(), t,
                                   [](const Interval& interval, double value) { return interval.high < value; });
  return at == intervals_.end() ? intervals_.back() : *at;
}

void VarianceTable::operator()(double variance, std::span<double> out) const {
  const double t = std::log(variance);
  const Interval& interval = interval_of(t);
  std::array<double, most_points> w{};
  const std::size_t points = weights(interval, t, w);
  std::fill(out.begin(), out.end(), 0.0);
  for (std::size_t k = 0; k < points; ++k) {
    const double* row = interval.rows.data() + k * columns_;
    const double factor = w[k];
    for (std::size_t n = 0; n < out.size(); ++n) out[n] += factor * row[n];
  }
}

double VarianceTable::column(double variance, std::size_t index) const {
  const double t = std::log(variance);
  const Interval& interval = interval_of(t);
  std::array<double, most_points> w{};
  const std::size_t points = weights(interval, t, w);
  double sum = 0;
  for (std::size_t k = 0; k < points; ++k) sum += w[k] * interval.rows[k * columns_ + index];
  return sum;
}

std::size_t VarianceTable::points() const {
  std::size_t count = 0;
  for (const Interval& interval : intervals_) count += interval.at.size();
  return count;
}

}  // namespace nke
