// SPDX-License-Identifier: Apache-2.0
// The two files of a job on its way: the matrix being filled, and the journal of finished tiles. Private to kernels.
//
// Journal  32 bytes of fingerprint, then one record of 24 bytes a tile: its number, the checksum of its bytes, and the
//          checksum of these two. A record that does not check, such as a torn last one, ends the journal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace nke {

/// A fast 64-bit checksum, for accidents, not for enemies.
std::uint64_t checksum(std::span<const std::byte> bytes, std::uint64_t seed = 0);

class TileFile {
 public:
  /// Opens or makes the files beside `target`; takes up the journal if its fingerprint is this one. Reserves the space.
  TileFile(const std::filesystem::path& target, std::uint64_t fingerprint, std::string header, std::uint64_t bytes);
  TileFile(const TileFile&) = delete;
  TileFile& operator=(const TileFile&) = delete;
  ~TileFile();

  struct Record {
    std::uint64_t tile, check;
  };
  /// What an earlier run noted.
  const std::vector<Record>& found() const { return found_; }

  /// At an offset behind the header. May run concurrently.
  void write(std::uint64_t offset, std::span<const std::byte> bytes) const;
  void read(std::uint64_t offset, std::span<std::byte> bytes) const;
  /// Notes a tile whose bytes have been written.
  void note(const Record& record);
  /// Flushes, gives the file its name, removes the journal.
  void commit();

 private:
  [[noreturn]] void fail(const std::string& action, int error) const;

  std::filesystem::path target_, data_path_, journal_path_;
  std::uint64_t header_size_;
  int data_ = -1, journal_ = -1;
  std::vector<Record> found_;
  std::mutex mutex_;
};

}  // namespace nke
