// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include <tbb/global_control.h>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/sketch/dual_features.hpp>

#include "statistics.hpp"
#include "support.hpp"
#include "vectors.hpp"

using nke::HermiteSeries;
using nke::Matrix;
using nke::MatrixF;
using nke::sketch::DualFeatures;

namespace {

HermiteSeries series_of(const std::string& activation, double low = 0.1, double high = 4) {
  return HermiteSeries(nke::activation(activation), {.degree = 40, .min_variance = low, .max_variance = high});
}

// Two rows of variances a and b at correlation rho.
Matrix two_points(std::size_t d, double a, double b, double rho, std::uint64_t stream) {
  const auto [x, y] = nke::test::at_angle(d, rho, stream);
  Matrix X(2, static_cast<Eigen::Index>(d));
  for (std::size_t i = 0; i < d; ++i) {
    X(0, static_cast<Eigen::Index>(i)) = std::sqrt(a * static_cast<double>(d)) * static_cast<double>(x[i]);
    X(1, static_cast<Eigen::Index>(i)) = std::sqrt(b * static_cast<double>(d)) * static_cast<double>(y[i]);
  }
  return X;
}

double product(const MatrixF& Z, Eigen::Index i, Eigen::Index j) {
  return Z.row(i).cast<double>().dot(Z.row(j).cast<double>());
}

// Cho and Saul 2009, order 1, with E[relu(u) relu(v)] = half of their kernel.
double relu_dual(double a, double b, double rho) {
  const double theta = std::acos(rho);
  return std::sqrt(a * b) * (std::sin(theta) + (std::numbers::pi - theta) * rho) / (2 * std::numbers::pi);
}

}  // namespace

TEST_CASE("features estimate the series cut at their degree without bias, at any norms [law]") {
  CAPTURE(nke::test::seed());
  const std::size_t d = 30;
  for (const char* name : {"gelu", "relu", "tanh"}) {
    const HermiteSeries series = series_of(name);
    for (const double rho : {-0.6, 0.2, 0.9}) {
      const double a = 0.3, b = 2.5;
      const Matrix X = two_points(d, a, b, rho, 31);
      std::vector<double> ha(7), hb(7), cross, diagonal;
      series.coefficients(a, ha);
      series.coefficients(b, hb);
      double wanted_cross = 0, wanted_diagonal = 0;
      for (int n = 0; n <= 6; ++n) {
        const auto k = static_cast<std::size_t>(n);
        wanted_cross += ha[k] * hb[k] * std::pow(rho, n);
        wanted_diagonal += hb[k] * hb[k];
      }
      for (std::uint64_t i = 0; i < 200; ++i) {
        const MatrixF Z = DualFeatures(series, d, {.degree = 6, .dimension = 150, .seed = nke::test::seed() + i})(X);
        cross.push_back(product(Z, 0, 1));
        diagonal.push_back(product(Z, 1, 1));
      }
      CAPTURE(name);
      CAPTURE(rho);
      const auto c = nke::test::summarise(cross), g = nke::test::summarise(diagonal);
      CHECK(std::abs(c.mean - wanted_cross) <= nke::test::t_limit(200) * c.standard_error + 1e-6);
      CHECK(std::abs(g.mean - wanted_diagonal) <= nke::test::t_limit(200) * g.standard_error + 1e-6);
    }
  }
}

TEST_CASE("relu's features estimate the arc-cosine kernel of the literature, up to the series' remainder [law]") {
  CAPTURE(nke::test::seed());
  const std::size_t d = 30;
  const HermiteSeries series = series_of("relu");
  for (const double rho : {-0.9, 0.0, 0.7}) {
    const double a = 0.5, b = 3;
    const Matrix X = two_points(d, a, b, rho, 32);
    std::vector<double> found;
    for (std::uint64_t i = 0; i < 200; ++i) {
      const MatrixF Z = DualFeatures(series, d, {.degree = 8, .dimension = 1000, .seed = nke::test::seed() + i})(X);
      found.push_back(product(Z, 0, 1));
    }
    // relu's degrees above 8: h_n² = a ((n−3)!!)²/(2π n!) for even n, in all 2.1e-3 a; each sign of rho^n is positive.
    const double remainder = 2.1e-3 * std::sqrt(a * b) * std::pow(rho, 10);
    const auto sample = nke::test::summarise(found);
    CAPTURE(rho);
    CAPTURE(sample.mean);
    const double chance = nke::test::t_limit(200) * sample.standard_error;
    CHECK(sample.mean <= relu_dual(a, b, rho) + chance);
    CHECK(sample.mean >= relu_dual(a, b, rho) - remainder - chance);
  }
}

TEST_CASE("the error falls like the square root of the dimension [law]") {
  // 500 seeds: the logarithm of a mean square is off by sqrt(2/500) = 0.063 (standard deviation, Gaussian estimates),
  // the slope over five octaves-wide points by 0.063/sqrt(10 log(2)²) / 2 = 0.015; seven of those are 0.10. The chain's
  // width, which follows M by powers of two, and the exact features that M pays first bend the line by less than 0.06.
  CAPTURE(nke::test::seed());
  const std::size_t d = 20;
  const HermiteSeries series = series_of("gelu");
  const Matrix X = two_points(d, 1, 1.5, 0.6, 33);
  std::vector<double> h(9), g(9);
  series.coefficients(1, h);
  series.coefficients(1.5, g);
  double wanted = 0;
  for (std::size_t n = 0; n <= 8; ++n) wanted += h[n] * g[n] * std::pow(0.6, n);
  std::vector<double> log_m, log_error;
  for (std::size_t m = 512; m <= 8192; m *= 2) {
    double square = 0;
    for (std::uint64_t i = 0; i < 500; ++i) {
      const MatrixF Z = DualFeatures(series, d, {.dimension = m, .seed = nke::test::seed() + i})(X);
      square += std::pow(product(Z, 0, 1) - wanted, 2) / 500;
    }
    log_m.push_back(std::log(static_cast<double>(m)));
    log_error.push_back(std::log(square) / 2);
  }
  const double mean_m = nke::test::summarise(log_m).mean, mean_error = nke::test::summarise(log_error).mean;
  double above = 0, below = 0;
  for (std::size_t i = 0; i < log_m.size(); ++i) {
    above += (log_m[i] - mean_m) * (log_error[i] - mean_error);
    below += (log_m[i] - mean_m) * (log_m[i] - mean_m);
  }
  CAPTURE(log_error);
  CHECK(std::abs(above / below + 0.5) <= 0.16);
}

TEST_CASE("every dimension is met exactly, with one feature of degree 0 and none where the spectrum is empty [law]") {
  for (const char* name : {"gelu", "relu", "tanh", "x^3 - 3*x", "x", "7"}) {
    const HermiteSeries series = series_of(name, 1, 1);
    for (const std::size_t inputs : {1u, 13u, 400u}) {
      for (const std::size_t dimension : {9u, 10u, 100u, 412u, 5000u}) {
        CAPTURE(name);
        CAPTURE(inputs);
        CAPTURE(dimension);
        const DualFeatures features(series, inputs, {.degree = 8, .dimension = dimension, .seed = 3});
        const auto m = features.features_by_degree();
        std::size_t sum = 0;
        for (const std::size_t each : m) sum += each;
        CHECK(sum == dimension);
        CHECK(m.size() == 9);
        CHECK(m[0] == 1);
        const Matrix X = Matrix::Ones(2, static_cast<Eigen::Index>(inputs));
        CHECK(features(X).cols() == static_cast<Eigen::Index>(dimension));
        if (std::string(name) == "relu") CHECK(m[3] + m[5] + m[7] == 0);
        if (std::string(name) == "tanh") CHECK(m[2] + m[4] + m[6] + m[8] == 0);
        if (std::string(name) == "x^3 - 3*x") CHECK(m[3] == dimension - 1);
      }
    }
  }
}

TEST_CASE("a linear activation is exact: its features are the data [law]") {
  const Matrix X = two_points(50, 0.4, 3, 0.35, 34);
  for (const std::size_t dimension : {51u, 60u, 1000u}) {
    const MatrixF Z = DualFeatures(series_of("2*x + 1"), 50, {.dimension = dimension, .seed = 5})(X);
    const double wanted = 1 + 4 * X.row(0).dot(X.row(1)) / 50;
    CHECK(std::abs(product(Z, 0, 1) - wanted) < 1e-6);
  }
}

TEST_CASE("zero rows have the features of the activation at zero [law]") {
  Matrix X = two_points(10, 1, 1, 0.5, 35);
  X.row(1).setZero();
  const MatrixF Z = DualFeatures(series_of("softplus", 0, 1), 10, {.dimension = 64, .seed = 6})(X);
  CHECK(std::abs(static_cast<double>(Z(1, 0)) - std::log(2.0)) < 1e-7);
  CHECK(Z.row(1).tail(63).cwiseAbs().maxCoeff() == 0.0f);
  CHECK(DualFeatures(series_of("gelu"), 10, {.dimension = 64})(Matrix(0, 10)).rows() == 0);
}

TEST_CASE("the leftover is what the diagonal of relu's kernel has beyond the degree [fact]") {
  // h_0² = a/2π, h_1² = a/4, h_2² = a/4π, h_4² = a/48π, h_6² = a/160π, and K(a,a,a) = a/2.
  const Matrix X = two_points(20, 0.7, 2.2, 0.1, 36);
  const DualFeatures features(series_of("relu"), 20, {.degree = 6, .dimension = 200});
  const Eigen::VectorXd left = features.leftover(X);
  const double pi = std::numbers::pi;
  for (const auto& [row, a] : std::vector<std::pair<Eigen::Index, double>>{{0, 0.7}, {1, 2.2}}) {
    const double wanted = a * (0.5 - 1 / (2 * pi) - 0.25 - 1 / (4 * pi) - 1 / (48 * pi) - 1 / (160 * pi));
    CHECK(std::abs(left[row] - wanted) < 1e-6 * a);
  }
}

TEST_CASE("one and two threads, floats and doubles, whole matrices and parts give the same bytes [law]") {
  CAPTURE(nke::test::seed());
  nke::sketch::RandomStream random(nke::test::seed(), 37);
  MatrixF X(100, 37);
  nke::sketch::fill_gaussian(random, std::span(X.data(), 3700));
  const DualFeatures features(series_of("gelu", 0.2, 3), 37, {.dimension = 700, .seed = 7});
  const auto same = [](const MatrixF& a, const MatrixF& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * 4) == 0;
  };
  const auto on_threads = [&](std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    return features(X);
  };
  const MatrixF Z = on_threads(1);
  CHECK(same(Z, on_threads(2)));
  CHECK(same(Z, features(Matrix(X.cast<double>()))));
  MatrixF wide(100, 800);
  features.apply(X, wide.middleCols(50, 700));
  CHECK(same(Z, wide.middleCols(50, 700)));
  CHECK(same(Z.middleRows(33, 5), features(X.middleRows(33, 5))));
  CHECK_FALSE(same(Z, DualFeatures(features.series(), 37, {.dimension = 700, .seed = 8})(X)));
}

TEST_CASE("bad data is refused by row and column, bad dimensions with the smallest that will do [fault]") {
  const HermiteSeries series = series_of("gelu");
  const DualFeatures features(series, 4, {.dimension = 50});
  Matrix X = Matrix::Ones(30, 4);
  X(17, 2) = std::numeric_limits<double>::quiet_NaN();
  X(25, 0) = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH_AS(features(X), "the data must be finite, but row 17, column 2 (from 0) is not a number",
                       nke::DomainError);
  X(17, 2) = 1;
  CHECK_THROWS_WITH_AS(features.leftover(X), "the data must be finite, but row 25, column 0 (from 0) is infinite",
                       nke::DomainError);
  X(25, 0) = 1e200;
  CHECK_THROWS_WITH_AS(features(X), "row 25 (from 0) of the data is too large: its squared norm overflows",
                       nke::DomainError);
  CHECK_THROWS_WITH_AS(features(Matrix(2, 5)), "the feature map is for data of 4 columns, not 5", nke::ShapeError);
  MatrixF out(30, 49);
  CHECK_THROWS_AS(features.apply(MatrixF(MatrixF::Ones(30, 4)), out), nke::ShapeError);

  CHECK_THROWS_AS(DualFeatures(series, 4, {.degree = 0}), nke::DomainError);
  CHECK_THROWS_AS(DualFeatures(series, 4, {.degree = 41}), nke::DomainError);
  CHECK_THROWS_AS(DualFeatures(series, 4, {.correlation = 1.5}), nke::DomainError);
  CHECK_THROWS_AS(DualFeatures(series, 0, {.dimension = 50}), nke::ShapeError);
  CHECK_THROWS_WITH_AS(DualFeatures(series_of("relu"), 4, {.degree = 8, .dimension = 5}),
                       "feature maps of this activation to degree 8 have at least 6 features, one for each degree "
                       "present; 5 were asked for",
                       nke::DomainError);
  CHECK(DualFeatures(series_of("relu"), 4, {.degree = 8, .dimension = 6}).dimension() == 6);
}
