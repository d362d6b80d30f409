// SPDX-License-Identifier: Apache-2.0
// How many degrees does this data need? Errors of the series cut at q, for q up to where rounding takes over.
#include <algorithm>
#include <cmath>

#include <tbb/parallel_for.h>

#include <nke/verify/metrics.hpp>

#include "report_parts.hpp"

namespace nke {
namespace {

// Every degree where single ones matter, then about eight a doubling.
std::vector<int> tabulated_degrees(int highest) {
  std::vector<int> degrees;
  for (int q = 0; q <= highest;) {
    degrees.push_back(q);
    q += std::max(1, q / 8);
  }
  return degrees;
}

struct Row {
  KernelErrors errors;
  double left_out = 0;  // of the diagonal, if it were not put back
};

Row measure(const ReferenceKernel& reference, const ErrorMeter& meter, int degree) {
  const Eigen::VectorXd kept = reference.coefficients.leftCols(degree + 1).rowwise().squaredNorm();
  return {meter(truncated_kernel(reference, degree)),
          (reference.norm - kept).cwiseMax(0).mean() / reference.norm.mean()};
}

}  // namespace

Table errors_by_degree(const ReferenceKernel& reference, double lambda, Progress& progress) {
  Table table("by_degree", "Error of the series cut at a degree, its diagonal kept exact",
              {{"degree", "", "q: the terms of degree 0 to q are kept"},
               {"off_diagonal", "relative", "root mean square error off the diagonal over that of the kernel"},
               {"centred", "relative", "Frobenius error of the doubly centred kernel"},
               {"frobenius", "relative", "Frobenius error"},
               {"maximum", "relative", "largest error of an entry over the largest diagonal entry"},
               {"spectral", "", "spectral error at lambda = mean diagonal / 100"},
               {"diagonal_left_out", "relative", "mean of the diagonal beyond degree q, which is put back exactly"}});
  // Beyond this the truth itself, or the rounding of a sum, is what one would see.
  const double floor = std::max(20 * reference.bound, 1e-13);
  const ErrorMeter meter(reference.kernel, lambda);
  const std::vector<int> degrees = tabulated_degrees(std::min(reference.degree, 256));
  progress.stage("errors by degree", degrees.size());
  constexpr std::size_t batch = 4;  // degrees at a time: a few more than the cores, since most tables end early
  for (std::size_t first = 0; first < degrees.size(); first += batch) {
    const std::size_t count = std::min(batch, degrees.size() - first);
    std::vector<Row> rows(count);
    tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) {
      rows[i] = measure(reference, meter, degrees[first + i]);
      progress.advance();
    });
    for (std::size_t i = 0; i < count; ++i) {
      const KernelErrors& errors = rows[i].errors;
      if (errors.off_diagonal <= floor) return table;
      table.add_row({std::int64_t{degrees[first + i]}, errors.off_diagonal, errors.centred, errors.frobenius,
                     errors.maximum, errors.spectral, rows[i].left_out});
    }
  }
  return table;
}

}  // namespace nke
