// SPDX-License-Identifier: Apache-2.0
// How do MNIST and its family (Fashion-MNIST, KMNIST, EMNIST, ...) come in?
//
// Definition  IDX: two zero bytes, the element type, the number of axes, the axes' lengths as big-endian 32-bit
//             numbers, the elements big-endian with the last axis fastest. Plain or gzip. Types u8 i8 i16 i32 f32 f64.
// Degenerate  An axis of length 0: no elements.
// Error       DataError with the byte where the file stops making sense; the axes are held against the file's length
//             before memory is taken. LimitError for a shape whose bytes 63 bits cannot count.
// Cost        One pass over the bytes; a limit reads only its images.
// Source      The format's description on the page of the MNIST database.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <nke/data/array.hpp>

namespace nke {

class ByteSource;

/// The whole array, or its first `limit` entries along the first axis (0: all of them).
Array read_idx(ByteSource& source, std::size_t limit = 0);
Array read_idx(const std::filesystem::path& file, std::size_t limit = 0);

/// A one-axis array of integers as class labels; DataError names `file` otherwise.
std::vector<int> to_labels(const Array& array, const std::string& file);

}  // namespace nke
