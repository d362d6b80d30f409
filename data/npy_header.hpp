// SPDX-License-Identifier: Apache-2.0
// The text at the head of an .npy file: a Python dictionary of exactly three keys, read by a grammar of its own.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include <nke/data/array.hpp>

namespace nke {

struct NpyHeader {
  ElementType type = ElementType::float64;  // as the Array will hold it
  std::size_t stored_size = 8;              // bytes of an element in the file
  bool is_half = false;                     // float16, widened to float32
  bool is_boolean = false;                  // one byte, 0 or 1
  std::endian order = std::endian::little;
  bool fortran_order = false;
  Shape shape;
};

/// `text` stands at byte `offset` of the file `name`; DataError points at the byte that breaks the rule.
NpyHeader parse_npy_header(std::string_view text, const std::string& name, std::uint64_t offset);

}  // namespace nke
