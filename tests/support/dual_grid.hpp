// SPDX-License-Identifier: Apache-2.0
// Where fast duals are measured against proven ones: by the program that writes docs/generated/accuracy.md, and by the
// test that holds them to it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nke/exact/dual/exact_value.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/dual.hpp>

namespace nke::test {

struct GridPoint {
  double a, b, c;
};

/// `count` points: variances log-uniform between low and high, b = a for a third of them; correlations uniform for
/// half of them, for others 1 − |ρ| log-uniform down to 1e-15, exactly 0 and ±1 among them. c² ≤ ab exactly.
inline std::vector<GridPoint> dual_grid(int count, double low, double high, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto uniform = [&](double from, double to) {
    return from + (to - from) * std::ldexp(static_cast<double>(random() >> 11), -53);
  };
  std::vector<GridPoint> points;
  for (int i = 0; i < count; ++i) {
    const double a = std::exp(uniform(std::log(low), std::log(high)));
    const double other = std::exp(uniform(std::log(low), std::log(high)));
    double distance = i % 2 == 0 ? uniform(0, 1) : std::pow(10, uniform(-15, 0));
    if (i % 10 == 5) distance = i % 20 == 5 ? 0 : 1;
    const double sense = uniform(-1, 1) < 0 ? -1 : 1;
    const double b = i % 3 == 0 || distance == 0 ? a : other;
    double size = a == b ? (1 - distance) * a : (1 - distance) * std::sqrt(a) * std::sqrt(b);
    const Rational product = Rational::from_double_exactly(a) * Rational::from_double_exactly(b);
    while (Rational::from_double_exactly(size) * Rational::from_double_exactly(size) > product) {
      size = std::nextafter(size, 0.0);
    }
    points.push_back({a, b, sense * size});
  }
  return points;
}

/// A dual and its derivative, exact to 20 digits of their scales.
class ProvenDual {
 public:
  explicit ProvenDual(const Activation& sigma) : exact_(sigma) {}

  struct Values {
    double value, derivative, scale, derivative_scale;
  };
  /// Nothing where the expectation, or its proof, does not exist.
  std::optional<Values> at(const GridPoint& p) const {
    try {
      return Values{get(p, DualPart::value), get(p, DualPart::derivative), scale(p, DualPart::value),
                    scale(p, DualPart::derivative)};
    } catch (const Error&) {
      return std::nullopt;
    }
  }

 private:
  double get(const GridPoint& p, DualPart part) const {
    const auto exactly = [](double x) { return Rational::from_double_exactly(x); };
    ExactOptions options;
    options.digits = 20;
    options.part = part;
    return exact_(exactly(p.a), exactly(p.b), exactly(p.c), options).value.mid();
  }
  double scale(const GridPoint& p, DualPart part) const {
    return std::sqrt(get({p.a, p.a, p.a}, part)) * std::sqrt(get({p.b, p.b, p.b}, part));
  }

  ExactDual exact_;
};

/// Whether the scales are numbers of T with all their digits, or 0.
template <class T>
bool fits(const ProvenDual::Values& values) {
  const auto is_normal = [](double scale) {
    return scale == 0 || (scale > 1e6 * static_cast<double>(std::numeric_limits<T>::min()) &&
                          scale < 1e-2 * static_cast<double>(std::numeric_limits<T>::max()));
  };
  return is_normal(values.scale) && is_normal(values.derivative_scale);
}

/// The larger error of K and K̇, each relative to its scale.
template <class T>
double largest_error(const FastDual& dual, const GridPoint& p, const ProvenDual::Values& want) {
  const T b = static_cast<T>(p.b), c = static_cast<T>(p.c);
  T k = 0, kdot = 0;
  dual(static_cast<T>(p.a), {&b, 1}, {&c, 1}, {&k, 1}, {&kdot, 1});
  const auto relative = [](T got, double value, double scale) {
    const double difference = std::abs(static_cast<double>(got) - value);
    return scale > 0 ? difference / scale : difference;
  };
  return std::max(relative(k, want.value, want.scale), relative(kdot, want.derivative, want.derivative_scale));
}

/// x as a float holds it. GCC 12 drops the conversion there and back where it works on two neighbours at once.
inline double as_float(double x) {
  const volatile auto rounded = static_cast<float>(x);
  return static_cast<double>(rounded);
}

/// The same point as floats see it: arguments rounded to float first, so that only the arithmetic is measured.
inline GridPoint rounded_to_float(const GridPoint& p) {
  const GridPoint r{as_float(p.a), as_float(p.b), 0};
  auto c = static_cast<float>(p.c);
  const Rational product = Rational::from_double_exactly(r.a) * Rational::from_double_exactly(r.b);
  const auto square = [](float x) {
    const Rational exact = Rational::from_double_exactly(static_cast<double>(x));
    return exact * exact;
  };
  while (square(c) > product) c = std::nextafter(c, 0.0F);
  return {r.a, r.b, static_cast<double>(c)};
}

}  // namespace nke::test
