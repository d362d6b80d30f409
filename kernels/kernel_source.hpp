// SPDX-License-Identifier: Apache-2.0
// A kernel matrix that can be asked for a tile at a time: what matrices in memory, files and the command share. Private
// to kernels.
#pragma once

#include <cstddef>
#include <memory>

#include <nke/kernels/kernel_matrix.hpp>

namespace nke {

/// Rows [row, row + rows) and columns [column, column + columns) of a matrix.
struct TileRange {
  std::size_t row = 0, rows = 0, column = 0, columns = 0;
};

template <class T>
class KernelSource {
 public:
  virtual ~KernelSource() = default;
  virtual std::size_t rows() const = 0;
  virtual std::size_t columns() const = 0;
  /// K(X, X): the tile (j, i) is the transpose of (i, j), to the bit.
  virtual bool symmetric() const = 0;
  /// Tiles begin at multiples of this.
  virtual std::size_t side() const = 0;
  /// nngp and ntk, each with rows `stride` apart, either may be null. Calls may run concurrently.
  virtual void tile(const TileRange& range, T* nngp, T* ntk, std::size_t stride) const = 0;
  /// The entries (i, i), rows() of them, of a symmetric one.
  virtual void diagonal(Kind kind, T* out) const = 0;
  /// Bytes held besides the results.
  virtual std::size_t bytes() const = 0;
};

template <class T>
std::unique_ptr<KernelSource<T>> point_source(const Network& network, const Matrix& x, const Matrix* y);

template <class T>
std::unique_ptr<KernelSource<T>> image_source(const Network& network, const Images& x, const Images* y);

/// All of it into nngp and ntk (either may be null), threaded; the lower half of a symmetric one by reflection.
template <class T>
void fill(const KernelSource<T>& source, T* nngp, T* ntk);

}  // namespace nke
