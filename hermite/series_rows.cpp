// SPDX-License-Identifier: Apache-2.0
#include "series_rows.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
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
    // The slope Σ n h_n² must have ended too, and Parseval's tail does not see below the rounding of the norm.
    double slopes = 0, last = 0;
    for (int n = 0; n <= degree; ++n) {
      const double slope = n * h.values[static_cast<std::size_t>(n)] * h.values[static_cast<std::size_t>(n)];
      slopes += slope;
      if (n + 2 * static_cast<int>(checkpoint) > degree) last += slope;
    }
    if (h.tail <= 4 * epsilon * h.norm && last <= options.tolerance / 16 * slopes) return degree;
  }
  return options.most_terms * stride;
}

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

// The larger of two √(rest/whole), as a logarithm. What is below rounding is taken to be as large as the last terms.
double log_relative(double rest, double whole, double other_rest, double other_whole) {
  const double first = whole > 0 ? rest / whole : 0, second = other_whole > 0 ? other_rest / other_whole : 0;
  const double larger = std::max(first, second);
  return larger > 0 ? 0.5 * std::log(std::max(larger, 1e-300)) : -400;
}

}  // namespace

SeriesRows::SeriesRows(const Activation& sigma, const Options& options)
    : series_(sigma, {degree_needed(sigma, options), options.min_variance, options.max_variance}),
      derivative_(sigma.derivative(), {1, options.min_variance, options.max_variance}),
      log_tolerance_(std::log(options.tolerance / 4)),
      number_(next_number()) {
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
  thread_local std::vector<double> h;
  h.resize(static_cast<std::size_t>(series_.degree()) + 1);
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
    point.tails[k] = log_relative(rest, norm, slope_rest, slope_norm);
    for (std::size_t m = k * checkpoint; m < (k + 1) * checkpoint; ++m) {
      rest += point.terms[m] * point.terms[m];
      slope_rest += degree_of(m) * point.terms[m] * point.terms[m];
    }
  }
}

const SeriesRows::Point& SeriesRows::kept(double variance) const {
  // Tile after tile asks for the same rows. A place by content; the address of a series may be that of an older one.
  struct Place {
    std::uint64_t series = 0;
    double variance = 0;
    Point point;
  };
  constexpr int most_bits = 14;
  constexpr std::size_t most_numbers = std::size_t{1} << 22;  // 32 MB a thread
  thread_local std::vector<Place> places(std::size_t{1} << most_bits);
  const int places_bits = std::min(most_bits, static_cast<int>(std::bit_width(most_numbers / terms_)) - 1);
  const std::uint64_t mixed = (std::bit_cast<std::uint64_t>(variance) + number_) * 0x9E3779B97F4A7C15U;
  Place& place = places[mixed >> (64 - places_bits)];
  if (place.series != number_ ||
      std::bit_cast<std::uint64_t>(place.variance) != std::bit_cast<std::uint64_t>(variance)) {
    place.series = 0;  // should at() throw
    at(variance, place.point);
    place.series = number_;
    place.variance = variance;
  }
  return place.point;
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
  result.outside.assign(groups, false);
  for (std::size_t j = 0; j < b.size(); ++j) {
    const auto variance = static_cast<double>(b[j]);
    if (!covers(variance)) {
      result.inverse_root[j] = std::numeric_limits<T>::quiet_NaN();
      result.outside[j / group] = true;
      continue;
    }
    const Point& point = kept(variance);
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
  const Point& point = kept(static_cast<double>(a));
  SeriesGroup<T> one;
  if constexpr (sizeof(T) == sizeof(double)) {
    one.row = point.terms.data();
  } else {
    thread_local std::vector<T> terms;
    terms.assign(point.terms.begin(), point.terms.end());
    one.row = terms.data();
  }
  one.first = first_degree_;
  one.stride = stride_;
  one.inverse_root = a > 0 ? T{1} / std::sqrt(a) : T{0};
  one.mean_slope = static_cast<T>(point.mean_slope);

  alignas(64) std::array<T, group> rho, some, sum, derivative;
  for (std::size_t g = first / group; g * group < first + size; ++g) {
    one.columns = columns.terms.data() + g * group * terms_;
    one.inverse_roots = columns.inverse_root.data() + g * group;
    one.mean_slopes = columns.mean_slope.data() + g * group;
    // The part of the group that is asked for; the others stand at ρ = 0.
    const std::size_t begin = std::max(first, g * group), end = std::min(first + size, (g + 1) * group);
    const bool whole = end - begin == group;
    if (!whole) {
      some.fill(T{0});
      std::copy_n(c.data() + (begin - first), end - begin, some.data() + (begin - g * group));
    }
    const T largest = correlate_series(one, whole ? c.data() + (begin - first) : some.data(), rho.data());
    // The first checkpoint whose rest is small enough.
    const float* tails = columns.tails.data() + g * checkpoints;
    const double log_rho = std::log(std::max(static_cast<double>(largest), 1e-30));
    const auto rest_after = [&](std::size_t k, double log_size) {
      const double power = std::max(degree_of((k + 1) * checkpoint) - 1, 0);
      return power * log_size + point.tails[k] + static_cast<double>(tails[k]);
    };
    std::size_t k = 0;
    while (k < checkpoints && rest_after(k, log_rho) > log_tolerance_) ++k;
    one.terms = std::min(k + 1, checkpoints) * checkpoint;
    T* values = whole && !value.empty() ? value.data() + (begin - first) : sum.data();
    T* slopes = whole && !slope.empty() ? slope.data() + (begin - first) : derivative.data();
    sum_series(one, rho.data(), values, slopes);
    if (!whole && !value.empty()) {
      std::copy_n(sum.data() + (begin - g * group), end - begin, value.data() + (begin - first));
    }
    if (!whole && !slope.empty()) {
      std::copy_n(derivative.data() + (begin - g * group), end - begin, slope.data() + (begin - first));
    }
    if (k < checkpoints && !columns.outside[g]) continue;
    for (std::size_t j = begin; j < end; ++j) {
      const double r = std::max(static_cast<double>(std::abs(rho[j - g * group])), 1e-30);
      const bool reached = k < checkpoints || rest_after(checkpoints - 1, std::log(r)) <= log_tolerance_;
      if (!(reached && columns.inverse_root[j] >= 0)) unresolved.push_back(j - first);
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
