// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

#include <nke/data/synthetic.hpp>
#include <nke/exact/real/error.hpp>

#include "support.hpp"

using nke::Matrix;

namespace {

// The largest distance between the empirical distribution and `distribution`.
template <class F>
double distance(std::vector<double> sample, F&& distribution) {
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  double largest = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double p = distribution(sample[i]);
    largest = std::max({largest, p - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - p});
  }
  return largest;
}

// Dvoretzky, Kiefer, Wolfowitz and Massart: P(distance > t) <= 2 exp(-2 n t²), here 1e-10.
double largest_likely_distance(std::size_t n) {
  return std::sqrt(std::log(2e10) / (2 * static_cast<double>(n)));
}

std::vector<double> entries(const Matrix& matrix) {
  return {matrix.data(), matrix.data() + matrix.size()};
}

}  // namespace

TEST_CASE("gaussian points are the polar method on mt19937_64 [fact]") {
  // By a second implementation in plain Python: the generator from its recurrence (checked by the standard's
  // 9981545732273789042 for the 10000th number), logarithms and roots to 50 decimal digits, rounded at the end.
  const std::array<double, 6> one = {-0.039399956754155308, -0.38683176162103955,  -0.24894784633514513,
                                     0.6868236391793251,    -0.054646852321371626, -0.79514624370949194};
  const std::array<double, 6> other = {0.81485183893538304, 0.53953313580457485, 0.60993783514436872,
                                       2.4479581120105096,  0.38511985908439927, -0.32612641781582108};
  const Matrix first = nke::gaussian(2, 3, 1);
  const Matrix second = nke::gaussian(3, 2, 20220904);
  for (std::size_t i = 0; i < 6; ++i) {
    // u, v and s are exact to half an ulp; log, quotient, root and product add at most two more.
    constexpr double few_ulps = 4 * 0x1p-52;
    CHECK(std::abs(first.data()[i] - one[i]) <= few_ulps * std::abs(one[i]));
    CHECK(std::abs(second.data()[i] - other[i]) <= few_ulps * std::abs(other[i]));
  }
}

TEST_CASE("the bytes of synthetic points are the same everywhere [fact]") {
  // FNV-1a over the bits of 4096 numbers, recorded once; nothing in their making may depend on the platform.
  const auto hash = [](const Matrix& matrix) {
    std::uint64_t value = 0xcbf29ce484222325ULL;
    for (const double entry : entries(matrix)) {
      const auto bits = std::bit_cast<std::uint64_t>(entry);
      for (unsigned byte = 0; byte < 8; ++byte) value = (value ^ (bits >> (8 * byte) & 0xFFU)) * 0x100000001b3ULL;
    }
    return value;
  };
  CHECK(hash(nke::gaussian(64, 64, 7)) == 0x2c0f0dd0232a4477ULL);
  CHECK(hash(nke::sphere(64, 64, 7)) == 0x4828c3aa3d96b43eULL);
}

TEST_CASE("gaussian entries are standard normal, failing by chance once in 1e10 runs [law]") {
  CAPTURE(nke::test::seed());
  const std::vector<double> sample = entries(nke::gaussian(1000, 200, nke::test::seed()));
  CHECK(distance(sample, [](double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }) <
        largest_likely_distance(sample.size()));
}

TEST_CASE("neighbours in a stream of gaussian entries are not correlated, failing once in 1e10 runs [law]") {
  CAPTURE(nke::test::seed());
  // The signs of x_2i x_2i+1 are fair coins; Hoeffding: P(|mean| > t) <= 2 exp(-n t²/2).
  const std::vector<double> sample = entries(nke::gaussian(1000, 200, nke::test::seed()));
  double sum = 0;
  for (std::size_t i = 0; i < sample.size(); i += 2) sum += sample[i] * sample[i + 1] > 0 ? 1 : -1;
  const auto n = static_cast<double>(sample.size() / 2);
  CHECK(std::abs(sum / n) < std::sqrt(2 * std::log(2e10) / n));
}

TEST_CASE("sphere points have squared length d, and in three dimensions each coordinate is uniform [law]") {
  CAPTURE(nke::test::seed());
  for (const std::size_t d : {1, 2, 3, 784}) {
    const Matrix points = nke::sphere(50, d, nke::test::seed());
    for (Eigen::Index row = 0; row < points.rows(); ++row) {
      const double wanted = static_cast<double>(d);
      CHECK(std::abs(points.row(row).squaredNorm() - wanted) <= 1e-13 * wanted);
    }
  }
  // Archimedes: a zone of the sphere has the area of its height. Failing by chance once in 3e9 runs.
  const Matrix points = nke::sphere(50000, 3, nke::test::seed());
  for (Eigen::Index axis = 0; axis < 3; ++axis) {
    std::vector<double> sample;
    for (Eigen::Index row = 0; row < points.rows(); ++row) sample.push_back(points(row, axis));
    CHECK(distance(sample, [](double x) { return (x / std::sqrt(3.0) + 1) / 2; }) <
          largest_likely_distance(sample.size()));
  }
}

TEST_CASE("the first rows do not depend on how many follow, and another seed gives others [law]") {
  CHECK(nke::gaussian(100, 7, 3).topRows(11) == nke::gaussian(11, 7, 3));
  CHECK(nke::sphere(100, 7, 3).topRows(11) == nke::sphere(11, 7, 3));
  CHECK(nke::gaussian(11, 7, 3) != nke::gaussian(11, 7, 4));
}

TEST_CASE("no points and too many points are refused [fault]") {
  CHECK_THROWS_AS(nke::gaussian(0, 5, 1), nke::LimitError);
  CHECK_THROWS_AS(nke::gaussian(5, 0, 1), nke::LimitError);
  CHECK_THROWS_AS(nke::sphere(std::size_t{1} << 40U, std::size_t{1} << 40U, 1), nke::LimitError);
}
