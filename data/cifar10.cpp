// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include <nke/data/byte_source.hpp>
#include <nke/data/cifar10.hpp>
#include <nke/exact/real/error.hpp>

namespace nke {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t side = 32;
constexpr std::size_t channels = 3;
constexpr std::size_t plane = side * side;
constexpr std::size_t record = 1 + channels * plane;

// Appends the records of one batch to `records`, up to `limit` of them in all.
void append_batch(ByteSource& source, std::size_t limit, std::vector<std::byte>& records) {
  constexpr std::size_t most_records = 100000;
  std::array<std::byte, record> next = {};
  for (std::size_t count = 0; limit == 0 || records.size() < limit * record; ++count) {
    const std::uint64_t start = source.offset();
    const std::size_t got = source.read(next);
    if (got == 0) {
      if (count == 0) throw DataError(source.name(), "not a CIFAR-10 batch: the file is empty");
      return;
    }
    if (count == most_records) throw DataError(source.name(), start, "not a CIFAR-10 batch: too many records");
    if (std::to_integer<int>(next[0]) > 9) {
      throw DataError(source.name(), start, "not a CIFAR-10 batch: a label is above 9");
    }
    if (got < record) {
      throw DataError(source.name(), start + got,
                      "truncated: the last record has " + std::to_string(got) + " of its 3073 bytes");
    }
    records.insert(records.end(), next.begin(), next.end());
  }
}

LabelledImages from_records(const std::vector<std::byte>& records) {
  const std::size_t count = records.size() / record;
  LabelledImages out;
  out.images = {Matrix(static_cast<Eigen::Index>(count), static_cast<Eigen::Index>(channels * plane)), side, side,
                channels};
  out.labels.reserve(count);
  double* value = out.images.pixels.data();
  for (std::size_t i = 0; i < count; ++i) {
    const std::byte* const bytes = &records[i * record];
    out.labels.push_back(std::to_integer<int>(bytes[0]));
    for (std::size_t pixel = 0; pixel < plane; ++pixel) {
      for (std::size_t channel = 0; channel < channels; ++channel) {
        *value++ = std::to_integer<int>(bytes[1 + channel * plane + pixel]) / 255.0;
      }
    }
  }
  return out;
}

fs::path folder_of_batches(const fs::path& folder, const std::string& first) {
  for (const fs::path& candidate : {folder, folder / "cifar-10-batches-bin"}) {
    if (fs::exists(candidate / first)) return candidate;
  }
  throw DataError(folder.string(), "has no " + first + "; unpack cifar-10-binary.tar.gz there");
}

}  // namespace

LabelledImages read_cifar10_batch(ByteSource& source, std::size_t limit) {
  std::vector<std::byte> records;
  append_batch(source, limit, records);
  return from_records(records);
}

LabelledImages read_cifar10(const fs::path& folder, Part part, std::size_t limit) {
  std::vector<std::string> names = {"test_batch.bin"};
  if (part == Part::train) {
    names.clear();
    for (int i = 1; i <= 5; ++i) names.push_back("data_batch_" + std::to_string(i) + ".bin");
  }
  const fs::path place = folder_of_batches(folder, names.front());
  std::vector<std::byte> records;
  for (const std::string& name : names) {
    if (limit > 0 && records.size() >= limit * record) break;
    append_batch(*open_bytes(place / name), limit, records);
  }
  return from_records(records);
}

}  // namespace nke
