// SPDX-License-Identifier: Apache-2.0
// The exact kernel matrix of a network of infinite width on data: what sketches approximate, and what a few thousand
// points can do without them.
//
// Definition  entry (i, j) is Σ (nngp) or Θ (ntk) of network.hpp on rows i of X and j of X, or of Y. The input kernel is
//             <x, x'>/d for points and <x_p, x'_q>/channels for pixels. Both kinds come from one pass.
// Domain      finite data (DomainError with row and column), points of equal length (ShapeError). E σ² finite at every
//             variance met. Every diagonal entry must fit the number type, else DomainError: intermediate layers may
//             have any scale for homogeneous activations, and variances up to 1e150 for others.
// Degenerate  zero points and repeated points are fine; the latter have the entries of the diagonal. No points: an
//             empty matrix.
// Error       double: a few ε √(K_ii K_jj) a layer for closed forms and homogeneous σ; series to 1e-13. What the
//             Gram product cannot resolve is recomputed from differences of points, so that nearly equal points lose
//             nothing in homogeneous networks; where a kinked σ is not homogeneous or follows another one (dense erf dense
//             relu), an angle θ costs Θ the smaller of ε/θ and θ. float: 1e-6 √(K_ii K_jj). The diagonal is a scalar
//             recursion in double.
// Symmetric   to the bit; positive semi-definite up to that error; smallest_eigenvalue says how far.
// Threads     all of TBB's; results do not depend on their number.
// Cost        points: the Gram product plus 1 ns (homogeneous σ) to some 5 ns (others) an entry, layer and core;
//             docs/kernels.md has figures. Memory: the result, and twice the data.
// Source      Lee et al. 2018 (1711.00165), Jacot et al. 2018 (1806.07572), Novak et al. 2020 (1912.02803).
#pragma once

#include <nke/data/array.hpp>
#include <nke/kernels/network.hpp>

namespace nke {

enum class Kind { nngp, ntk };

Matrix kernel_matrix(const Network& network, const Matrix& x, Kind kind);
Matrix kernel_matrix(const Network& network, const Matrix& x, const Matrix& y, Kind kind);
MatrixF kernel_matrix_float(const Network& network, const Matrix& x, Kind kind);
MatrixF kernel_matrix_float(const Network& network, const Matrix& x, const Matrix& y, Kind kind);

Matrix kernel_matrix(const Network& network, const Images& x, Kind kind);
Matrix kernel_matrix(const Network& network, const Images& x, const Images& y, Kind kind);
MatrixF kernel_matrix_float(const Network& network, const Images& x, Kind kind);
MatrixF kernel_matrix_float(const Network& network, const Images& x, const Images& y, Kind kind);

struct KernelMatrices {
  Matrix nngp, ntk;
};
KernelMatrices kernel_matrices(const Network& network, const Matrix& x);
KernelMatrices kernel_matrices(const Network& network, const Images& x);

/// The diagonal of kernel_matrix(network, x, kind), to the bit, without the matrix.
Eigen::VectorXd kernel_diagonal(const Network& network, const Matrix& x, Kind kind);
Eigen::VectorXd kernel_diagonal(const Network& network, const Images& x, Kind kind);

/// By Eigen's symmetric solver: n³ operations.
double smallest_eigenvalue(const Matrix& symmetric);

}  // namespace nke
