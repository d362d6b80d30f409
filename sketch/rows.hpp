// SPDX-License-Identifier: Apache-2.0
// What every feature map asks of its rows before it begins. Private to sketch/.
#pragma once

#include <cstddef>
#include <vector>

#include <nke/data/array.hpp>

namespace nke::sketch {

/// |x|² of every row, added in one fixed order whatever the memory's alignment. A row that is not finite, or whose |x|²
/// overflows, is a DomainError that names its row and column (both from 0); the first such row, whatever the threads.
std::vector<double> squared_norms(const Eigen::Ref<const Matrix>& X);
std::vector<double> squared_norms(const Eigen::Ref<const MatrixF>& X);

/// ShapeError unless data of `columns` columns is what a map of `inputs` inputs takes.
void expect_columns(std::ptrdiff_t columns, std::size_t inputs);

struct Shape {
  std::ptrdiff_t rows;
  std::ptrdiff_t columns;
};
/// ShapeError naming what does not fit, unless `data` has `inputs` columns and `out` is (rows of the data, dimension).
void expect_shapes(Shape data, Shape out, std::size_t inputs, std::size_t dimension);

}  // namespace nke::sketch
