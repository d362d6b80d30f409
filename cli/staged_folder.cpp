// SPDX-License-Identifier: Apache-2.0
#include "staged_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>
#include <vector>

#include <sys/stat.h>

#include <nke/exact/real/error.hpp>

namespace nke::cli {
namespace fs = std::filesystem;
namespace {

fs::path make_hidden_folder(const fs::path& parent, const fs::path& target) {
  std::string pattern = (parent / ".nke-unfinished-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    throw DataError(target.string(), std::string("cannot be created or written: ") + std::strerror(errno));
  }
  // mkdtemp makes it private; what becomes the user's folder has the permissions any new folder would have.
  const mode_t mask = umask(0);
  umask(mask);
  chmod(pattern.c_str(), 0777 & ~mask);
  return pattern;
}

}  // namespace

StagedFolder::StagedFolder(const fs::path& target) {
  if (target.empty()) throw DataError("''", "is not the name of a folder");
  std::error_code error;
  target_ = fs::weakly_canonical(fs::absolute(target), error);
  if (error) throw DataError(target.string(), "cannot be used as a folder: " + error.message());
  if (!target_.has_filename() && target_.has_relative_path()) target_ = target_.parent_path();  // "out/" is "out"
  const auto status = fs::status(target_, error);
  if (fs::exists(status) && !fs::is_directory(status)) throw DataError(target.string(), "is a file, not a folder");
  if (fs::exists(status)) {
    staging_ = make_hidden_folder(target_, target);
    return;
  }
  fs::create_directories(target_.parent_path(), error);
  if (error) throw DataError(target.string(), "cannot be created: " + error.message());
  staging_ = make_hidden_folder(target_.parent_path(), target);
}

StagedFolder::~StagedFolder() {
  std::error_code ignored;
  if (!staging_.empty()) fs::remove_all(staging_, ignored);
}

void StagedFolder::commit() {
  std::error_code error;
  if (!fs::exists(target_)) {
    fs::rename(staging_, target_, error);
    if (!error) {
      staging_.clear();
      return;
    }
  }
  try {
    fs::create_directories(target_);
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(staging_)) {
      if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(staging_));
    }
    for (const fs::path& file : files) {
      fs::create_directories((target_ / file).parent_path());
      fs::rename(staging_ / file, target_ / file);
    }
  } catch (const fs::filesystem_error& failure) {
    throw DataError(target_.string(), std::string("cannot be written: ") + failure.code().message());
  }
}

}  // namespace nke::cli
