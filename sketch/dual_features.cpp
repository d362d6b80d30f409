// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <nke/exact/real/error.hpp>
#include <nke/sketch/budget.hpp>
#include <nke/sketch/dual_features.hpp>

#include "rows.hpp"

namespace nke::sketch {
namespace {

constexpr std::ptrdiff_t rows_at_once = 16;  // a task of 50 µs and more

// Root mean square of h_n² over the variances the series was made for, which is how much block n adds to the kernel's
// Frobenius norm; degrees that are nothing but rounding everywhere get 0. Variances under a hundredth of the largest
// are left out: what they add to the kernel is small, and min_variance may be 0.
std::vector<double> spectrum(const HermiteSeries& series, int degree) {
  constexpr int points = 5;
  const double high = series.max_variance(), low = std::max(series.min_variance(), high / 100);
  std::vector<double> h(static_cast<std::size_t>(degree) + 1), mean(h.size(), 0);
  std::vector<bool> present(h.size(), false);
  for (int i = 0; i < points; ++i) {
    const double a = std::clamp(low * std::pow(high / low, i / (points - 1.0)), low, high);
    series.coefficients(a, h);
    const double rounding = std::numeric_limits<double>::epsilon() * series.norm(a);
    for (std::size_t n = 0; n < h.size(); ++n) {
      mean[n] += std::pow(h[n], 4) / points;
      present[n] = present[n] || h[n] * h[n] > rounding;
    }
  }
  for (std::size_t n = 0; n < h.size(); ++n) mean[n] = present[n] ? std::sqrt(mean[n]) : 0;
  return mean;
}

// m_1 … m_q for M − 1 features: of the two ways to have degree 1, itself or sketched, the one that leaves less
// variance.
std::vector<std::size_t> plan(const HermiteSeries& series, std::size_t inputs, const DualFeaturesOptions& options) {
  const auto w = spectrum(series, options.degree);
  std::vector<double> costs;
  std::size_t blocks = 0;
  for (int n = 1; n <= options.degree; ++n) {
    const double weight = w[static_cast<std::size_t>(n)];
    costs.push_back(weight * weight * (1 + std::pow(options.correlation, 2 * n)));
    blocks += costs.back() > 0 ? 1 : 0;
  }
  if (options.dimension < 1 + blocks) {
    throw DomainError("feature maps of this activation to degree " + std::to_string(options.degree) +
                      " have at least " + std::to_string(1 + blocks) + " features, one for each degree present; " +
                      std::to_string(options.dimension) + " were asked for");
  }
  const std::size_t rest = options.dimension - 1;
  std::vector<std::size_t> exact(costs.size(), 0);
  exact[0] = rest;
  if (blocks == 0 || (blocks == 1 && costs[0] > 0 && rest >= inputs)) return exact;  // σ constant or linear
  auto sketched = share_features(costs, rest);
  if (costs[0] == 0 || blocks == 1 || rest < inputs + (blocks - 1)) return sketched;
  auto others = costs;
  others[0] = 0;
  exact = share_features(others, rest - inputs);
  if (remaining_cost(others, exact) > remaining_cost(costs, sketched)) return sketched;
  exact[0] = inputs;
  return exact;
}

const DualFeaturesOptions& checked(const DualFeaturesOptions& options, const HermiteSeries& series) {
  if (options.degree < 1 || options.degree > series.degree()) {
    throw DomainError("the degree of a feature map is between 1 and " + std::to_string(series.degree()) +
                      ", that of its series; got " + std::to_string(options.degree));
  }
  if (!(std::abs(options.correlation) <= 1)) {
    throw DomainError("a correlation lies between -1 and 1; got " + std::to_string(options.correlation));
  }
  return options;
}

}  // namespace

DualFeatures::DualFeatures(HermiteSeries series, std::size_t inputs, const DualFeaturesOptions& options)
    : series_(std::move(series)),
      powers_(inputs, plan(series_, inputs, checked(options, series_)), substream(options.seed, 4)) {}

std::size_t DualFeatures::dimension() const {
  return 1 + powers_.total();
}

std::vector<std::size_t> DualFeatures::features_by_degree() const {
  std::vector<std::size_t> all = {1};
  all.insert(all.end(), powers_.features().begin(), powers_.features().end());
  return all;
}

template <class Rows>
void DualFeatures::fill(const Rows& X, Eigen::Ref<MatrixF> out) const {
  expect_shapes({X.rows(), X.cols()}, {out.rows(), out.cols()}, inputs(), dimension());
  const std::vector<double> norms = squared_norms(X);
  tbb::parallel_for(tbb::blocked_range<std::ptrdiff_t>(0, X.rows(), rows_at_once), [&](const auto& range) {
    PolySketch::Workspace workspace;
    std::vector<double> h(static_cast<std::size_t>(degree()) + 1);
    std::vector<float> weights(h.size() - 1);
    for (auto i = range.begin(); i < range.end(); ++i) {
      const double squared = norms[static_cast<std::size_t>(i)];
      series_.coefficients(squared / static_cast<double>(inputs()), h);
      std::transform(h.begin() + 1, h.end(), weights.begin(), [](double v) { return static_cast<float>(v); });
      const std::span<float> features(out.data() + i * out.outerStride(), dimension());
      const double to_unit = squared > 0 ? 1 / std::sqrt(squared) : 0;  // σ(0) is all that a zero row has
      features[0] = static_cast<float>(h[0]);
      powers_(std::span(X.data() + i * X.outerStride(), inputs()), to_unit, weights, features.subspan(1), workspace);
    }
  });
}

template <class Rows>
Eigen::VectorXd DualFeatures::missing(const Rows& X) const {
  expect_columns(X.cols(), inputs());
  const std::vector<double> norms = squared_norms(X);
  const std::vector<std::size_t> present = features_by_degree();
  Eigen::VectorXd left(X.rows());
  std::vector<double> h(present.size());
  for (Eigen::Index i = 0; i < X.rows(); ++i) {
    const double a = norms[static_cast<std::size_t>(i)] / static_cast<double>(inputs());
    series_.coefficients(a, h);
    double carried = 0;
    for (std::size_t n = 0; n < h.size(); ++n) carried += present[n] > 0 ? h[n] * h[n] : 0;
    left[i] = std::max(series_.norm(a) - carried, 0.0);
  }
  return left;
}

MatrixF DualFeatures::operator()(const Eigen::Ref<const Matrix>& X) const {
  MatrixF out(X.rows(), static_cast<Eigen::Index>(dimension()));
  fill(X, out);
  return out;
}

MatrixF DualFeatures::operator()(const Eigen::Ref<const MatrixF>& X) const {
  MatrixF out(X.rows(), static_cast<Eigen::Index>(dimension()));
  fill(X, out);
  return out;
}

void DualFeatures::apply(const Eigen::Ref<const Matrix>& X, Eigen::Ref<MatrixF> out) const {
  fill(X, out);
}
void DualFeatures::apply(const Eigen::Ref<const MatrixF>& X, Eigen::Ref<MatrixF> out) const {
  fill(X, out);
}
Eigen::VectorXd DualFeatures::leftover(const Eigen::Ref<const Matrix>& X) const {
  return missing(X);
}
Eigen::VectorXd DualFeatures::leftover(const Eigen::Ref<const MatrixF>& X) const {
  return missing(X);
}

}  // namespace nke::sketch
