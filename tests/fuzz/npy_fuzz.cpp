// SPDX-License-Identifier: Apache-2.0
// Any bytes as an .npy file: an array, or a refusal.
#include <cstddef>
#include <cstdint>
#include <span>

#include <nke/data/byte_source.hpp>
#include <nke/data/npy.hpp>
#include <nke/exact/real/error.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> bytes = std::as_bytes(std::span(data, size));
  for (const std::size_t limit : {std::size_t{0}, std::size_t{2}}) {
    try {
      const nke::Array array = nke::read_npy(*nke::open_bytes(bytes, "fuzz.npy"), limit);
      if (array.shape().size() >= 2) nke::flattened_rows(array);
    } catch (const nke::Error&) {
      // Every refusal of the reader is one of these.
    }
  }
  return 0;
}
