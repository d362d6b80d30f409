// SPDX-License-Identifier: Apache-2.0
// What every feature map asks of its rows before it begins. Private to sketch/.
#pragma once

#include <vector>

#include <nke/data/array.hpp>

namespace nke::sketch {

/// |x|² of every row, added in one fixed order whatever the memory's alignment. A row that is not finite, or whose |x|²
/// overflows, is a DomainError that names its row and column (both from 0); the first such row, whatever the threads.
std::vector<double> squared_norms(const Eigen::Ref<const Matrix>& X);
std::vector<double> squared_norms(const Eigen::Ref<const MatrixF>& X);

}  // namespace nke::sketch
