// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nke/data/atomic_file.hpp>
#include <nke/exact/real/error.hpp>

namespace nke {
namespace {

namespace fs = std::filesystem;

fs::path temporary_name(const fs::path& target) {
  // Process and counter keep two writers of one target apart; O_EXCL settles what is left.
  static std::atomic<unsigned> counter{0};
  // The target's own name is cut: the longer temporary name must still be one the file system takes.
  std::string name = ".";
  name += target.filename().string().substr(0, 100);
  name.append(".").append(std::to_string(::getpid())).append("-").append(std::to_string(counter++)).append(".tmp");
  return target.parent_path() / name;
}

// A rename that has not reached its folder is lost with the power. Not every file system can do this, so it may fail.
void flush_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

AtomicFile::AtomicFile(const fs::path& target) : shown_(target), target_(target) {
  std::error_code error;
  if (target.filename().empty()) throw DataError(target.string(), "cannot be written: a file name is needed");
  if (fs::is_symlink(target, error)) {
    target_ = fs::weakly_canonical(target, error);
    if (error) fail("cannot be written", error.value());
  }
  const fs::path folder = target_.parent_path();
  if (!folder.empty() && !fs::is_directory(folder, error)) {
    throw DataError(target.string(), "cannot be written: there is no folder " + folder.string());
  }
  struct stat old = {};
  const bool replaces = ::stat(target_.c_str(), &old) == 0;
  if (replaces && S_ISDIR(old.st_mode)) throw DataError(target.string(), "cannot be written: it is a folder");
  if (replaces && !S_ISREG(old.st_mode)) {
    throw DataError(target.string(), "cannot be replaced: it is a device or a pipe, not a file");
  }
  if (replaces && ::access(target_.c_str(), W_OK) != 0) fail("cannot be written", errno);

  temporary_ = temporary_name(target_);
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail("cannot be written", errno);
  // Where modes mean nothing (some network and foreign file systems) this fails, and the file is none the worse.
  if (replaces) static_cast<void>(::fchmod(descriptor_, old.st_mode & 07777) == 0);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::fail(const std::string& action, int error) const {
  throw DataError(shown_.string(), action + ": " + std::generic_category().message(error));
}

void AtomicFile::write(std::string_view text) {
  write(std::as_bytes(std::span(text)));
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  if (descriptor_ < 0) throw DataError(shown_.string(), "cannot be written: it is already committed");
  while (!bytes.empty()) {
    const ::ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("writing failed", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void AtomicFile::commit() {
  if (descriptor_ < 0) throw DataError(shown_.string(), "cannot be written: it is already committed");
  // A full disk may show itself only here. EINVAL means a file system that has nothing to flush.
  if (::fsync(descriptor_) != 0 && errno != EINVAL) fail("writing failed", errno);
  const int descriptor = descriptor_;
  descriptor_ = -1;
  if (::close(descriptor) != 0) fail("writing failed", errno);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("cannot be written", errno);
  temporary_.clear();
  flush_folder(target_.parent_path());
}

void write_file_atomically(const fs::path& target, std::string_view contents) {
  AtomicFile file(target);
  file.write(contents);
  file.commit();
}

}  // namespace nke
