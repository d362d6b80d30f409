// SPDX-License-Identifier: Apache-2.0
// How do arrays come from NumPy, and go back?
//
// Definition  The .npy format, versions 1.0, 2.0 and 3.0, C or Fortran order, either byte order. Elements f2 (widened
//             to float32) f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1 (as uint8). The Array is in C order whatever the file's.
// Degenerate  No axes: one element. An axis of length 0: no elements.
// Error       DataError with the byte where the file stops making sense: truncated, bytes after the end, objects,
//             structured or complex elements, a header that is not exactly the three entries of the format.
//             LimitError for a shape whose bytes 63 bits cannot count.
// Cost        One pass over the bytes; a limit reads only its rows (in C order).
// Source      NumPy Enhancement Proposal 1, and the "numpy.lib.format" page of NumPy's manual.
#pragma once

#include <cstddef>
#include <filesystem>

#include <nke/data/array.hpp>

namespace nke {

class ByteSource;

/// The whole array, or its first `limit` entries along the first axis (0: all of them).
Array read_npy(ByteSource& source, std::size_t limit = 0);
Array read_npy(const std::filesystem::path& file, std::size_t limit = 0);

/// Version 1.0, C order, little-endian whatever the machine; whole or not at all.
void write_npy(const std::filesystem::path& file, const Array& array);
/// As a (rows, columns) array of float64, or float32.
void write_npy(const std::filesystem::path& file, const Eigen::Ref<const Matrix>& matrix);
void write_npy(const std::filesystem::path& file, const Eigen::Ref<const MatrixF>& matrix);

}  // namespace nke
