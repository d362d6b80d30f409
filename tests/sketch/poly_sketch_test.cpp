// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstring>
#include <vector>

#include <nke/exact/real/error.hpp>
#include <nke/sketch/poly_sketch.hpp>

#include "statistics.hpp"
#include "support.hpp"
#include "targets.hpp"
#include "vectors.hpp"

using namespace nke::sketch;

namespace {

std::vector<float> sketch_of(const PolySketch& p, const std::vector<float>& x) {
  std::vector<float> out(p.total());
  p(x, out);
  return out;
}

// The inner product of each block: the estimates of rho, rho^2, ….
std::vector<double> estimates(const PolySketch& p, const nke::test::Pair& pair) {
  const auto x = sketch_of(p, pair.first), y = sketch_of(p, pair.second);
  std::vector<double> found;
  std::size_t at = 0;
  for (const std::size_t m : p.features()) {
    double sum = 0;
    for (std::size_t k = at; k < at + m; ++k) sum += static_cast<double>(x[k]) * static_cast<double>(y[k]);
    found.push_back(sum);
    at += m;
  }
  return found;
}

// Leading-order variance of degree n: the header's formula.
double predicted_variance(const PolySketch& p, int n, double rho) {
  const auto width = [&](int l) { return static_cast<double>(p.width(l)); };
  const auto power = [&](int l) { return std::pow(rho, 2 * l); };
  double chain = 0;
  for (int l = 2; l <= n; ++l) {
    if (l > 2) chain += (1 / width(l) - 1 / width(l - 1)) * (1 + power(l - 1));
    chain = chain * rho * rho + (1 + power(l - 1)) * (1 + rho * rho) / width(l);
  }
  const double m = static_cast<double>(p.features()[static_cast<std::size_t>(n - 1)]);
  return (1 / m - 1 / width(n)) * (1 + power(n)) + chain;
}

}  // namespace

TEST_CASE("every degree of a polynomial sketch is unbiased [law]") {
  CAPTURE(nke::test::seed());
  const std::vector<std::size_t> features = {20, 100, 64, 33, 7, 200};
  auto pairs = nke::test::structured_pairs(60);
  for (const double rho : {0.0, 0.5, 0.95, -0.7}) pairs.push_back({"general", nke::test::at_angle(60, rho, 11)});
  for (const auto& named : pairs) {
    const auto& name = named.name;
    const auto& pair = named.pair;
    const double rho = nke::test::dot(pair.first, pair.second);
    CAPTURE(name);
    CAPTURE(rho);
    std::vector<std::vector<double>> found(features.size());
    for (std::uint64_t i = 0; i < 200; ++i) {
      const auto one = estimates(PolySketch(60, features, nke::test::seed() + i), pair);
      for (std::size_t n = 1; n <= one.size(); ++n) found[n - 1].push_back(one[n - 1]);
    }
    for (std::size_t n = 1; n <= found.size(); ++n) {
      CAPTURE(n);
      const auto sample = nke::test::summarise(found[n - 1]);
      CAPTURE(sample.mean);
      CAPTURE(sample.standard_error);
      CHECK(std::abs(sample.mean - std::pow(rho, n)) <= nke::test::t_limit(200) * sample.standard_error + 1e-5);
    }
  }
}

TEST_CASE("the variance is the one predicted, for wide and narrow blocks and chains that narrow [law]") {
  // 10 % for what the leading order leaves out (fourth-moment terms, 6/d = 1 %; squares of (n − 1)/c), the rest chance.
  CAPTURE(nke::test::seed());
  const std::size_t d = 600, draws = 1000;
  using Features = std::vector<std::size_t>;
  for (const Features& features : {Features(6, 1500), Features(6, 40), Features{9, 3000, 3000, 100, 10, 100}}) {
    for (const double rho : {0.3, 0.8, 1.0}) {
      CAPTURE(features[1]);
      CAPTURE(rho);
      const auto pair = nke::test::at_angle(d, rho, 12);
      std::vector<std::vector<double>> found(6);
      for (std::uint64_t i = 0; i < draws; ++i) {
        const auto one = estimates(PolySketch(d, features, nke::test::seed() + i), pair);
        for (std::size_t n = 0; n < one.size(); ++n) found[n].push_back(one[n]);
      }
      const PolySketch any(d, features, 1);
      for (int n = 2; n <= 6; ++n) {
        CAPTURE(n);
        CAPTURE(any.width(n));
        const auto sample = nke::test::summarise(found[static_cast<std::size_t>(n - 1)]);
        const double predicted = predicted_variance(any, n, rho);
        CAPTURE(sample.variance);
        CAPTURE(predicted);
        CHECK(std::abs(sample.variance - predicted) <=
              0.1 * predicted + nke::test::t_limit(draws) * sample.variance_error);
      }
    }
  }
}

TEST_CASE("no structure of the data makes the variance larger than predicted [law]") {
  CAPTURE(nke::test::seed());
  const std::size_t draws = 1000, m = 1024;
  for (const auto& named : nke::test::structured_pairs(256)) {
    const auto& name = named.name;
    const auto& pair = named.pair;
    std::vector<std::vector<double>> found(3);
    for (std::uint64_t i = 0; i < draws; ++i) {
      const PolySketch p(256, {m, m, m}, nke::test::seed() + i);
      REQUIRE(p.width(2) == 2048);
      const auto one = estimates(p, pair);
      for (std::size_t n = 0; n < one.size(); ++n) found[n].push_back(one[n]);
    }
    for (int n = 2; n <= 3; ++n) {
      CAPTURE(name);
      CAPTURE(n);
      const auto sample = nke::test::summarise(found[static_cast<std::size_t>(n - 1)]);
      const double predicted =
          predicted_variance(PolySketch(256, {m, m, m}, 1), n, nke::test::dot(pair.first, pair.second));
      CAPTURE(sample.variance);
      CAPTURE(predicted);
      CHECK(sample.variance <= 1.1 * predicted + nke::test::t_limit(draws) * sample.variance_error);
    }
  }
}

TEST_CASE("block n is homogeneous of degree n, and weights scale it [law]") {
  CAPTURE(nke::test::seed());
  const std::vector<std::size_t> features = {30, 50, 0, 20};
  const PolySketch p(30, features, nke::test::seed());
  const auto x = nke::test::gaussian_direction(30, 14);
  const auto once = sketch_of(p, x);
  std::vector<float> twice(p.total());
  PolySketch::Workspace workspace;
  p(std::span<const float>(x), 2, std::vector<float>{1, 4, 9, 0.5f}, twice, workspace);
  std::size_t at = 0;
  for (std::size_t n = 1; n <= features.size(); ++n) {
    const float factor = std::vector<float>{2, 16, 0, 8}[n - 1];  // powers of two: exact
    for (std::size_t k = 0; k < features[n - 1]; ++k, ++at) CHECK(twice[at] == factor * once[at]);
  }
  for (float v : sketch_of(p, std::vector<float>(30, 0.0f))) CHECK(v == 0);
}

TEST_CASE("a first degree as wide as the vector is the vector [law]") {
  const PolySketch p(30, {30, 5}, 1);
  const auto x = nke::test::gaussian_direction(30, 15);
  const auto out = sketch_of(p, x);
  for (std::size_t i = 0; i < x.size(); ++i) CHECK(out[i] == x[i]);
}

TEST_CASE("a seed names one sketch: the same bytes again, on every instruction set, from float or double [law]") {
  CAPTURE(nke::test::seed());
  for (const std::size_t d : {3u, 100u, 1500u}) {
    CAPTURE(d);
    const std::vector<std::size_t> features = {10, 700, 3000, 1, 90};
    const auto x = nke::test::gaussian_direction(d, 16);
    const auto expected = sketch_of(PolySketch(d, features, 9), x);
    nke::test::on_every_target([&] {
      const auto again = sketch_of(PolySketch(d, features, 9), x);
      CHECK(std::memcmp(again.data(), expected.data(), sizeof(float) * again.size()) == 0);
    });
    std::vector<float> from_double(expected.size());
    const std::vector<double> wide(x.begin(), x.end());
    PolySketch::Workspace workspace;
    const PolySketch p(d, features, 9);
    p(std::span<const double>(wide), 1, std::vector<float>(5, 1.0f), from_double, workspace);
    CHECK(from_double == expected);
    CHECK(sketch_of(PolySketch(d, features, 10), x) != expected);
  }
}

TEST_CASE("shapes that do not fit are refused [fault]") {
  CHECK_THROWS_AS(PolySketch(4, {}, 1), nke::ShapeError);
  CHECK_THROWS_AS(PolySketch(4, {0, 0}, 1), nke::ShapeError);
  CHECK_THROWS_AS(PolySketch(0, {1}, 1), nke::ShapeError);
  const PolySketch p(4, {4, 3}, 1);
  std::vector<float> four(4), seven(7);
  CHECK_THROWS_WITH_AS(p(seven, seven), "the vector to be sketched has 7 entries, not 4", nke::ShapeError);
  CHECK_THROWS_WITH_AS(p(four, four), "the vector of features has 4 entries, not 7", nke::ShapeError);
}
