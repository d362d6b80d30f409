// SPDX-License-Identifier: Apache-2.0
// Any bytes as an IDX file, gzipped or not: an array, or a refusal.
#include <cstddef>
#include <cstdint>
#include <span>

#include <nke/data/byte_source.hpp>
#include <nke/data/idx.hpp>
#include <nke/exact/real/error.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> bytes = std::as_bytes(std::span(data, size));
  for (const std::size_t limit : {std::size_t{0}, std::size_t{2}}) {
    try {
      const nke::Array array = nke::read_idx(*nke::open_bytes(bytes, "fuzz.idx"), limit);
      if (array.shape().size() >= 2) nke::flattened_rows(array);
      if (array.shape().size() == 1) nke::to_labels(array, "fuzz.idx");
    } catch (const nke::Error&) {
      // Every refusal of the reader is one of these.
    }
  }
  return 0;
}
