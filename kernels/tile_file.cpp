// SPDX-License-Identifier: Apache-2.0
#include "tile_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nke/exact/real/error.hpp>

namespace nke {
namespace {

namespace fs = std::filesystem;
constexpr char magic[] = "nke tiles 1\n";
constexpr std::size_t head_size = 32;

std::array<std::byte, head_size> head(std::uint64_t fingerprint) {
  std::array<std::byte, head_size> bytes = {};
  std::memcpy(bytes.data(), magic, sizeof magic - 1);
  std::memcpy(bytes.data() + 16, &fingerprint, sizeof fingerprint);
  return bytes;
}

struct Stored {
  std::uint64_t tile, check, own;
};
std::uint64_t own_check(const TileFile::Record& record) {
  return checksum(std::as_bytes(std::span(&record, 1)), 7);
}

bool transfer_all(auto&& some, std::size_t count) {
  for (std::size_t done = 0; done < count;) {
    const ::ssize_t step = some(done);
    if (step < 0 && errno == EINTR) continue;
    if (step <= 0) return false;
    done += static_cast<std::size_t>(step);
  }
  return true;
}

}  // namespace

std::uint64_t checksum(std::span<const std::byte> bytes, std::uint64_t seed) {
  // Four independent lanes of multiply and rotate, so that memory is the limit.
  std::array<std::uint64_t, 4> lane = {seed ^ 0x9e3779b97f4a7c15U, seed + 0xbf58476d1ce4e5b9U,
                                       seed ^ 0x94d049bb133111ebU, seed + bytes.size()};
  const auto mix = [](std::uint64_t state, std::uint64_t word) {
    state = (state ^ word) * 0xff51afd7ed558ccdU;
    return state ^ state >> 29U;
  };
  std::size_t i = 0;
  for (; i + 32 <= bytes.size(); i += 32) {
    std::array<std::uint64_t, 4> words;
    std::memcpy(words.data(), bytes.data() + i, 32);
    for (std::size_t k = 0; k < 4; ++k) lane[k] = mix(lane[k], words[k]);
  }
  std::uint64_t result = mix(mix(mix(lane[0], lane[1]), lane[2]), lane[3]);
  for (; i < bytes.size(); ++i) result = mix(result, std::to_integer<std::uint64_t>(bytes[i]));
  return mix(result, result >> 32U);
}

TileFile::TileFile(const fs::path& target, std::uint64_t fingerprint, std::string header, std::uint64_t bytes)
    : target_(target), header_size_(header.size()) {
  std::error_code error;
  if (target.filename().empty()) throw DataError(target.string(), "cannot be written: a file name is needed");
  if (fs::is_symlink(target, error)) target_ = fs::weakly_canonical(target, error);
  if (fs::is_directory(target_, error)) throw DataError(target.string(), "cannot be written: it is a folder");
  // Such as /dev/null, whose place a file would take.
  if (fs::exists(target_, error) && !fs::is_regular_file(target_, error)) {
    throw DataError(target.string(), "cannot be written: it is no ordinary file");
  }
  const fs::path folder = target_.parent_path();
  if (!folder.empty() && !fs::is_directory(folder, error)) {
    throw DataError(target.string(), "cannot be written: there is no folder " + folder.string());
  }
  const std::string name = "." + target_.filename().string().substr(0, 200);
  data_path_ = folder / (name + ".part");
  journal_path_ = folder / (name + ".tiles");
  data_ = ::open(data_path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (data_ < 0) fail("cannot be written", errno);
  if (::flock(data_, LOCK_EX | LOCK_NB) != 0) {
    throw DataError(target.string(), "another process is computing this file");
  }
  journal_ = ::open(journal_path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (journal_ < 0) fail("cannot be written", errno);

  const auto wanted = head(fingerprint);
  std::array<std::byte, head_size> there = {};
  struct stat data_state = {};
  const bool sound = ::pread(journal_, there.data(), head_size, 0) == static_cast<::ssize_t>(head_size) &&
                     there == wanted && ::fstat(data_, &data_state) == 0 &&
                     static_cast<std::uint64_t>(data_state.st_size) == header_size_ + bytes;
  std::uint64_t end = head_size;
  if (sound) {
    for (Stored s; ::pread(journal_, &s, sizeof s, static_cast<::off_t>(end)) == static_cast<::ssize_t>(sizeof s);) {
      const Record record{s.tile, s.check};
      if (s.own != own_check(record)) break;
      found_.push_back(record);
      end += sizeof s;
    }
  } else if (::ftruncate(journal_, 0) != 0 ||
             ::pwrite(journal_, wanted.data(), head_size, 0) != static_cast<::ssize_t>(head_size) ||
             ::ftruncate(data_, 0) != 0) {
    fail("cannot be written", errno);
  }
  if (::ftruncate(journal_, static_cast<::off_t>(end)) != 0 ||
      ::lseek(journal_, static_cast<::off_t>(end), SEEK_SET) < 0) {
    fail("cannot be written", errno);
  }
  // A full disk is found now and not after hours. File systems that cannot reserve are taken at their word.
  const int reserved = ::posix_fallocate(data_, 0, static_cast<::off_t>(header_size_ + bytes));
  if (reserved == ENOSPC || reserved == EFBIG) {
    const std::string what = "cannot hold " + std::to_string(bytes) + " bytes";
    ::unlink(data_path_.c_str());
    ::unlink(journal_path_.c_str());
    fail(what, reserved);
  }
  if (reserved != 0 && ::ftruncate(data_, static_cast<::off_t>(header_size_ + bytes)) != 0) {
    fail("cannot be written", errno);
  }
  const bool written = transfer_all(
      [&](std::size_t done) {
        return ::pwrite(data_, header.data() + done, header.size() - done, static_cast<::off_t>(done));
      },
      header.size());
  if (!written) fail("cannot be written", errno);
}

TileFile::~TileFile() {
  if (journal_ >= 0) ::close(journal_);
  if (data_ >= 0) ::close(data_);
}

void TileFile::fail(const std::string& action, int error) const {
  throw DataError(target_.string(), action + ": " + std::generic_category().message(error));
}

void TileFile::write(std::uint64_t offset, std::span<const std::byte> bytes) const {
  const bool written = transfer_all(
      [&](std::size_t done) {
        return ::pwrite(data_, bytes.data() + done, bytes.size() - done,
                        static_cast<::off_t>(header_size_ + offset + done));
      },
      bytes.size());
  if (!written) fail("writing failed", errno);
}

void TileFile::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  const bool all = transfer_all(
      [&](std::size_t done) {
        return ::pread(data_, bytes.data() + done, bytes.size() - done,
                       static_cast<::off_t>(header_size_ + offset + done));
      },
      bytes.size());
  if (!all) fail("reading back failed", errno);
}

void TileFile::note(const Record& record) {
  const Stored stored{record.tile, record.check, own_check(record)};
  const std::lock_guard lock(mutex_);
  if (::write(journal_, &stored, sizeof stored) != static_cast<::ssize_t>(sizeof stored)) {
    fail("writing the journal failed", errno);
  }
}

void TileFile::commit() {
  if (::fsync(data_) != 0 && errno != EINVAL) fail("writing failed", errno);
  if (::rename(data_path_.c_str(), target_.c_str()) != 0) fail("cannot be written", errno);
  ::unlink(journal_path_.c_str());
  const fs::path folder = target_.parent_path();
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace nke
