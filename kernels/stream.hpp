// SPDX-License-Identifier: Apache-2.0
// A kernel matrix larger than memory, on disk: computed by tiles, and continued where it was killed.
//
// Definition  the matrix of kernel_matrix.hpp as a .npy file (float64 or float32, C order), which numpy can map into
//             memory. Tiles are written into a hidden file beside the target; each finished one is noted in a journal
//             with a checksum. The file takes its name when all is done and flushed: before, nothing is there, or what
//             was there before.
// Resuming    the same call continues: tiles in the journal whose checksum is that of the file are not computed again.
//             Another network, kind, precision or data are another job and start anew. The result has the same bytes
//             however often it was interrupted.
// Memory      the data, twice more for the Gram product, and two tiles for each thread; tiles shrink to fit the
//             ceiling. LimitError with the number needed if that is not enough.
// Error       DataError: no space (asked for before anything is computed), no permission, a job already at work on this
//             file.
// Threads     all of TBB's. `progress` is called by one at a time and may throw to stop the job; it can be resumed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include <nke/kernels/kernel_matrix.hpp>

namespace nke {

enum class ElementPrecision { double_precision, float_precision };

struct StreamOptions {
  Kind kind = Kind::ntk;
  ElementPrecision precision = ElementPrecision::double_precision;
  std::uint64_t max_memory = std::uint64_t{4} << 30;
  /// Tiles done, of how many.
  std::function<void(std::size_t done, std::size_t tiles)> progress = {};
};

struct StreamReport {
  std::size_t rows = 0, columns = 0;
  std::size_t tiles = 0;
  std::size_t resumed = 0;   ///< tiles found finished
  std::size_t torn = 0;      ///< tiles in the journal whose bytes were not those noted
  std::uint64_t memory = 0;  ///< planned
};

/// K(X, X), or K(X, Y) if y is not null.
StreamReport stream_kernel_matrix(const Network& network, const Matrix& x, const Matrix* y,
                                  const std::filesystem::path& file, const StreamOptions& options);
StreamReport stream_kernel_matrix(const Network& network, const Images& x, const Images* y,
                                  const std::filesystem::path& file, const StreamOptions& options);

}  // namespace nke
