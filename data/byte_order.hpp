// SPDX-License-Identifier: Apache-2.0
// Bytes of either order to and from the machine's own.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace nke {

/// Turns elements of `size` bytes from `order` to the machine's order, or back.
inline void match_byte_order(std::span<std::byte> bytes, std::size_t size, std::endian order) {
  if (order == std::endian::native || size == 1) return;
  for (std::size_t i = 0; i + size <= bytes.size(); i += size) std::ranges::reverse(bytes.subspan(i, size));
}

/// The unsigned integer that up to eight bytes of the given order stand for.
inline std::uint64_t unsigned_from(std::span<const std::byte> bytes, std::endian order) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t next = order == std::endian::big ? i : bytes.size() - 1 - i;
    value = value << 8U | std::to_integer<std::uint64_t>(bytes[next]);
  }
  return value;
}

}  // namespace nke
