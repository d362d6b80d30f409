// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cstring>
#include <string>
#include <vector>

#include <nke/exact/real/error.hpp>
#include <nke/sketch/fwht.hpp>
#include <nke/sketch/random.hpp>

#include "support.hpp"
#include "targets.hpp"

using nke::sketch::fwht;
using nke::test::on_every_target;

namespace {

template <class T>
std::vector<T> random_integers(std::size_t n, std::uint32_t magnitude, std::uint64_t stream) {
  nke::sketch::RandomStream random(nke::test::seed(), stream);
  std::vector<T> x(n);
  for (T& v : x) v = static_cast<T>(random.below(2 * magnitude + 1)) - static_cast<T>(magnitude);
  return x;
}

// The definition, with no butterfly in it.
template <class T>
std::vector<T> sign_matrix_times(const std::vector<T>& x) {
  std::vector<T> y(x.size(), 0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < x.size(); ++j) y[i] += std::popcount(i & j) % 2 == 0 ? x[j] : -x[j];
  }
  return y;
}

template <class T>
void textbook(std::vector<T>& x) {
  for (std::size_t h = 1; h < x.size(); h *= 2) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      if ((i & h) != 0) continue;
      const T a = x[i], b = x[i + h];
      x[i] = a + b;
      x[i + h] = a - b;
    }
  }
}

template <class T>
bool same_bits(const std::vector<T>& x, const std::vector<T>& y) {
  return x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size() * sizeof(T)) == 0;
}

}  // namespace

TEST_CASE_TEMPLATE("the transform is multiplication by the sign matrix, exactly on integers [law]", T, float, double) {
  CAPTURE(nke::test::seed());
  on_every_target([] {
    for (std::size_t n = 1; n <= 1024; n *= 2) {
      CAPTURE(n);
      auto x = random_integers<T>(n, 1000, n);
      const auto expected = sign_matrix_times(x);
      fwht(std::span<T>(x));
      CHECK(x == expected);
    }
  });
}

TEST_CASE_TEMPLATE("any instruction set gives the bits of the textbook loop, rounding included [law]", T, float,
                   double) {
  CAPTURE(nke::test::seed());
  for (std::size_t n = 1; n <= 1u << 19; n *= 2) {
    CAPTURE(n);
    auto x = random_integers<T>(n, 1000, n);
    for (T& v : x) v /= 7;
    auto expected = x;
    textbook(expected);
    on_every_target([&] {
      auto y = x;
      fwht(std::span<T>(y));
      CHECK(same_bits(y, expected));
    });
  }
}

TEST_CASE_TEMPLATE("twice is n times the identity, exactly, at every length to 2^24 [law]", T, float, double) {
  // After s stages of the second transform the values are 2^s times a partial transform of x, so nothing is rounded.
  CAPTURE(nke::test::seed());
  const std::size_t longest = sizeof(T) == 4 ? 1u << 24 : 1u << 22;
  for (std::size_t n = 1; n <= longest; n *= 4) {
    CAPTURE(n);
    const auto x = random_integers<T>(n, 1, n);
    auto y = x;
    fwht(std::span<T>(y));
    fwht(std::span<T>(y));
    bool equal = true;
    for (std::size_t i = 0; i < n; ++i) equal = equal && y[i] == static_cast<T>(n) * x[i];
    CHECK(equal);
  }
}

TEST_CASE("signs given on the way are signs put on before [law]") {
  CAPTURE(nke::test::seed());
  for (std::size_t n = 1; n <= 1u << 16; n *= 2) {
    CAPTURE(n);
    nke::sketch::RandomStream random(nke::test::seed(), n);
    const auto signs = nke::sketch::random_signs(random, n);
    auto x = random_integers<float>(n, 1000, n);
    for (float& v : x) v /= 7;
    auto expected = x;
    for (std::size_t i = 0; i < n; ++i) expected[i] = (signs[i / 8] >> i % 8 & 1) != 0 ? -x[i] : x[i];
    textbook(expected);
    on_every_target([&] {
      std::vector<float> y(n, 99);
      nke::sketch::signed_fwht(x, signs, y);
      CHECK(same_bits(y, expected));
    });
  }
}

TEST_CASE("other lengths are refused with the length in the message [fault]") {
  for (const std::size_t n : {0u, 3u, 6u, 1000u}) {
    std::vector<float> x(n, 1.0f);
    const std::string message =
        "the Walsh-Hadamard transform needs a length that is a power of two, not " + std::to_string(n);
    CHECK_THROWS_WITH_AS(fwht(std::span<float>(x)), message.c_str(), nke::ShapeError);
  }
  std::vector<float> x(16), y(8);
  const std::vector<std::uint8_t> signs(1);
  CHECK_THROWS_AS(nke::sketch::signed_fwht(x, signs, y), nke::ShapeError);
  CHECK_THROWS_AS(nke::sketch::signed_fwht(x, signs, x), nke::ShapeError);
}
