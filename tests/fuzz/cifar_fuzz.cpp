// SPDX-License-Identifier: Apache-2.0
// Any bytes as a CIFAR-10 batch, gzipped or not: images and as many labels, or a refusal.
#include <cstddef>
#include <cstdint>
#include <span>

#include <nke/data/byte_source.hpp>
#include <nke/data/cifar10.hpp>
#include <nke/exact/real/error.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> bytes = std::as_bytes(std::span(data, size));
  for (const std::size_t limit : {std::size_t{0}, std::size_t{2}}) {
    try {
      const nke::LabelledImages read = nke::read_cifar10_batch(*nke::open_bytes(bytes, "fuzz.bin"), limit);
      if (read.images.count() != static_cast<Eigen::Index>(read.labels.size())) __builtin_trap();
    } catch (const nke::Error&) {
      // Every refusal of the reader is one of these.
    }
  }
  return 0;
}
