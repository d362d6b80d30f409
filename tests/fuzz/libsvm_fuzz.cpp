// SPDX-License-Identifier: Apache-2.0
// Any bytes as LIBSVM text: a sparse matrix of finite numbers in order, or a refusal.
#include <cstddef>
#include <cstdint>
#include <span>

#include <nke/data/byte_source.hpp>
#include <nke/data/libsvm.hpp>
#include <nke/exact/real/error.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> bytes = std::as_bytes(std::span(data, size));
  for (const std::size_t limit : {std::size_t{0}, std::size_t{2}}) {
    try {
      const nke::LibsvmData read = nke::read_libsvm(*nke::open_bytes(bytes, "fuzz.svm"), {.limit = limit});
      if (read.points.rows() != static_cast<Eigen::Index>(read.labels.size())) __builtin_trap();
      for (Eigen::Index row = 0; row < read.points.rows(); ++row) {
        Eigen::Index previous = -1;
        for (decltype(read.points)::InnerIterator entry(read.points, row); entry; ++entry) {
          if (entry.col() <= previous || entry.col() >= read.points.cols()) __builtin_trap();
          previous = entry.col();
        }
      }
    } catch (const nke::Error&) {
      // Every refusal of the reader is one of these.
    }
  }
  return 0;
}
