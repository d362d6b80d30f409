// SPDX-License-Identifier: Apache-2.0
// Random numbers that do not depend on who asks first: which signs, indices and Gaussians belong to (seed, stream)?
//
// Definition  Philox4x32-10 is a keyed permutation of 128-bit counters. The key is the seed; the counter is (block,
//             stream): every stream is a sequence of its own, and any thread can make any of them with the same
//             bytes.
// Domain      Every 64-bit seed and stream. Nearby seeds and streams are as unrelated as distant ones.
// Error       Signs and indices are exactly uniform if the bits are. gaussian() is Box-Muller in double on 53-bit
//             uniforms, so |gaussian()| < 8.7; its last bits are those of the platform's log and cos.
// Source      Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
//             Indices: Lemire, Fast random integer generation in an interval, 1805.10941.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nke::sketch {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

/// One application of Philox4x32-10.
PhiloxCounter philox4x32(PhiloxCounter counter, PhiloxKey key);

/// The sequence of random words named (seed, stream), read from its start. A value: a copy continues independently.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::uint64_t stream);

  std::uint32_t bits32();
  std::uint64_t bits64();
  /// Uniform on {0, …, bound − 1} without bias; bound ≥ 1.
  std::uint32_t below(std::uint32_t bound);
  /// Uniform on (0, 1): an odd multiple of 2⁻⁵⁴.
  double uniform();
  /// Standard normal.
  double gaussian();

 private:
  PhiloxKey key_;
  std::uint64_t stream_;
  std::uint64_t block_ = 0;
  PhiloxCounter words_{};
  std::size_t used_ = 4;
  double spare_gaussian_ = 0;
  bool has_spare_ = false;
};

/// A stream number for part `part` of the object `stream`: nested objects get unrelated streams without bookkeeping.
std::uint64_t substream(std::uint64_t stream, std::uint64_t part);

/// `count` random signs, one bit each (1 is minus), bit i in byte i/8; the last byte is padded with random bits.
std::vector<std::uint8_t> random_signs(RandomStream& random, std::size_t count);

/// A uniformly random permutation of 0 … count − 1 (Fisher-Yates).
std::vector<std::uint32_t> random_permutation(RandomStream& random, std::uint32_t count);

/// Fills `out` with standard normals.
void fill_gaussian(RandomStream& random, std::span<float> out);

}  // namespace nke::sketch
