// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nke/data/byte_source.hpp>
#include <nke/exact/real/error.hpp>

#include "gzip_source.hpp"

namespace nke {
namespace {

constexpr std::uint64_t unknown = std::numeric_limits<std::uint64_t>::max();

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::span<const std::byte> bytes, std::string name) : ByteSource(std::move(name)), bytes_(bytes) {}

 private:
  std::size_t read_some(std::span<std::byte> into) override {
    const std::size_t count = std::min(into.size(), bytes_.size());
    if (count > 0) std::memcpy(into.data(), bytes_.data(), count);
    bytes_ = bytes_.subspan(count);
    return count;
  }
  Left left_inside() const override { return {bytes_.size(), true}; }

  std::span<const std::byte> bytes_;
};

class FileSource final : public ByteSource {
 public:
  explicit FileSource(const std::filesystem::path& file) : ByteSource(file.string()) {
    descriptor_ = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail("cannot be opened", errno);
    struct stat status = {};
    if (::fstat(descriptor_, &status) != 0) {
      const int error = errno;
      ::close(descriptor_);
      fail("cannot be opened", error);
    }
    if (S_ISDIR(status.st_mode)) {
      ::close(descriptor_);
      throw DataError(name(), "is a folder, not a file");
    }
    if (S_ISREG(status.st_mode)) left_ = {static_cast<std::uint64_t>(status.st_size), true};
  }
  ~FileSource() override { ::close(descriptor_); }

 private:
  std::size_t read_some(std::span<std::byte> into) override {
    for (;;) {
      const ::ssize_t got = ::read(descriptor_, into.data(), into.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail("reading failed", errno);
      const auto count = static_cast<std::size_t>(got);
      if (left_.exact) left_.most -= std::min<std::uint64_t>(left_.most, count);
      return count;
    }
  }
  Left left_inside() const override { return left_; }

  [[noreturn]] void fail(const std::string& action, int error) const {
    throw DataError(name(), action + ": " + std::generic_category().message(error));
  }

  int descriptor_ = -1;
  Left left_ = {unknown, false};
};

std::unique_ptr<ByteSource> uncompressed(std::unique_ptr<ByteSource> source) {
  return source->at_gzip() ? gunzip(std::move(source)) : std::move(source);
}

}  // namespace

std::size_t ByteSource::read(std::span<std::byte> into) {
  std::size_t done = std::min(ahead_count_, into.size());
  std::copy_n(ahead_.begin(), done, into.begin());
  std::copy(ahead_.begin() + static_cast<std::ptrdiff_t>(done), ahead_.end(), ahead_.begin());
  ahead_count_ -= done;
  offset_ += done;
  while (done < into.size()) {
    const std::size_t got = read_some(into.subspan(done));
    if (got == 0) break;
    done += got;
    offset_ += got;
  }
  return done;
}

bool ByteSource::at_gzip() {
  while (ahead_count_ < ahead_.size()) {
    const std::size_t got = read_some(std::span(ahead_).subspan(ahead_count_));
    if (got == 0) return false;
    ahead_count_ += got;
  }
  return ahead_[0] == std::byte{0x1f} && ahead_[1] == std::byte{0x8b};
}

ByteSource::Left ByteSource::left() const {
  const Left inside = left_inside();
  return {inside.most > unknown - ahead_count_ ? unknown : inside.most + ahead_count_, inside.exact};
}

void ByteSource::refuse_short(std::uint64_t count, std::uint64_t there, const std::string& what) const {
  throw DataError(name_, offset_ + there,
                  "truncated: " + what + " should have " + std::to_string(count) + " bytes, and there " +
                      (left().exact || there == 0 ? "are " : "can be at most ") + std::to_string(there));
}

std::vector<std::byte> ByteSource::read_exactly(std::uint64_t count, const std::string& what) {
  const Left ahead = left();
  if (ahead.most < count) refuse_short(count, ahead.most, what);
  constexpr std::uint64_t step = 1U << 22U;  // what an unproven claim may cost before its bytes have come
  try {
    std::vector<std::byte> bytes;
    if (ahead.exact) bytes.reserve(count);
    while (bytes.size() < count) {
      const std::uint64_t start = bytes.size();
      const std::uint64_t part = std::min(count - start, ahead.exact ? count : std::max(step, start));
      bytes.resize(start + part);
      const std::size_t got = read(std::span(bytes).subspan(start));
      if (got < part) {
        throw DataError(name_, offset_,
                        "truncated: " + what + " should have " + std::to_string(count) + " bytes, and there are " +
                            std::to_string(start + got));
      }
    }
    return bytes;
  } catch (const std::bad_alloc&) {
    throw LimitError(name_ + ": " + what + " of " + std::to_string(count) + " bytes does not fit into memory");
  } catch (const std::length_error&) {
    throw LimitError(name_ + ": " + what + " of " + std::to_string(count) + " bytes does not fit into memory");
  }
}

std::vector<std::byte> ByteSource::read_payload(std::uint64_t total, std::uint64_t wanted, const std::string& what) {
  const Left ahead = left();
  const auto refuse_long = [&](std::uint64_t end) {
    throw DataError(name_, end, what + " should end here, but the file goes on");
  };
  if (ahead.most < total) refuse_short(total, ahead.most, what);
  if (ahead.exact && ahead.most > total) refuse_long(offset_ + total);
  std::vector<std::byte> bytes = read_exactly(wanted, what);
  if (wanted == total) {
    const std::uint64_t end = offset_;
    std::byte next = {};
    if (read({&next, 1}) > 0) refuse_long(end);
  }
  return bytes;
}

std::unique_ptr<ByteSource> open_bytes(const std::filesystem::path& file) {
  return uncompressed(std::make_unique<FileSource>(file));
}

std::unique_ptr<ByteSource> open_bytes(std::span<const std::byte> bytes, const std::string& name) {
  return uncompressed(std::make_unique<MemorySource>(bytes, name));
}

}  // namespace nke
