// SPDX-License-Identifier: Apache-2.0
// How does a result reach the disk so that nobody ever reads half of it?
//
// Definition  The bytes go to a hidden temporary file beside the target; commit() flushes it to the device and renames
//             it over the target. Rename is atomic, so under the final name there is the old file or the whole new one.
// Degenerate  A target that is a symbolic link keeps being one: the file it points to is replaced. A target that exists
//             keeps its permissions. A folder, a device or a pipe as target is refused.
// Error       DataError names the target and the system's reason (no such folder, no permission, disk full); the
//             temporary file is removed whenever commit() did not succeed.
// Cost        One fsync a file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace nke {

class AtomicFile {
 public:
  /// Opens the temporary file beside `target`; the folder must exist.
  explicit AtomicFile(const std::filesystem::path& target);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  /// Removes the temporary file if there was no commit().
  ~AtomicFile();

  /// Appends bytes, unbuffered: give it blocks, not characters.
  void write(std::string_view text);
  void write(std::span<const std::byte> bytes);

  /// Makes the file appear under its final name. Nothing may be written afterwards.
  void commit();

 private:
  void fail(const std::string& action, int error) const;

  std::filesystem::path shown_;   // as the caller wrote it, for messages
  std::filesystem::path target_;  // with symbolic links followed
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

/// The whole of `contents` under `target`, or an error and `target` as it was.
void write_file_atomically(const std::filesystem::path& target, std::string_view contents);

}  // namespace nke
