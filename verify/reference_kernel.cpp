// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <tbb/parallel_for.h>

#include <nke/exact/dual/covariance.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/coefficients.hpp>
#include <nke/hermite/nested_quadrature.hpp>
#include <nke/hermite/series.hpp>
#include <nke/sketch/random.hpp>
#include <nke/verify/reference_kernel.hpp>

namespace nke {
namespace {

using Index = Eigen::Index;
using Pair = std::pair<Index, Index>;

constexpr std::uint64_t entries_to_check = 0x636865636b;  // a stream of the seed

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
  return mehler_remainder(reference.correlation(i, j), reference.degree, reference.tail[i] * reference.tail[j]);
}

// Σ h_n(a_i) h_n(a_j) ρⁿ, n <= degree, by Horner's rule over whole rows of the lower triangle.
Matrix series(const ReferenceKernel& reference, int degree) {
  const Index n = reference.correlation.rows();
  const Matrix by_degree = reference.coefficients.leftCols(degree + 1).transpose();  // row q: h_q of all points
  Matrix sum = Matrix::Zero(n, n);
  tbb::parallel_for(Index{0}, n, [&](Index i) {
    const double* rho = &reference.correlation(i, 0);
    double* row = &sum(i, 0);
    for (int q = degree; q >= 0; --q) {
      const double own = by_degree(q, i);
      const double* others = &by_degree(q, 0);
      for (Index j = 0; j <= i; ++j) row[j] = row[j] * rho[j] + own * others[j];
    }
  });
  sum.triangularView<Eigen::StrictlyUpper>() = sum.transpose();
  return sum;
}

double smallest_positive(const Eigen::VectorXd& values) {
  double smallest = values.maxCoeff();
  for (const double value : values) {
    if (value > 0) smallest = std::min(smallest, value);
  }
  return smallest;
}

// h_n of every point, and what is left beyond N, from the quadrature itself rather than from a table of it.
void fill_coefficients(const Activation& activation, int degree, ReferenceKernel& reference) {
  const Index n = reference.variance.size();
  const HermiteRule rule(activation, {.degree = degree,
                                      .min_variance = smallest_positive(reference.variance),
                                      .max_variance = reference.variance.maxCoeff()});
  reference.degree = degree;
  reference.coefficients.resize(n, degree + 1);
  Eigen::VectorXd errors(n);
  tbb::parallel_for(Index{0}, n, [&](Index i) {
    const FastCoefficients h = rule.coefficients(reference.variance[i]);
    reference.coefficients.row(i) = Eigen::Map<const Eigen::RowVectorXd>(h.values.data(), degree + 1);
    reference.norm[i] = h.norm;
    reference.tail[i] = h.tail + h.tail_noise;
    errors[i] = h.error_bound;
  });
  reference.scale = reference.norm.mean();
  if (!(reference.scale > 0)) throw DomainError("the kernel is zero: sigma vanishes almost everywhere on this data");
  // Errors e of all h_n move Σ h_n h_n ρⁿ by at most 2e Σ|h_n| <= 2e √(N+1) √norm; the sum rounds 2(N+1) times.
  reference.rounding =
      2 * errors.maxCoeff() * std::sqrt((degree + 1) * reference.norm.maxCoeff()) / reference.scale +
      2 * (degree + 1) * std::numeric_limits<double>::epsilon() * reference.norm.maxCoeff() / reference.scale;
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
void check_entries(const NestedQuadrature& quadrature, const Matrix& covariance, const ReferenceKernelOptions& options,
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
  reference.allowed += reference.bound + reference.rounding;
}

}  // namespace

ReferenceKernel reference_kernel(const Activation& activation, const Matrix& points,
                                 const ReferenceKernelOptions& options, Progress& progress) {
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
