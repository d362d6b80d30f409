// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include <nke/sketch/random.hpp>

namespace nke::sketch {
namespace {

std::uint32_t low(std::uint64_t x) {
  return static_cast<std::uint32_t>(x);
}
std::uint32_t high(std::uint64_t x) {
  return static_cast<std::uint32_t>(x >> 32);
}

}  // namespace

PhiloxCounter philox4x32(PhiloxCounter c, PhiloxKey key) {
  constexpr std::uint64_t multiplier[2] = {0xD2511F53, 0xCD9E8D57};
  constexpr std::uint32_t weyl[2] = {0x9E3779B9, 0xBB67AE85};  // golden ratio and √3 − 1, as fractions of 2³²
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p = multiplier[0] * c[0], q = multiplier[1] * c[2];
    c = {high(q) ^ c[1] ^ key[0], low(q), high(p) ^ c[3] ^ key[1], low(p)};
    key = {key[0] + weyl[0], key[1] + weyl[1]};
  }
  return c;
}

RandomStream::RandomStream(std::uint64_t seed, std::uint64_t stream) : key_{low(seed), high(seed)}, stream_(stream) {}

std::uint32_t RandomStream::bits32() {
  if (used_ == words_.size()) {
    words_ = philox4x32({low(block_), high(block_), low(stream_), high(stream_)}, key_);
    ++block_;
    used_ = 0;
  }
  return words_[used_++];
}

std::uint64_t RandomStream::bits64() {
  const std::uint64_t first = bits32();
  return first << 32 | bits32();
}

std::uint32_t RandomStream::below(std::uint32_t bound) {
  // The product maps 2³² words to `bound` intervals; words in the first 2³² mod bound places of an interval would make
  // some intervals one word longer, so they are drawn again.
  const std::uint32_t surplus = (0u - bound) % bound;
  std::uint64_t product = 0;
  do {
    product = std::uint64_t{bits32()} * bound;
  } while (low(product) < surplus);
  return high(product);
}

double RandomStream::uniform() {
  return (static_cast<double>(bits64() >> 11) + 0.5) * 0x1p-53;
}

double RandomStream::gaussian() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_gaussian_;
  }
  const double radius = std::sqrt(-2 * std::log(uniform()));
  const double angle = 2 * std::numbers::pi * uniform();
  spare_gaussian_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

std::uint64_t substream(std::uint64_t stream, std::uint64_t part) {
  const PhiloxCounter mixed = philox4x32({low(stream), high(stream), low(part), high(part)}, {0x73747265, 0x616d7321});
  return std::uint64_t{mixed[0]} << 32 | mixed[1];
}

std::vector<std::uint8_t> random_signs(RandomStream& random, std::size_t count) {
  std::vector<std::uint8_t> signs((count + 7) / 8);
  for (std::size_t i = 0; i < signs.size(); i += 4) {
    const std::uint32_t word = random.bits32();
    for (std::size_t j = 0; j < 4 && i + j < signs.size(); ++j) signs[i + j] = static_cast<std::uint8_t>(word >> 8 * j);
  }
  return signs;
}

std::vector<std::uint32_t> random_permutation(RandomStream& random, std::uint32_t count) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  for (std::uint32_t left = count; left > 1; --left) std::swap(order[left - 1], order[random.below(left)]);
  return order;
}

void fill_gaussian(RandomStream& random, std::span<float> out) {
  for (float& x : out) x = static_cast<float>(random.gaussian());
}

}  // namespace nke::sketch
