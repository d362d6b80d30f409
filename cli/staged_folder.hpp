// SPDX-License-Identifier: Apache-2.0
// A folder of results that appears finished or not at all.
//
// Everything is written into a hidden folder on the same file system. `commit` then gives it its name: in one rename
// when the target does not exist, file by file when it does (each file whole, other files there left alone). Without
// `commit`, whether by error or interrupt, the hidden folder is removed and the target is as it was. Error DataError
// when the target is a file, or cannot be created or written; found before any work is done.
#pragma once

#include <filesystem>

namespace nke::cli {

class StagedFolder {
 public:
  explicit StagedFolder(const std::filesystem::path& target);
  ~StagedFolder();
  StagedFolder(const StagedFolder&) = delete;
  StagedFolder& operator=(const StagedFolder&) = delete;

  /// Where to write.
  const std::filesystem::path& path() const { return staging_; }
  const std::filesystem::path& target() const { return target_; }
  void commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path staging_;
};

}  // namespace nke::cli
