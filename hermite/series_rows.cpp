// SPDX-License-Identifier: Apache-2.0
#include "series_rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace nke {

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
// Degrees are cut only at multiples of this many terms.
constexpr std::size_t checkpoint = 8;
constexpr int shortest_series = 64;

// The degree at which the series at the largest variance is exhausted, or the longest allowed: kinks never are.
int degree_needed(const Activation& sigma, const SeriesRows::Options& options) {
  const int stride = sigma.parity() == Parity::none ? 1 : 2;
  for (int degree = shortest_series; degree < options.most_terms * stride; degree *= 2) {
    const FastCoefficients h = hermite_coefficients(sigma, degree, options.max_variance);
    if (h.tail <= 4 * epsilon * h.norm) return degree;
  }
  return options.most_terms * stride;
}

// log √(rest/whole), where what is below rounding is taken to be as large as the last terms.
double log_relative(double rest, double whole) {
  return whole > 0 ? 0.5 * std::log(std::max(rest / whole, 1e-300)) : -400;
}

}  // namespace

SeriesRows::SeriesRows(const Activation& sigma, const Options& options)
    : series_(sigma, {degree_needed(sigma, options), options.min_variance, options.max_variance}),
      derivative_(sigma.derivative(), {1, options.min_variance, options.max_variance}),
      log_tolerance_(std::log(options.tolerance / 4)) {
  const Parity parity = sigma.parity();
  stride_ = parity == Parity::none ? 1 : 2;
  first_degree_ = parity == Parity::odd ? 1 : 0;
  const auto present = static_cast<std::size_t>((series_.degree() - first_degree_) / stride_ + 1);
  terms_ = (present + checkpoint - 1) / checkpoint * checkpoint;
}

bool SeriesRows::covers(double variance) const {
  return variance == 0 || (series_.min_variance() <= variance && variance <= series_.max_variance());
}

void SeriesRows::at(double variance, Point& point) const {
  point.terms.assign(terms_, 0.0);
  point.tails.assign(terms_ / checkpoint, -400.0);
  std::vector<double> h(static_cast<std::size_t>(series_.degree()) + 1);
  series_.coefficients(variance, h);
  double sum = 0, slopes = 0;
  for (std::size_t m = 0; m < terms_; ++m) {
    const auto n = static_cast<std::size_t>(degree_of(m));
    if (n >= h.size()) break;
    point.terms[m] = h[n];
    sum += h[n] * h[n];
    slopes += static_cast<double>(n) * h[n] * h[n];
  }
  std::array<double, 1> mean{};
  derivative_.coefficients(variance, mean);
  point.mean_slope = mean[0];
  const double norm = series_.norm(variance), slope_norm = variance * derivative_.norm(variance);

  // What comes after the last term: Parseval's rest, or the last terms over again where that is only rounding.
  double last = 0, last_slopes = 0;
  for (std::size_t m = terms_ - checkpoint; m < terms_; ++m) {
    last += point.terms[m] * point.terms[m];
    last_slopes += degree_of(m) * point.terms[m] * point.terms[m];
  }
  const double noise = 16 * epsilon + 4 * series_.interpolation_error();
  double rest = norm - sum > noise * norm ? norm - sum : last;
  double slope_rest = slope_norm - slopes > 64 * noise * slope_norm ? slope_norm - slopes : last_slopes;
  for (std::size_t k = terms_ / checkpoint; k-- > 0;) {
    point.tails[k] = std::max(log_relative(rest, norm), log_relative(slope_rest, slope_norm));
    for (std::size_t m = k * checkpoint; m < (k + 1) * checkpoint; ++m) {
      rest += point.terms[m] * point.terms[m];
      slope_rest += degree_of(m) * point.terms[m] * point.terms[m];
    }
  }
}

template <class T>
SeriesRows::Columns<T> SeriesRows::columns(std::span<const T> b) const {
  constexpr std::size_t group = series_group<T>;
  const std::size_t groups = (b.size() + group - 1) / group, checkpoints = terms_ / checkpoint;
  Columns<T> result;
  result.size = b.size();
  result.terms.assign(groups * group * terms_, T{0});
  result.inverse_root.assign(groups * group, T{0});
  result.mean_slope.assign(groups * group, T{0});
  result.tails.assign(groups * checkpoints, -400.0F);
  Point point;
  double previous = -1;
  for (std::size_t j = 0; j < b.size(); ++j) {
    const auto variance = static_cast<double>(b[j]);
    if (!covers(variance)) {
      result.inverse_root[j] = std::numeric_limits<T>::quiet_NaN();
      continue;
    }
    if (variance != previous) at(variance, point);
    previous = variance;
    const std::size_t g = j / group;
    for (std::size_t m = 0; m < terms_; ++m) {
      result.terms[(g * terms_ + m) * group + j % group] = static_cast<T>(point.terms[m]);
    }
    result.inverse_root[j] = variance > 0 ? static_cast<T>(1 / std::sqrt(variance)) : T{0};
    result.mean_slope[j] = static_cast<T>(point.mean_slope);
    for (std::size_t k = 0; k < checkpoints; ++k) {
      float& tail = result.tails[g * checkpoints + k];
      tail = std::max(tail, static_cast<float>(point.tails[k]));
    }
  }
  return result;
}

template <class T>
void SeriesRows::row(T a, const Columns<T>& columns, std::size_t first, std::span<const T> c, std::span<T> value,
                     std::span<T> slope, std::vector<std::size_t>& unresolved) const {
  constexpr std::size_t group = series_group<T>;
  const std::size_t size = c.size(), checkpoints = terms_ / checkpoint;
  if (!covers(static_cast<double>(a))) {
    for (std::size_t i = 0; i < size; ++i) unresolved.push_back(i);
    return;
  }
  thread_local Point point;
  at(static_cast<double>(a), point);
  thread_local std::vector<T> terms;
  terms.assign(point.terms.begin(), point.terms.end());
  const T inverse_root = a > 0 ? T{1} / std::sqrt(a) : T{0};
  const auto mean_slope = static_cast<T>(point.mean_slope);

  alignas(64) std::array<T, group> rho, x, p, dp;
  for (std::size_t g = first / group; g * group < first + size; ++g) {
    // The part of the group that is asked for; the others stand at ρ = 0.
    const std::size_t begin = std::max(first, g * group), end = std::min(first + size, (g + 1) * group);
    rho.fill(T{0});
    T largest = 0;
    for (std::size_t j = begin; j < end; ++j) {
      const T r = c[j - first] * (inverse_root * columns.inverse_root[j]);
      rho[j - g * group] = std::clamp(r, T{-1}, T{1});  // NaN stays
      largest = std::max(largest, std::abs(rho[j - g * group]));
    }
    // The first checkpoint whose rest is small enough.
    const float* tails = columns.tails.data() + g * checkpoints;
    const double log_rho = std::log(std::max(static_cast<double>(largest), 1e-30));
    const auto rest_after = [&](std::size_t k, double log_size) {
      const double power = std::max(degree_of((k + 1) * checkpoint) - 1, 0);
      return power * log_size + point.tails[k] + static_cast<double>(tails[k]);
    };
    std::size_t k = 0;
    while (k < checkpoints && rest_after(k, log_rho) > log_tolerance_) ++k;
    const std::size_t used = std::min(k + 1, checkpoints) * checkpoint;
    for (std::size_t i = 0; i < group; ++i) x[i] = stride_ == 2 ? rho[i] * rho[i] : rho[i];
    sum_series(terms.data(), columns.terms.data() + g * group * terms_, x.data(), used, p.data(), dp.data());

    for (std::size_t j = begin; j < end; ++j) {
      const std::size_t i = j - g * group;
      const T r = rho[i];
      const T inverse = inverse_root * columns.inverse_root[j];
      // Σ h_n h_n ρⁿ from the polynomial in x = ρ or ρ², and its derivative in ρ.
      T sum = p[i], derivative = dp[i];
      if (stride_ == 2) derivative = first_degree_ == 1 ? p[i] + 2 * x[i] * dp[i] : 2 * r * dp[i];
      if (first_degree_ == 1) sum *= r;
      const bool reached =
          k < checkpoints ||
          rest_after(checkpoints - 1, std::log(std::max(static_cast<double>(std::abs(r)), 1e-30))) <= log_tolerance_;
      if (!(reached && columns.inverse_root[j] >= 0)) unresolved.push_back(j - first);
      if (!value.empty()) value[j - first] = sum;
      if (!slope.empty()) slope[j - first] = inverse > 0 ? derivative * inverse : mean_slope * columns.mean_slope[j];
    }
  }
}

template SeriesRows::Columns<double> SeriesRows::columns(std::span<const double>) const;
template SeriesRows::Columns<float> SeriesRows::columns(std::span<const float>) const;
template void SeriesRows::row(double, const Columns<double>&, std::size_t, std::span<const double>, std::span<double>,
                              std::span<double>, std::vector<std::size_t>&) const;
template void SeriesRows::row(float, const Columns<float>&, std::size_t, std::span<const float>, std::span<float>,
                              std::span<float>, std::vector<std::size_t>&) const;

}  // namespace nke
