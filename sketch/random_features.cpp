// SPDX-License-Identifier: Apache-2.0
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <nke/exact/real/error.hpp>
#include <nke/sketch/random.hpp>
#include <nke/sketch/random_features.hpp>

#include "rows.hpp"

namespace nke::sketch {
namespace {

constexpr std::ptrdiff_t rows_at_once = 128;  // of the matrix product, so that packing W is a small part of it
constexpr std::size_t block = 512;            // of σ's program: the doubles stay in L1

}  // namespace

RandomFeatures::RandomFeatures(Activation sigma, std::size_t inputs, const RandomFeaturesOptions& options)
    : sigma_(std::move(sigma)) {
  if (inputs == 0 || options.dimension == 0) {
    throw ShapeError("random features need at least one input and one feature, got " + std::to_string(inputs) +
                     " and " + std::to_string(options.dimension));
  }
  weights_.resize(static_cast<Eigen::Index>(options.dimension), static_cast<Eigen::Index>(inputs));
  const std::uint64_t stream = substream(0, 5);
  tbb::parallel_for(Eigen::Index{0}, weights_.rows(), [&](Eigen::Index row) {
    RandomStream random(options.seed, substream(stream, static_cast<std::uint64_t>(row)));
    fill_gaussian(random, std::span(weights_.data() + row * weights_.cols(), inputs));
  });
  weights_ /= std::sqrt(static_cast<float>(inputs));
}

template <class Rows>
void RandomFeatures::fill(const Rows& X, Eigen::Ref<MatrixF> out) const {
  expect_shapes({X.rows(), X.cols()}, {out.rows(), out.cols()}, inputs(), dimension());
  squared_norms(X);  // refuses what is not finite
  const double scale = 1 / std::sqrt(static_cast<double>(dimension()));
  const std::ptrdiff_t tasks = (X.rows() + rows_at_once - 1) / rows_at_once;
  // Tasks are cut by the number of rows alone, so that the sums inside the product do not depend on the threads.
  tbb::parallel_for(std::ptrdiff_t{0}, tasks, [&](std::ptrdiff_t task) {
    const std::ptrdiff_t first = task * rows_at_once, count = std::min(rows_at_once, X.rows() - first);
    const MatrixF x = X.middleRows(first, count).template cast<float>();
    const MatrixF u = x * weights_.transpose();
    double values[block];
    for (std::ptrdiff_t i = 0; i < count; ++i) {
      const float* from = u.data() + i * u.cols();
      float* to = out.data() + (first + i) * out.outerStride();
      for (std::size_t j = 0; j < dimension(); j += block) {
        const std::size_t length = std::min(block, dimension() - j);
        std::copy_n(from + j, length, values);
        const std::span<double> span(values, length);
        sigma_(span, span);
        for (std::size_t k = 0; k < length; ++k) to[j + k] = static_cast<float>(scale * values[k]);
      }
    }
  });
}

MatrixF RandomFeatures::operator()(const Eigen::Ref<const Matrix>& X) const {
  MatrixF out(X.rows(), weights_.rows());
  fill(X, out);
  return out;
}

MatrixF RandomFeatures::operator()(const Eigen::Ref<const MatrixF>& X) const {
  MatrixF out(X.rows(), weights_.rows());
  fill(X, out);
  return out;
}

void RandomFeatures::apply(const Eigen::Ref<const Matrix>& X, Eigen::Ref<MatrixF> out) const {
  fill(X, out);
}
void RandomFeatures::apply(const Eigen::Ref<const MatrixF>& X, Eigen::Ref<MatrixF> out) const {
  fill(X, out);
}

}  // namespace nke::sketch
