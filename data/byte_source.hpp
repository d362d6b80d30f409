// SPDX-License-Identifier: Apache-2.0
// Where do a reader's bytes come from: a file, a .gz, memory?
//
// Definition  A sequence of bytes read once from front to back, which knows its name, its position and how much can be
//             left. Whether a file is compressed is told by its first two bytes (1f 8b), never by its name.
// Domain      Regular files, pipes, memory. A .gz may have several members; bytes after the last one are refused.
// Error       DataError with the name, the offset (in the uncompressed bytes) and the reason.
// Cost        Memory grows with the bytes that are there, not with what a header claims: a claim that exceeds the
//             file's length (for a .gz: 1032 times its length, more deflate cannot make) is refused before anything is
//             allocated.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace nke {

class ByteSource {
 public:
  explicit ByteSource(std::string name) : name_(std::move(name)) {}
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  const std::string& name() const noexcept { return name_; }
  /// Bytes read so far.
  std::uint64_t offset() const noexcept { return offset_; }

  /// Fills as much of `into` as the source can; less than all of it only at the end.
  std::size_t read(std::span<std::byte> into);
  /// Exactly `count` bytes; DataError names `what` if the source ends before.
  std::vector<std::byte> read_exactly(std::uint64_t count, const std::string& what);
  /// The first `wanted` of `total` bytes that must be all there is left. Bytes that are missing or too many are
  /// refused, as far as they can be seen: of a compressed source read in part only the part is looked at.
  std::vector<std::byte> read_payload(std::uint64_t total, std::uint64_t wanted, const std::string& what);
  /// Do the next two bytes open a gzip member? Reads nothing away.
  bool at_gzip();

  struct Left {
    std::uint64_t most = 0;  // there are at most so many bytes left
    bool exact = false;      // and there are exactly so many
  };
  Left left() const;

 protected:
  /// At least one byte unless the source is at its end.
  virtual std::size_t read_some(std::span<std::byte> into) = 0;
  virtual Left left_inside() const = 0;

 private:
  [[noreturn]] void refuse_short(std::uint64_t count, std::uint64_t there, const std::string& what) const;

  std::string name_;
  std::uint64_t offset_ = 0;
  std::array<std::byte, 2> ahead_ = {};  // bytes looked at but not yet given out
  std::size_t ahead_count_ = 0;
};

/// A file (or pipe) by name, uncompressed on the way if it is a gzip file.
std::unique_ptr<ByteSource> open_bytes(const std::filesystem::path& file);
/// Bytes in memory, which must outlive the source; uncompressed on the way as well.
std::unique_ptr<ByteSource> open_bytes(std::span<const std::byte> bytes, const std::string& name);

}  // namespace nke
