// SPDX-License-Identifier: Apache-2.0
// Small files of every format, built byte by byte from the formats' descriptions and not by our writers.
#pragma once

#include <bit>
#include <string>
#include <string_view>

#include "files.hpp"

namespace nke::test {

/// `fields` as in "'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), ".
inline std::string npy(std::string_view fields, std::string_view elements, int version = 1) {
  std::string header = "{";
  header.append(fields).append("}");
  const std::size_t before = version == 1 ? 10 : 12;
  while ((before + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string file = "\x93NUMPY";
  file += static_cast<char>(version);
  file += '\0';
  return file + little_endian(header.size(), version == 1 ? 2 : 4) + header + std::string(elements);
}

inline std::string npy(const std::string& type, const std::string& shape, std::string_view elements,
                       bool fortran = false, int version = 1) {
  return npy("'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", ",
             elements, version);
}

/// [[1, 2, 3], [4, 5, 6]] as <f8.
inline std::string npy_doubles() {
  std::string elements;
  for (const double value : {1.0, 2.0, 3.0, 4.0, 5.0, 6.0}) {
    elements += little_endian(std::bit_cast<std::uint64_t>(value), 8);
  }
  return npy("<f8", "(2, 3)", elements);
}

inline std::string idx(int type, const std::vector<std::uint64_t>& shape, std::string_view elements) {
  std::string file(2, '\0');
  file += static_cast<char>(type);
  file += static_cast<char>(shape.size());
  for (const std::uint64_t length : shape) file += big_endian(length, 4);
  return file + std::string(elements);
}

/// Three images of 2 x 2 bytes, 0 to 11.
inline std::string idx_images() {
  return idx(8, {3, 2, 2}, {"\0\1\2\3\4\5\6\7\10\11\12\13", 12});
}

/// A record whose reds are `red`, greens are the row and blues are the column.
inline std::string cifar_record(int label, int red) {
  std::string record(1, static_cast<char>(label));
  record += std::string(1024, static_cast<char>(red));
  for (int pixel = 0; pixel < 1024; ++pixel) record += static_cast<char>(pixel / 32);
  for (int pixel = 0; pixel < 1024; ++pixel) record += static_cast<char>(pixel % 32);
  return record;
}

}  // namespace nke::test
