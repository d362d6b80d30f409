// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <nke/sketch/random.hpp>

#include "statistics.hpp"
#include "support.hpp"

using namespace nke::sketch;

TEST_CASE("philox agrees with the known answers of its authors [fact]") {
  // Random123 1.09, kat_vectors, the three lines "philox4x32 10".
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a stream is philox counting blocks, whoever reads it [law]") {
  const std::uint64_t seed = 0x0123456789abcdef, stream = 0xfedcba9876543210;
  RandomStream random(seed, stream);
  for (std::uint32_t block = 0; block < 3; ++block) {
    const auto expected = philox4x32({block, 0, 0x76543210, 0xfedcba98}, {0x89abcdef, 0x01234567});
    for (std::uint32_t word : expected) CHECK(random.bits32() == word);
  }
}

TEST_CASE("streams and seeds do not repeat each other [law]") {
  std::vector<std::uint64_t> firsts;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    for (std::uint64_t stream = 0; stream < 40; ++stream) {
      firsts.push_back(RandomStream(seed, stream).bits64());
      firsts.push_back(RandomStream(seed, substream(stream, seed)).bits64());
    }
  }
  std::sort(firsts.begin(), firsts.end());  // 3200 words: two coincide by chance with probability 3e-13
  CHECK(std::adjacent_find(firsts.begin(), firsts.end()) == firsts.end());
}

TEST_CASE("indices are uniform for every kind of bound [law]") {
  CAPTURE(nke::test::seed());
  RandomStream random(nke::test::seed(), 1);
  for (const std::uint32_t bound : {1u, 2u, 3u, 7u, 16u, 100u}) {
    CAPTURE(bound);
    const double draws = 2000.0 * bound;
    std::vector<double> count(bound, 0);
    for (double i = 0; i < draws; ++i) {
      const std::uint32_t index = random.below(bound);
      REQUIRE(index < bound);
      ++count[index];
    }
    double chi_squared = 0;
    for (double c : count) chi_squared += (c - 2000) * (c - 2000) / 2000;
    if (bound > 1) CHECK(chi_squared < nke::test::chi_squared_upper(bound - 1));
  }
  // With bound 3·2³⁰ a plain multiply-shift would hit index 0 mod 3 half of the time; Lemire's rejection does not.
  double hits = 0;
  for (int i = 0; i < 20000; ++i) hits += random.below(3u << 30) % 3 == 0 ? 1 : 0;
  CHECK(std::abs(hits - 20000 / 3.0) < nke::test::z_limit() * std::sqrt(20000 * 2 / 9.0));
}

TEST_CASE("permutations are permutations, and each place holds each value equally often [law]") {
  CAPTURE(nke::test::seed());
  RandomStream random(nke::test::seed(), 2);
  constexpr std::uint32_t n = 6;
  double count[n][n] = {};
  const int draws = 6000;
  for (int i = 0; i < draws; ++i) {
    auto order = random_permutation(random, n);
    for (std::uint32_t place = 0; place < n; ++place) ++count[place][order[place]];
    std::sort(order.begin(), order.end());
    for (std::uint32_t value = 0; value < n; ++value) REQUIRE(order[value] == value);
  }
  double chi_squared = 0;
  for (const auto& place : count) {
    for (double c : place) chi_squared += (c - 1000) * (c - 1000) / 1000;
  }
  // A doubly stochastic table has (n−1)² degrees of freedom; n/(n−1) corrects for drawing without replacement.
  CHECK(chi_squared * (n - 1) / n < nke::test::chi_squared_upper((n - 1) * (n - 1)));
  CHECK(random_permutation(random, 0).empty());
}

TEST_CASE("gaussians have the moments, tails and independence of gaussians [law]") {
  CAPTURE(nke::test::seed());
  RandomStream random(nke::test::seed(), 3);
  const int n = 200000;
  double moment[5] = {}, beyond_two = 0, neighbours = 0, previous = 0;
  for (int i = 0; i < n; ++i) {
    const double z = random.gaussian();
    double power = 1;
    for (double& m : moment) m += power / n, power *= z;
    beyond_two += std::abs(z) > 2 ? 1 : 0;
    neighbours += z * previous / n;
    previous = z;
  }
  const double limit = nke::test::z_limit() / std::sqrt(n);
  CHECK(std::abs(moment[1]) < limit);
  CHECK(std::abs(moment[2] - 1) < limit * std::sqrt(2.0));
  CHECK(std::abs(moment[3]) < limit * std::sqrt(15.0));
  CHECK(std::abs(moment[4] - 3) < limit * std::sqrt(96.0));
  CHECK(std::abs(neighbours) < limit);
  const double p = std::erfc(2 / std::sqrt(2.0));
  CHECK(std::abs(beyond_two / n - p) < limit * std::sqrt(p));
}

TEST_CASE("signs are fair and uncorrelated at every distance [law]") {
  CAPTURE(nke::test::seed());
  RandomStream random(nke::test::seed(), 4);
  const std::size_t n = 1 << 16;
  const auto signs = random_signs(random, n);
  REQUIRE(signs.size() == n / 8);
  const auto sign = [&](std::size_t i) { return (signs[i / 8] >> i % 8 & 1) != 0 ? -1.0 : 1.0; };
  for (const std::size_t distance : {0, 1, 2, 7, 8, 31, 32, 33, 128}) {
    CAPTURE(distance);
    double sum = 0;
    for (std::size_t i = 0; i + distance < n; ++i) sum += distance == 0 ? sign(i) : sign(i) * sign(i + distance);
    CHECK(std::abs(sum) < nke::test::z_limit() * std::sqrt(static_cast<double>(n)));
  }
}
