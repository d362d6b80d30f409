// SPDX-License-Identifier: Apache-2.0
// Any bytes as CSV: a table of finite numbers, or a refusal.
#include <cstddef>
#include <cstdint>
#include <span>

#include <nke/data/byte_source.hpp>
#include <nke/data/csv.hpp>
#include <nke/exact/real/error.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> bytes = std::as_bytes(std::span(data, size));
  for (const std::size_t limit : {std::size_t{0}, std::size_t{2}}) {
    try {
      const nke::CsvTable table = nke::read_csv(*nke::open_bytes(bytes, "fuzz.csv"), limit);
      if (!table.values.allFinite()) __builtin_trap();
      if (!table.columns.empty() && table.values.rows() > 0 &&
          static_cast<Eigen::Index>(table.columns.size()) != table.values.cols()) {
        __builtin_trap();
      }
    } catch (const nke::Error&) {
      // Every refusal of the reader is one of these.
    }
  }
  return 0;
}
