// SPDX-License-Identifier: Apache-2.0
#include "rows.hpp"

#include <cmath>
#include <cstddef>
#include <string>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <nke/exact/real/error.hpp>

namespace nke::sketch {
namespace {

template <class T>
double squared_norm(const T* x, std::ptrdiff_t d) {
  double part[8] = {};
  std::ptrdiff_t i = 0;
  for (; i + 8 <= d; i += 8) {
    for (std::ptrdiff_t j = 0; j < 8; ++j) {
      const double v = static_cast<double>(x[i + j]);
      part[j] += v * v;
    }
  }
  for (; i < d; ++i) part[i % 8] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  return ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
}

template <class T>
[[noreturn]] void refuse(const T* x, std::ptrdiff_t d, std::ptrdiff_t row) {
  for (std::ptrdiff_t column = 0; column < d; ++column) {
    const double v = static_cast<double>(x[column]);
    if (std::isfinite(v)) continue;
    throw DomainError("the data must be finite, but row " + std::to_string(row) + ", column " + std::to_string(column) +
                      " (from 0) is " + (std::isnan(v) ? "not a number" : "infinite"));
  }
  throw DomainError("row " + std::to_string(row) + " (from 0) of the data is too large: its squared norm overflows");
}

template <class Rows>
std::vector<double> norms(const Rows& X) {
  std::vector<double> found(static_cast<std::size_t>(X.rows()));
  const auto row = [&](std::ptrdiff_t i) { return X.data() + i * X.outerStride(); };
  tbb::parallel_for(tbb::blocked_range<std::ptrdiff_t>(0, X.rows(), 64), [&](const auto& range) {
    for (auto i = range.begin(); i < range.end(); ++i) {
      found[static_cast<std::size_t>(i)] = squared_norm(row(i), X.cols());
    }
  });
  for (std::ptrdiff_t i = 0; i < X.rows(); ++i) {
    if (!std::isfinite(found[static_cast<std::size_t>(i)])) refuse(row(i), X.cols(), i);
  }
  return found;
}

}  // namespace

std::vector<double> squared_norms(const Eigen::Ref<const Matrix>& X) {
  return norms(X);
}
std::vector<double> squared_norms(const Eigen::Ref<const MatrixF>& X) {
  return norms(X);
}

void expect_columns(std::ptrdiff_t columns, std::size_t inputs) {
  if (columns == static_cast<std::ptrdiff_t>(inputs)) return;
  throw ShapeError("the feature map is for data of " + std::to_string(inputs) + " columns, not " +
                   std::to_string(columns));
}

void expect_shapes(Shape data, Shape out, std::size_t inputs, std::size_t dimension) {
  expect_columns(data.columns, inputs);
  if (out.rows != data.rows || out.columns != static_cast<std::ptrdiff_t>(dimension)) {
    throw ShapeError("the features of this data are (" + std::to_string(data.rows) + ", " + std::to_string(dimension) +
                     "), the matrix to be filled is (" + std::to_string(out.rows) + ", " + std::to_string(out.columns) +
                     ")");
  }
}

}  // namespace nke::sketch
