// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <nke/exact/real/error.hpp>
#include <nke/hermite/dual.hpp>
#include <nke/hermite/nested_quadrature.hpp>
#include <nke/hermite/series.hpp>

namespace nke {
namespace {

constexpr int series_degree = 120;

// One of the two duals: the series where its remainder is below what is allowed, the nested integral elsewhere.
class OneDual {
 public:
  OneDual(const Activation& sigma, const FastDualOptions& options)
      : sigma_(sigma),
        tolerance_(options.tolerance),
        series_(sigma, {series_degree, options.min_variance, options.max_variance}) {}

  double operator()(const Covariance& at) const {
    const bool plain = at.a > 0 && at.b > 0;
    if (!plain || series_.truncation_bound(at.a, at.b, at.c) <=
                      tolerance_ / 2 * std::sqrt(series_.norm(at.a) * series_.norm(at.b))) {
      return series_.value(at.a, at.b, at.c);
    }
    return NestedQuadrature(sigma_, std::max(at.a, at.b))(at).value;
  }

 private:
  Activation sigma_;
  double tolerance_;
  HermiteSeries series_;
};

void require_equal(std::initializer_list<std::size_t> sizes, std::size_t count) {
  for (const std::size_t size : sizes) {
    if (size != count) {
      throw ShapeError("a row of a dual was given spans of " + std::to_string(count) + " and " + std::to_string(size) +
                       " entries");
    }
  }
}

// c² ≤ ab to the last bit, which products of matrices do not keep.
double within(double a, double b, double c) {
  const double most = std::sqrt(a) * std::sqrt(b);
  return std::clamp(c, -most, most);
}

}  // namespace

struct FastDual::State {
  OneDual value, derivative;
  State(const Activation& sigma, const FastDualOptions& options)
      : value(sigma, options), derivative(sigma.derivative(), options) {}
};

FastDual::FastDual(const Activation& sigma, const FastDualOptions& options)
    : state_(std::make_shared<const State>(sigma, options)) {}

void FastDual::operator()(double a, std::span<const double> b, std::span<const double> c, std::span<double> K,
                          std::span<double> Kdot) const {
  require_equal({c.size(), K.empty() ? b.size() : K.size(), Kdot.empty() ? b.size() : Kdot.size()}, b.size());
  for (std::size_t j = 0; j < b.size(); ++j) {
    if (std::isnan(a) || std::isnan(b[j]) || std::isnan(c[j])) {
      const double nan_value = a + b[j] + c[j];
      if (!K.empty()) K[j] = nan_value;
      if (!Kdot.empty()) Kdot[j] = nan_value;
      continue;
    }
    const Covariance at(a, b[j], within(a, b[j], c[j]));
    if (!K.empty()) K[j] = state_->value(at);
    if (!Kdot.empty()) Kdot[j] = state_->derivative(at);
  }
}

void FastDual::operator()(float a, std::span<const float> b, std::span<const float> c, std::span<float> K,
                          std::span<float> Kdot) const {
  const std::vector<double> wide_b(b.begin(), b.end()), wide_c(c.begin(), c.end());
  std::vector<double> k(K.size()), kdot(Kdot.size());
  (*this)(static_cast<double>(a), wide_b, wide_c, k, kdot);
  std::transform(k.begin(), k.end(), K.begin(), [](double x) { return static_cast<float>(x); });
  std::transform(kdot.begin(), kdot.end(), Kdot.begin(), [](double x) { return static_cast<float>(x); });
}

void FastDual::operator()(double a, std::span<const double> b, std::span<const double> c, std::span<const double> d,
                          std::span<double> K, std::span<double> Kdot) const {
  require_equal({d.size()}, b.size());
  // Until a form that takes d itself is chosen, c is all that is needed: both describe the same covariance.
  (*this)(a, b, c, K, Kdot);
}

std::string_view FastDual::method() const {
  return "Mehler series";
}

}  // namespace nke
