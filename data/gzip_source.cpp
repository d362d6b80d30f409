// SPDX-License-Identifier: Apache-2.0
#include "gzip_source.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <zlib.h>

#include <nke/exact/real/error.hpp>

namespace nke {
namespace {

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> compressed)
      : ByteSource(compressed->name()), compressed_(std::move(compressed)) {
    constexpr int gzip_only = 16;  // added to the window's bits: a gzip header and trailer, no zlib ones
    if (inflateInit2(&stream_, MAX_WBITS + gzip_only) != Z_OK) {
      throw LimitError(name() + ": no memory to uncompress it");
    }
  }
  ~GzipSource() override { inflateEnd(&stream_); }

 private:
  std::size_t read_some(std::span<std::byte> into) override {
    const auto room = static_cast<uInt>(std::min<std::size_t>(into.size(), std::numeric_limits<uInt>::max()));
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = room;
    // A round takes new bytes in, puts bytes out, or throws: the loop ends with the compressed source.
    while (stream_.avail_out == room) {
      if (stream_.avail_in == 0) refill();
      if (between_members_) {
        if (stream_.avail_in == 0) return 0;
        inflateReset(&stream_);
        between_members_ = false;
      }
      const bool starved = stream_.avail_in == 0;
      const int status = inflate(&stream_, Z_NO_FLUSH);
      if (status == Z_STREAM_END) {
        between_members_ = true;
      } else if (status == Z_BUF_ERROR && starved) {
        throw DataError(name(), offset(), "truncated: the gzip stream ends too soon");
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        const std::string reason = stream_.msg == nullptr ? "broken" : stream_.msg;
        throw DataError(name(), offset(), "not a sound gzip stream: " + reason);
      }
    }
    return room - stream_.avail_out;
  }

  Left left_inside() const override {
    constexpr std::uint64_t most_expansion = 1032;  // deflate: 258 bytes from two bits
    constexpr std::uint64_t held = 1U << 16U;       // what inflate may still hold in its window
    const std::uint64_t there = compressed_->left().most;
    constexpr std::uint64_t unknown = std::numeric_limits<std::uint64_t>::max();
    if (there > unknown / most_expansion - held) return {unknown, false};
    return {(there + stream_.avail_in) * most_expansion + held, false};
  }

  void refill() {
    const std::size_t got = compressed_->read(input_);
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(got);
  }

  std::unique_ptr<ByteSource> compressed_;
  z_stream stream_ = {};
  std::array<std::byte, 1U << 15U> input_ = {};
  bool between_members_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> gunzip(std::unique_ptr<ByteSource> compressed) {
  return std::make_unique<GzipSource>(std::move(compressed));
}

}  // namespace nke
