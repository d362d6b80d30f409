// SPDX-License-Identifier: Apache-2.0
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cstdint>
#include <utility>

#include <sys/mman.h>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <nke/exact/real/error.hpp>
#include <nke/kernels/kernel_matrix.hpp>

#include "kernel_source.hpp"

namespace nke {
namespace {

// to[j][i] = from[i][j], by blocks that fit the cache.
template <class T>
void transpose(const T* from, std::size_t rows, std::size_t columns, T* to, std::size_t stride) {
  constexpr std::size_t block = 16;
  for (std::size_t i0 = 0; i0 < rows; i0 += block) {
    for (std::size_t j0 = 0; j0 < columns; j0 += block) {
      for (std::size_t j = j0; j < std::min(j0 + block, columns); ++j) {
        for (std::size_t i = i0; i < std::min(i0 + block, rows); ++i) to[j * stride + i] = from[i * stride + j];
      }
    }
  }
}

// A matrix of its own memory, in pages of 2 MiB where the system has them: 4096 points fill 65 000 pages of 4 KiB for both
// kinds, whose faults took a twelfth (relu) to a fifth (gelu) of the time. Only a hint: a refusal changes nothing.
template <class Result>
void resize(Result& matrix, std::size_t rows, std::size_t columns) {
  matrix.resize(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
#ifdef MADV_HUGEPAGE
  constexpr std::uintptr_t page = std::uintptr_t{1} << 21;
  const auto first = reinterpret_cast<std::uintptr_t>(matrix.data());
  const std::uintptr_t begin = (first + page - 1) / page * page;
  const std::uintptr_t end = (first + rows * columns * sizeof(typename Result::Scalar)) / page * page;
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#endif
}

template <class T, class Result>
void fill_kind(const KernelSource<T>& source, Kind kind, Result& result) {
  resize(result, source.rows(), source.columns());
  fill(source, kind == Kind::nngp ? result.data() : nullptr, kind == Kind::ntk ? result.data() : nullptr);
}

template <class T>
auto source_of(const Network& network, const Matrix& x, const Matrix* y) {
  return point_source<T>(network, x, y);
}
template <class T>
auto source_of(const Network& network, const Images& x, const Images* y) {
  return image_source<T>(network, x, y);
}

template <class Result, class Data>
Result matrix_of(const Network& network, const Data& x, const Data* y, Kind kind) {
  Result result;
  fill_kind(*source_of<typename Result::Scalar>(network, x, y), kind, result);
  return result;
}

template <class Data>
KernelMatrices both_of(const Network& network, const Data& x) {
  const auto source = source_of<double>(network, x, nullptr);
  KernelMatrices result;
  for (Matrix* matrix : {&result.nngp, &result.ntk}) resize(*matrix, source->rows(), source->rows());
  fill(*source, result.nngp.data(), result.ntk.data());
  return result;
}

template <class Data>
Eigen::VectorXd diagonal_of(const Network& network, const Data& x, Kind kind) {
  const auto source = source_of<double>(network, x, nullptr);
  Eigen::VectorXd result(static_cast<Eigen::Index>(source->rows()));
  source->diagonal(kind, result.data());
  return result;
}

}  // namespace

template <class T>
void fill(const KernelSource<T>& source, T* nngp, T* ntk) {
  const std::size_t rows = source.rows(), columns = source.columns(), side = source.side();
  std::vector<TileRange> tiles;
  for (std::size_t i = 0; i < rows; i += side) {
    for (std::size_t j = source.symmetric() ? i : 0; j < columns; j += side) {
      tiles.push_back({i, std::min(side, rows - i), j, std::min(side, columns - j)});
    }
  }
  tbb::parallel_for(std::size_t{0}, tiles.size(), [&](std::size_t at) {
    const TileRange& r = tiles[at];
    const std::size_t here = r.row * columns + r.column, there = r.column * columns + r.row;
    source.tile(r, nngp == nullptr ? nullptr : nngp + here, ntk == nullptr ? nullptr : ntk + here, columns);
    if (!source.symmetric()) return;
    for (T* matrix : {nngp, ntk}) {
      if (matrix == nullptr) continue;
      if (r.row != r.column) {
        transpose(matrix + here, r.rows, r.columns, matrix + there, columns);
        continue;
      }
      for (std::size_t i = 0; i < r.rows; ++i) {
        for (std::size_t j = 0; j < i; ++j) matrix[here + i * columns + j] = matrix[here + j * columns + i];
      }
    }
  });
}
template void fill(const KernelSource<float>&, float*, float*);
template void fill(const KernelSource<double>&, double*, double*);

#define NKE_FOR_DATA(Data)                                                                       \
  Matrix kernel_matrix(const Network& network, const Data& x, Kind kind) {                       \
    return matrix_of<Matrix, Data>(network, x, nullptr, kind);                                   \
  }                                                                                              \
  Matrix kernel_matrix(const Network& network, const Data& x, const Data& y, Kind kind) {        \
    return matrix_of<Matrix, Data>(network, x, &y, kind);                                        \
  }                                                                                              \
  MatrixF kernel_matrix_float(const Network& network, const Data& x, Kind kind) {                \
    return matrix_of<MatrixF, Data>(network, x, nullptr, kind);                                  \
  }                                                                                              \
  MatrixF kernel_matrix_float(const Network& network, const Data& x, const Data& y, Kind kind) { \
    return matrix_of<MatrixF, Data>(network, x, &y, kind);                                       \
  }                                                                                              \
  KernelMatrices kernel_matrices(const Network& network, const Data& x) {                        \
    return both_of(network, x);                                                                  \
  }                                                                                              \
  Eigen::VectorXd kernel_diagonal(const Network& network, const Data& x, Kind kind) {            \
    return diagonal_of(network, x, kind);                                                        \
  }
NKE_FOR_DATA(Matrix)
NKE_FOR_DATA(Images)
#undef NKE_FOR_DATA

double smallest_eigenvalue(const Matrix& symmetric) {
  if (symmetric.rows() != symmetric.cols() || symmetric.rows() == 0) {
    throw ShapeError("the smallest eigenvalue is that of a square matrix, not of one of " +
                     std::to_string(symmetric.rows()) + " x " + std::to_string(symmetric.cols()));
  }
  return Eigen::SelfAdjointEigenSolver<Matrix>(symmetric, Eigen::EigenvaluesOnly).eigenvalues()(0);
}

}  // namespace nke
