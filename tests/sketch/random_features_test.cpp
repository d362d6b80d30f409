// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <vector>

#include <tbb/global_control.h>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/sketch/random_features.hpp>

#include "statistics.hpp"
#include "support.hpp"
#include "vectors.hpp"

using nke::Matrix;
using nke::MatrixF;
using nke::sketch::RandomFeatures;

TEST_CASE("the weights are standard normals, and an activation is applied to them entry by entry [law]") {
  // With the identity and the unit vectors as data, the features are W itself, over √(d m).
  CAPTURE(nke::test::seed());
  const Eigen::Index d = 60, m = 700;
  const Matrix units = Matrix::Identity(d, d);
  const MatrixF W = RandomFeatures(nke::activation("x"), 60, {.dimension = 700, .seed = nke::test::seed()})(units) *
                    std::sqrt(static_cast<float>(d * m));
  std::vector<double> entries(W.data(), W.data() + W.size()), squares;
  for (const double w : entries) squares.push_back(w * w);
  const auto mean = nke::test::summarise(entries), square = nke::test::summarise(squares);
  CHECK(std::abs(mean.mean) <= nke::test::z_limit() * mean.standard_error);
  CHECK(std::abs(square.mean - 1) <= nke::test::z_limit() * square.standard_error);
  double neighbours = 0;
  for (std::size_t i = 1; i < entries.size(); ++i) neighbours += entries[i] * entries[i - 1];
  CHECK(std::abs(neighbours) <= nke::test::z_limit() * std::sqrt(static_cast<double>(entries.size())));

  const MatrixF Z = RandomFeatures(nke::activation("gelu"), 60, {.dimension = 700, .seed = nke::test::seed()})(units);
  double worst = 0;
  for (Eigen::Index i = 0; i < d; ++i) {
    for (Eigen::Index k = 0; k < m; ++k) {
      const double u = static_cast<double>(W(i, k)) / std::sqrt(60.0);
      const double gelu = u * std::erfc(-u / std::numbers::sqrt2) / 2 / std::sqrt(700.0);
      worst = std::max(worst, std::abs(static_cast<double>(Z(i, k)) - gelu));
    }
  }
  CHECK(worst < 1e-7);
}

TEST_CASE("random features of relu estimate the arc-cosine kernel without bias [law]") {
  CAPTURE(nke::test::seed());
  const double a = 0.5, b = 2, rho = 0.6;
  const auto [x, y] = nke::test::at_angle(25, rho, 41);
  Matrix X(2, 25);
  for (Eigen::Index i = 0; i < 25; ++i) {
    X(0, i) = std::sqrt(25 * a) * static_cast<double>(x[static_cast<std::size_t>(i)]);
    X(1, i) = std::sqrt(25 * b) * static_cast<double>(y[static_cast<std::size_t>(i)]);
  }
  std::vector<double> found;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const MatrixF Z = RandomFeatures(nke::activation("relu"), 25, {.dimension = 300, .seed = nke::test::seed() + i})(X);
    found.push_back(Z.row(0).cast<double>().dot(Z.row(1).cast<double>()));
  }
  const double theta = std::acos(rho);  // Cho and Saul 2009, order 1, halved
  const double wanted =
      std::sqrt(a * b) * (std::sin(theta) + (std::numbers::pi - theta) * rho) / (2 * std::numbers::pi);
  const auto sample = nke::test::summarise(found);
  CHECK(std::abs(sample.mean - wanted) <= nke::test::t_limit(200) * sample.standard_error);
}

TEST_CASE("one and two threads give the same bytes of random features [law]") {
  const Matrix X = Matrix::Random(300, 20);
  const auto on_threads = [&](std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    return RandomFeatures(nke::activation("tanh"), 20, {.dimension = 90, .seed = 4})(X);
  };
  const MatrixF one = on_threads(1), two = on_threads(2);
  CHECK(std::memcmp(one.data(), two.data(), static_cast<std::size_t>(one.size()) * sizeof(float)) == 0);
}

TEST_CASE("random features refuse what is not finite or does not fit [fault]") {
  const RandomFeatures features(nke::activation("relu"), 3, {.dimension = 8});
  Matrix X = Matrix::Ones(4, 3);
  X(2, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH_AS(features(X), "the data must be finite, but row 2, column 1 (from 0) is not a number",
                       nke::DomainError);
  CHECK_THROWS_AS(features(Matrix(4, 2)), nke::ShapeError);
  CHECK_THROWS_AS(RandomFeatures(nke::activation("relu"), 0, {.dimension = 8}), nke::ShapeError);
  CHECK_THROWS_AS(RandomFeatures(nke::activation("relu"), 3, {.dimension = 0}), nke::ShapeError);
}
