// SPDX-License-Identifier: Apache-2.0
// How many features buy how much accuracy? The sketch and plain random features, many seeds each, on one data set.
#include <algorithm>
#include <cmath>
#include <string>

#include <boost/math/distributions/students_t.hpp>
#include <tbb/parallel_for.h>

#include <nke/sketch/dual_features.hpp>
#include <nke/sketch/random_features.hpp>
#include <nke/verify/metrics.hpp>

#include "report_parts.hpp"

namespace nke {
namespace {

struct MetricName {
  const char* name;
  const char* unit;
  const char* meaning;
  double KernelErrors::*member;
};
constexpr MetricName metric_names[] = {
    {"off_diagonal", "relative", "error off the diagonal", &KernelErrors::off_diagonal},
    {"centred", "relative", "error of the doubly centred kernel", &KernelErrors::centred},
    {"frobenius", "relative", "Frobenius error", &KernelErrors::frobenius},
    {"maximum", "relative", "largest error of an entry over the largest diagonal entry", &KernelErrors::maximum},
    {"spectral", "", "spectral error at lambda = mean diagonal / 100", &KernelErrors::spectral},
};

// The quantile between order statistics, linear as in most tools ("type 7").
double quantile(std::vector<double> values, double fraction) {
  std::sort(values.begin(), values.end());
  const double position = fraction * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  const double weight = position - static_cast<double>(below);
  return values[below] * (1 - weight) + values[above] * weight;
}

Table empty_table() {
  std::vector<Column> columns = {{"method", "", "sketch: this library's feature map; random features: sigma(Wx)"},
                                 {"dimension", "features", "m"},
                                 {"seeds", "", "independent maps drawn"}};
  for (const MetricName& metric : metric_names) {
    for (const char* part : {"q25", "median", "q75"}) {
      columns.push_back(
          {std::string(metric.name) + "_" + part, metric.unit, std::string(metric.meaning) + ", over seeds"});
    }
  }
  return {"by_dimension", "Error of feature maps against their dimension", std::move(columns)};
}

void add_row(Table& table, const std::string& method, int dimension, const std::vector<KernelErrors>& errors) {
  std::vector<Cell> cells = {method, std::int64_t{dimension}, static_cast<std::int64_t>(errors.size())};
  for (const MetricName& metric : metric_names) {
    std::vector<double> values;
    for (const KernelErrors& one : errors) values.push_back(one.*metric.member);
    for (const double fraction : {0.25, 0.5, 0.75}) cells.emplace_back(quantile(values, fraction));
  }
  table.add_row(std::move(cells));
}

// Statistic of one map: how far K̂ leans along K, off the diagonal, relative to K. Its mean is 0 if E K̂ = `cut`.
double lean(const Matrix& approximation, const Matrix& cut, const Matrix& kernel) {
  const Matrix difference = approximation - cut;
  const double along = difference.cwiseProduct(kernel).sum() - difference.diagonal().dot(kernel.diagonal());
  const double scale = kernel.squaredNorm() - kernel.diagonal().squaredNorm();
  return scale > 0 ? along / scale : 0;
}

// Two-sided: |t| exceeds this once in 10^9 if the leans are independent, equally distributed and nearly normal.
double student_limit(int seeds) {
  const boost::math::students_t_distribution<double> student(seeds - 1);
  return boost::math::quantile(boost::math::complement(student, 0.5e-9));
}

double student_statistic(const std::vector<double>& leans) {
  const auto values = Eigen::Map<const Eigen::ArrayXd>(leans.data(), static_cast<Eigen::Index>(leans.size()));
  const double mean = values.mean();
  const double variance = (values - mean).square().sum() / static_cast<double>(leans.size() - 1);
  // Features are floats: a lean of 1e-6 is rounding, also for a map that has no noise at all.
  return std::abs(mean) / std::max(std::sqrt(variance / static_cast<double>(leans.size())), 1e-6);
}

// The features' inner products, and on the diagonal the part beyond their degree, which the map knows exactly.
Matrix sketched_kernel(const HermiteSeries& series, const MatrixF& x, int degree, int dimension, std::uint64_t seed) {
  const sketch::DualFeatures map(series, static_cast<std::size_t>(x.cols()),
                                 {.degree = degree, .dimension = static_cast<std::size_t>(dimension), .seed = seed});
  Matrix kernel = gram(map(x));
  kernel.diagonal() += map.leftover(x);
  return kernel;
}

// One draw of the largest map serves every dimension: its first m features, rescaled, are a map of m features.
std::vector<KernelErrors> random_feature_errors(const Activation& activation, const MatrixF& x,
                                                const std::vector<int>& dimensions, std::uint64_t seed,
                                                const ErrorMeter& meter) {
  const int largest = dimensions.back();
  const sketch::RandomFeatures map(activation, static_cast<std::size_t>(x.cols()),
                                   {.dimension = static_cast<std::size_t>(largest), .seed = seed});
  const MatrixF features = map(x);
  Matrix sum = Matrix::Zero(x.rows(), x.rows());
  std::vector<KernelErrors> errors;
  int used = 0;
  for (const int dimension : dimensions) {
    sum += gram(features.middleCols(used, dimension - used));
    used = dimension;
    errors.push_back(meter(Matrix(sum * (static_cast<double>(largest) / dimension))));
  }
  return errors;
}

}  // namespace

DimensionErrors errors_by_dimension(const Activation& activation, const Matrix& points,
                                    const ReferenceKernel& reference, double lambda, const ValidateOptions& options,
                                    Progress& progress) {
  std::vector<int> dimensions = options.dimensions;
  std::sort(dimensions.begin(), dimensions.end());
  dimensions.erase(std::unique(dimensions.begin(), dimensions.end()), dimensions.end());
  const auto seeds = static_cast<std::size_t>(options.seeds);
  const ErrorMeter meter(reference.kernel, lambda);
  const Matrix cut = truncated_kernel(reference, options.degree);
  const MatrixF x = points.cast<float>();
  const HermiteSeries series(activation, {.degree = options.degree,
                                          .min_variance = reference.variance.minCoeff(),
                                          .max_variance = reference.variance.maxCoeff()});

  std::vector<std::vector<KernelErrors>> ours(dimensions.size(), std::vector<KernelErrors>(seeds));
  std::vector<std::vector<KernelErrors>> rival = ours;
  std::vector<double> leans(seeds);
  progress.stage("feature maps", seeds * (dimensions.size() + 1));
  tbb::parallel_for(std::size_t{0}, seeds, [&](std::size_t s) {
    const std::uint64_t seed = options.seed + s;
    for (std::size_t k = 0; k < dimensions.size(); ++k) {
      const Matrix approximation = sketched_kernel(series, x, options.degree, dimensions[k], seed);
      ours[k][s] = meter(approximation);
      if (k + 1 == dimensions.size()) leans[s] = lean(approximation, cut, reference.kernel);
      progress.advance();
    }
    const auto errors = random_feature_errors(activation, x, dimensions, seed, meter);
    for (std::size_t k = 0; k < dimensions.size(); ++k) rival[k][s] = errors[k];
    progress.advance();
  });

  DimensionErrors result{.table = empty_table()};
  for (std::size_t k = 0; k < dimensions.size(); ++k) add_row(result.table, "sketch", dimensions[k], ours[k]);
  for (std::size_t k = 0; k < dimensions.size(); ++k) add_row(result.table, "random features", dimensions[k], rival[k]);
  if (seeds >= 3) {
    result.bias = student_statistic(leans);
    result.bias_allowed = student_limit(options.seeds);
  }
  return result;
}

}  // namespace nke
