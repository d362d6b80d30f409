// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include <tbb/parallel_for.h>

#include <nke/exact/dual/covariance.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/nested_quadrature.hpp>
#include <nke/hermite/series.hpp>
#include <nke/sketch/random.hpp>
#include <nke/verify/reference_kernel.hpp>

namespace nke {
namespace {

using Index = Eigen::Index;
using Pair = std::pair<Index, Index>;

constexpr std::uint64_t entries_to_check = 0x636865636b;  // a stream of the seed

// Coefficients are good to 5e-16 of √E σ² each; their products, weighted by ρⁿ, and the sum stay below this.
constexpr double coefficient_rounding = 1e-13;

void expect_points(const Matrix& points) {
  if (points.rows() < 2 || points.cols() < 1) {
    throw ShapeError("a kernel matrix needs at least 2 points of dimension 1; there are " +
                     std::to_string(points.rows()) + " of dimension " + std::to_string(points.cols()));
  }
  if (!points.allFinite()) throw DomainError("the points hold a value that is not finite");
}

Matrix correlations(const Matrix& covariance) {
  const Index n = covariance.rows();
  Matrix rho = Matrix::Identity(n, n);
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < i; ++j) {
      const double product = covariance(i, i) * covariance(j, j);
      const double value = product > 0 ? std::clamp(covariance(i, j) / std::sqrt(product), -1.0, 1.0) : 0.0;
      rho(i, j) = rho(j, i) = value;
    }
  }
  return rho;
}

double truncation_bound(const ReferenceKernel& reference, Index i, Index j) {
  return std::pow(std::abs(reference.correlation(i, j)), reference.degree + 1) *
         std::sqrt(reference.tail[i] * reference.tail[j]);
}

// The lower triangle of Σ h_n(a_i) h_n(a_j) ρⁿ, n <= degree, by Horner's rule over a whole row at once.
Matrix series(const ReferenceKernel& reference, int degree) {
  const Index n = reference.correlation.rows();
  const Matrix by_degree = reference.coefficients.transpose();  // row q: h_q of all points
  Matrix sum(n, n);
  tbb::parallel_for(Index{0}, n, [&](Index i) {
    const auto rho = reference.correlation.row(i).head(i + 1).array();
    Eigen::ArrayXd row = Eigen::ArrayXd::Zero(i + 1);
    for (int q = degree; q >= 0; --q) {
      row = row * rho.transpose() + reference.coefficients(i, q) * by_degree.row(q).head(i + 1).transpose().array();
    }
    sum.row(i).head(i + 1) = row.transpose();
  });
  sum.triangularView<Eigen::StrictlyUpper>() = sum.transpose();
  return sum;
}

// h_n of every point, and what is left beyond N.
void fill_coefficients(const Activation& activation, int degree, ReferenceKernel& reference) {
  const Index n = reference.variance.size();
  const HermiteSeries series(
      activation,
      {.degree = degree, .min_variance = reference.variance.minCoeff(), .max_variance = reference.variance.maxCoeff()});
  reference.degree = degree;
  reference.coefficients.resize(n, degree + 1);
  tbb::parallel_for(Index{0}, n, [&](Index i) {
    const std::span<double> row(reference.coefficients.row(i).data(), static_cast<std::size_t>(degree) + 1);
    series.coefficients(reference.variance[i], row);
    reference.norm[i] = series.norm(reference.variance[i]);
    reference.tail[i] = series.tail(reference.variance[i]);
  });
}

// The pairs i > j whose truncation bound is above the tolerance; the largest bound of the others goes into `reference`.
std::vector<Pair> unresolved_pairs(ReferenceKernel& reference, double tolerance) {
  std::vector<Pair> pairs;
  reference.bound = 0;
  for (Index i = 0; i < reference.variance.size(); ++i) {
    for (Index j = 0; j < i; ++j) {
      const double bound = truncation_bound(reference, i, j) / reference.scale;
      if (bound > tolerance) {
        pairs.emplace_back(i, j);
      } else {
        reference.bound = std::max(reference.bound, bound);
      }
    }
  }
  return pairs;
}

// Rounding in a product over d coordinates may carry c past √(ab) by more than a covariance tolerates.
Covariance covariance_of(const Matrix& covariance, Pair pair) {
  const double a = covariance(pair.first, pair.first);
  const double b = covariance(pair.second, pair.second);
  const double limit = std::sqrt(a) * std::sqrt(b);
  return {a, b, std::clamp(covariance(pair.first, pair.second), -limit, limit)};
}

// A sample of entries, the diagonal's among them, by the other method.
void check_entries(const NestedQuadrature& quadrature, const Matrix& covariance, const ReferenceOptions& options,
                   ReferenceKernel& reference, Progress& progress) {
  const auto n = static_cast<std::uint32_t>(covariance.rows());
  sketch::RandomStream random(options.seed, entries_to_check);
  std::vector<Pair> pairs;
  for (int k = 0; k < options.checked_pairs; ++k) pairs.emplace_back(random.below(n), random.below(n));
  std::vector<double> differences(pairs.size());
  std::vector<double> errors(pairs.size());
  progress.stage("control of the kernel", pairs.size());
  tbb::parallel_for(std::size_t{0}, pairs.size(), [&](std::size_t k) {
    const Estimate estimate = quadrature(covariance_of(covariance, pairs[k]));
    differences[k] = std::abs(estimate.value - reference.kernel(pairs[k].first, pairs[k].second));
    errors[k] = estimate.error_estimate;
    progress.advance();
  });
  reference.checked = static_cast<int>(pairs.size());
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    // NaN must not hide behind a comparison.
    const double difference = differences[k] / reference.scale;
    if (!(difference <= reference.disagreement)) reference.disagreement = difference;
    reference.allowed = std::max(reference.allowed, errors[k] / reference.scale);
  }
  reference.allowed += reference.bound + coefficient_rounding;
}

}  // namespace

ReferenceKernel reference_kernel(const Activation& activation, const Matrix& points, const ReferenceOptions& options,
                                 Progress& progress) {
  expect_points(points);
  const Index n = points.rows();
  const Matrix covariance = points * points.transpose() / static_cast<double>(points.cols());
  ReferenceKernel reference;
  reference.variance = covariance.diagonal();
  reference.correlation = correlations(covariance);
  reference.norm.resize(n);
  reference.tail.resize(n);

  // Pairs one by one cost as much as thousands of degrees of all pairs together, so few are left to quadrature.
  constexpr std::size_t few = 2000;
  std::vector<Pair> pairs;
  progress.stage("the kernel itself", 3);
  for (int degree = options.smallest_degree;; degree *= 2) {
    fill_coefficients(activation, degree, reference);
    reference.scale = reference.norm.mean();
    if (!(reference.scale > 0)) throw DomainError("the kernel is zero: sigma vanishes almost everywhere on this data");
    pairs = unresolved_pairs(reference, options.tolerance);
    throw_if_interrupted();
    if (pairs.empty() || 2 * degree > options.largest_degree || (pairs.size() < few && degree >= 512)) break;
  }
  progress.advance();
  reference.kernel = series(reference, reference.degree);
  reference.kernel.diagonal() = reference.norm;

  const NestedQuadrature quadrature(activation, reference.variance.maxCoeff());
  std::vector<double> quadrature_errors(pairs.size());
  progress.stage("strongly correlated pairs", pairs.size());
  tbb::parallel_for(std::size_t{0}, pairs.size(), [&](std::size_t k) {
    const auto [i, j] = pairs[k];
    const Estimate estimate = quadrature(covariance_of(covariance, pairs[k]));
    reference.kernel(i, j) = reference.kernel(j, i) = estimate.value;
    quadrature_errors[k] = estimate.error_estimate;
    progress.advance();
  });
  reference.by_quadrature = static_cast<std::int64_t>(pairs.size());
  for (const double error : quadrature_errors) reference.bound = std::max(reference.bound, error / reference.scale);
  check_entries(quadrature, covariance, options, reference, progress);
  return reference;
}

Matrix truncated_kernel(const ReferenceKernel& reference, int degree) {
  Matrix kernel = series(reference, std::min(degree, reference.degree));
  kernel.diagonal() = reference.norm;
  return kernel;
}

}  // namespace nke
