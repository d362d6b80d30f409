// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <nke/data/named.hpp>
#include <nke/data/synthetic.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/verify/metrics.hpp>
#include <nke/verify/report.hpp>
#include <nke/verify/version.hpp>

#include "report_parts.hpp"

namespace nke {
namespace {

using Index = Eigen::Index;

constexpr std::uint64_t gaussian_points = 0x67617573;  // sets their seed apart from that of other data

// "fashion-mnist:test" as part of a file name: fashion-mnist-test.
std::string file_word(const std::string& text) {
  std::string word;
  for (const char c : text.substr(0, 80)) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (kept) {
      word += c;
    } else if (!word.empty() && word.back() != '-') {
      word += '-';
    }
  }
  while (!word.empty() && word.back() == '-') word.pop_back();
  return word;
}

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void describe_correlations(const Matrix& correlation, DataFindings& data) {
  std::vector<double> rho;
  for (Index i = 0; i < correlation.rows(); ++i) {
    for (Index j = 0; j < i; ++j) rho.push_back(correlation(i, j));
  }
  const auto [smallest, largest] = std::minmax_element(rho.begin(), rho.end());
  data.smallest_correlation = *smallest;
  data.largest_correlation = *largest;
  data.median_correlation = median_of(std::move(rho));
}

// Least squares of log error on log m over the dimensions that noise, not the floor, decides.
double slope_of(const Table& by_dimension, double floor) {
  std::vector<double> x;
  std::vector<double> y;
  const auto dimension = by_dimension.numbers("dimension");
  const auto error = by_dimension.numbers("off_diagonal_median");
  for (std::size_t i = 0; i < error.size(); ++i) {
    if (to_text(by_dimension.rows()[i][0]) != "sketch" || !(error[i] > 3 * floor) || !(error[i] > 0)) continue;
    x.push_back(std::log(dimension[i]));
    y.push_back(std::log(error[i]));
  }
  if (x.size() < 3) return std::numeric_limits<double>::quiet_NaN();
  const auto xs = Eigen::Map<const Eigen::ArrayXd>(x.data(), static_cast<Index>(x.size()));
  const auto ys = Eigen::Map<const Eigen::ArrayXd>(y.data(), static_cast<Index>(y.size()));
  return ((xs - xs.mean()) * (ys - ys.mean())).sum() / (xs - xs.mean()).square().sum();
}

// One data set from points to tables; its controls are added to the report.
DataFindings findings_on(const Activation& activation, Matrix points, std::string name, const ValidateOptions& options,
                         ActivationReport& report, Progress& progress) {
  DataFindings data;
  data.name = std::move(name);
  data.points = points.rows();
  data.dimension = points.cols();
  const double mean_variance = points.squaredNorm() / static_cast<double>(points.size());
  if (!(mean_variance > 0) || !std::isfinite(mean_variance)) {
    throw DomainError("the points of " + data.name + " have mean variance " + to_text(mean_variance) +
                      "; it must be positive and finite");
  }
  data.factor = 1 / std::sqrt(mean_variance);
  points *= data.factor;

  const ReferenceKernel reference = reference_kernel(activation, points, {.seed = options.seed}, progress);
  data.smallest_variance = reference.variance.minCoeff();
  data.mean_variance = reference.variance.mean();
  data.largest_variance = reference.variance.maxCoeff();
  describe_correlations(reference.correlation, data);
  data.truth_degree = reference.degree;
  data.truth_bound = reference.bound;
  data.truth_quadrature = reference.by_quadrature;
  data.lambda = reference.scale / 100;
  report.checks.push_back(
      {"truth on " + data.name, reference.disagreement, reference.allowed,
       fmt::format("largest difference of {} kernel entries to nested quadrature, over the mean diagonal",
                   reference.checked)});

  data.by_degree = errors_by_degree(reference, data.lambda, progress);
  const Matrix cut = truncated_kernel(reference, options.degree);
  data.floor_off_diagonal = off_diagonal_error(reference.kernel, cut);
  data.floor_spectral = spectral_error(reference.kernel, cut, data.lambda);
  DimensionErrors errors = errors_by_dimension(activation, points, reference, data.lambda, options, progress);
  data.by_dimension = std::move(errors.table);
  data.by_degree.set_name("by_degree_" + file_word(data.name));
  data.by_dimension.set_name("by_dimension_" + file_word(data.name));
  data.slope = slope_of(data.by_dimension, data.floor_off_diagonal);
  if (errors.bias_allowed > 0) {
    report.checks.push_back(
        {"no bias of the sketch on " + data.name, errors.bias, errors.bias_allowed,
         fmt::format("Student's t of {} maps against the series of degree {}; a sound sketch exceeds this "
                     "once in 10⁹ runs",
                     options.seeds, options.degree)});
  }
  data.description = fmt::format(
      "{} points of dimension {}, times {:.5g}; variances {:.3g} to {:.3g}, correlations {:.3f} to {:.5g} with median "
      "{:.3f}",
      data.points, data.dimension, data.factor, data.smallest_variance, data.largest_variance,
      data.smallest_correlation, data.largest_correlation, data.median_correlation);
  return data;
}

Provenance provenance_of(const ValidateOptions& options) {
  return {{"made by", "nke"},
          {"version", std::string(version())},
          {"command", options.command},
          {"seed", std::to_string(options.seed)},
          {"data", options.data}};
}

void stamp(ActivationReport& report) {
  std::vector<Table*> tables = {&report.shape, &report.dual, &report.coefficients, &report.propagation.table,
                                &report.propagation.line};
  for (DataFindings& data : report.data) {
    tables.push_back(&data.by_degree);
    tables.push_back(&data.by_dimension);
  }
  for (Table* table : tables) table->set_provenance(report.provenance);
}

}  // namespace

ActivationReport validate_activation(const Activation& activation, const std::string& text,
                                     const ValidateOptions& options, Progress& progress) {
  ActivationReport report;
  report.provenance = provenance_of(options);
  report.sketch_degree = options.degree;
  report.seeds = options.seeds;

  progress.stage("the function", 5);
  report.facts = facts_of(activation, text);
  report.moments = unit_moments(activation);
  progress.advance();
  report.spectrum = spectrum_of(activation, options.spectrum_degree);
  report.coefficients = coefficient_table(report.spectrum);
  progress.advance();
  report.decay = decay_of(activation);
  report.propagation = propagation_of(activation);
  progress.advance();
  report.shape = shape_table(activation);
  report.dual = dual_table(activation);
  progress.advance();
  report.checks = checks_at_unit_variance(activation, report.spectrum);
  progress.advance();

  progress.stage("reading " + options.data, 1);
  const Matrix points = read_points(
      options.data,
      {.limit = static_cast<std::size_t>(options.points), .seed = options.seed, .order = RowOrder::shuffled});
  const Matrix isotropic = gaussian(static_cast<std::size_t>(points.rows()), static_cast<std::size_t>(points.cols()),
                                    options.seed ^ gaussian_points);
  report.data.push_back(findings_on(activation, points, options.data, options, report, progress));
  report.data.push_back(findings_on(activation, isotropic, "isotropic gaussian", options, report, progress));
  stamp(report);
  report.verdicts = verdicts_of(report);
  return report;
}

}  // namespace nke
