// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstring>
#include <vector>

#include <nke/exact/real/error.hpp>
#include <nke/sketch/fold.hpp>
#include <nke/sketch/srht.hpp>
#include <nke/sketch/tensor_srht.hpp>

#include "statistics.hpp"
#include "support.hpp"
#include "targets.hpp"
#include "vectors.hpp"

using namespace nke::sketch;
using nke::test::dot;

namespace {

std::vector<float> sketch_of(const Srht& s, const std::vector<float>& x) {
  std::vector<float> out(s.features());
  s(x, out);
  return out;
}

std::vector<float> sketch_of(const TensorSrht& t, const std::vector<float>& u, const std::vector<float>& v) {
  std::vector<float> out(t.features());
  t(u, v, out);
  return out;
}

// The sample of estimates has the stated mean and variance, up to chance.
void check_moments(const std::vector<double>& estimates, double mean, double variance) {
  const auto sample = nke::test::summarise(estimates);
  CAPTURE(sample.mean);
  CAPTURE(mean);
  CAPTURE(sample.variance);
  CAPTURE(variance);
  const double limit = nke::test::t_limit(estimates.size());
  CHECK(std::abs(sample.mean - mean) <= limit * sample.standard_error + 1e-6);
  CHECK(std::abs(sample.variance - variance) <= limit * sample.variance_error + 1e-12);
}

constexpr std::size_t draws = 1000;

}  // namespace

TEST_CASE("an SRHT with all its rows is an isometry [law]") {
  CAPTURE(nke::test::seed());
  for (const std::size_t d : {1u, 2u, 17u, 100u, 784u}) {
    for (const std::size_t copies : {1u, 3u}) {
      const Srht one(d, 1, 5);
      const Srht s(d, copies * one.padded(), nke::test::seed() + d);
      const auto [x, y] = nke::test::at_angle(d + 1, 0.3, d);  // one more, so that d = 1 has a pair too
      const std::vector<float> u(x.begin(), x.begin() + static_cast<long>(d)),
          v(y.begin(), y.begin() + static_cast<long>(d));
      CAPTURE(d);
      CAPTURE(copies);
      CHECK(std::abs(dot(sketch_of(s, u), sketch_of(s, v)) - dot(u, v)) < 4e-6);
      CHECK(std::abs(dot(sketch_of(s, u), sketch_of(s, u)) - dot(u, u)) < 4e-6);
    }
  }
}

TEST_CASE("an SRHT is linear: sums of small integers are sketched without rounding [law]") {
  CAPTURE(nke::test::seed());
  const Srht s(50, 64, nke::test::seed());  // m^{-1/2} = 1/8
  RandomStream random(nke::test::seed(), 77);
  std::vector<float> x(50), y(50), sum(50);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<float>(random.below(100));
    y[i] = static_cast<float>(random.below(100));
    sum[i] = 3 * x[i] - 2 * y[i];
  }
  const auto sx = sketch_of(s, x), sy = sketch_of(s, y), ss = sketch_of(s, sum);
  for (std::size_t k = 0; k < ss.size(); ++k) CHECK(ss[k] == 3 * sx[k] - 2 * sy[k]);
}

TEST_CASE("SRHT estimates have the mean and the variance of the formula, on any vectors [law]") {
  CAPTURE(nke::test::seed());
  const std::size_t d = 128;
  auto pairs = nke::test::structured_pairs(d);
  pairs.push_back({"general, rho = 0.6", nke::test::at_angle(d, 0.6, 1)});
  for (const auto& named : pairs) {
    const auto& name = named.name;
    const auto& pair = named.pair;
    for (const std::size_t m : {16u, 48u, 128u}) {
      CAPTURE(name);
      CAPTURE(m);
      std::vector<double> estimates;
      for (std::size_t i = 0; i < draws; ++i) {
        const Srht s(d, m, nke::test::seed() + i);
        estimates.push_back(dot(sketch_of(s, pair.first), sketch_of(s, pair.second)));
      }
      const double left_out = static_cast<double>(d - m) / static_cast<double>(d - 1);
      check_moments(estimates, dot(pair.first, pair.second),
                    nke::test::sign_variance(pair.first, pair.second) / static_cast<double>(m) * left_out);
    }
  }
}

TEST_CASE("TensorSRHT estimates have the mean and the variance of the formula [law]") {
  CAPTURE(nke::test::seed());
  const std::size_t d = 128;
  std::vector<nke::test::NamedPair> pairs = {{"general, rho = 0", nke::test::at_angle(d, 0, 2)},
                                             {"general, rho = 1", nke::test::at_angle(d, 1, 3)}};
  pairs.push_back(nke::test::structured_pairs(d)[0]);
  pairs.push_back(nke::test::structured_pairs(d)[4]);
  for (const auto& named_left : pairs) {
    const auto& left_name = named_left.name;
    const auto& left = named_left.pair;
    for (const auto& named_right : pairs) {
      const auto& right_name = named_right.name;
      const auto& right = named_right.pair;
      CAPTURE(left_name);
      CAPTURE(right_name);
      std::vector<double> estimates;
      for (std::size_t i = 0; i < draws; ++i) {
        const TensorSrht t(d, d, d, nke::test::seed() + i);
        estimates.push_back(dot(sketch_of(t, left.first, right.first), sketch_of(t, left.second, right.second)));
      }
      check_moments(estimates, dot(left.first, left.second) * dot(right.first, right.second),
                    nke::test::sign_variance(left.first, left.second) *
                        nke::test::sign_variance(right.first, right.second) / static_cast<double>(d - 1));
    }
  }
}

TEST_CASE("TensorSRHT stays unbiased when its two sides and its features differ in size [law]") {
  CAPTURE(nke::test::seed());
  const auto left = nke::test::at_angle(300, 0.8, 4), right = nke::test::at_angle(20, -0.5, 5);
  for (const std::size_t m : {1u, 33u, 700u}) {
    CAPTURE(m);
    std::vector<double> estimates;
    for (std::size_t i = 0; i < 200; ++i) {
      const TensorSrht t(300, 20, m, nke::test::seed() + i);
      estimates.push_back(dot(sketch_of(t, left.first, right.first), sketch_of(t, left.second, right.second)));
    }
    const auto sample = nke::test::summarise(estimates);
    CHECK(std::abs(sample.mean + 0.4) <= nke::test::t_limit(200) * sample.standard_error);
  }
}

TEST_CASE("a shuffle is a permutation, the same on every instruction set [law]") {
  CAPTURE(nke::test::seed());
  RandomStream random(nke::test::seed(), 6);
  const Shuffle shuffle(160, random);
  std::vector<float> a(160), b(160), expected(160);
  std::vector<int> seen(160, 0);
  for (std::size_t i = 0; i < 160; ++i) a[i] = static_cast<float>(i) + 0.1f, b[i] = 1 / a[i];
  for (std::size_t k = 0; k < 160; ++k) {
    ++seen[shuffle.source(k)];
    expected[k] = 0.3f * a[k] * b[shuffle.source(k)];
  }
  CHECK(seen == std::vector<int>(160, 1));
  nke::test::on_every_target([&] {
    std::vector<float> out(160);
    shuffle.multiply(a, b, 0.3f, out);
    CHECK(std::memcmp(out.data(), expected.data(), sizeof(float) * 160) == 0);
  });
}

TEST_CASE("a fold adds residues with signs of its own, the same on every instruction set [law]") {
  CAPTURE(nke::test::seed());
  for (const auto& lengths : std::vector<std::pair<std::size_t, std::size_t>>{{1, 1}, {64, 64}, {100, 7}, {512, 100}}) {
    const std::size_t from = lengths.first, to = lengths.second;
    CAPTURE(from);
    CAPTURE(to);
    RandomStream random(nke::test::seed(), 8);
    const Fold fold(from, to, random);
    // One entry at a time shows where it goes and with which sign; all together must be their sum.
    std::vector<float> all(fold.readable(), 0.0f), sum(to, 0.0f);
    double balance = 0;
    for (std::size_t k = 0; k < from; ++k) {
      std::vector<float> t(fold.readable(), 0.0f), out(to);
      all[k] = t[k] = static_cast<float>(k + 1);
      fold(t, 0.5f, out);
      for (std::size_t j = 0; j < to; ++j) {
        CHECK(std::abs(out[j]) == (j == k % to ? 0.5f * t[k] : 0.0f));
        sum[j] += out[j];
      }
      if (k >= to) balance += out[k % to] > 0 ? 1 : -1;
    }
    CHECK(std::abs(balance) <= nke::test::z_limit() * std::sqrt(static_cast<double>(from)));
    nke::test::on_every_target([&] {
      std::vector<float> out(to);
      fold(all, 0.5f, out);
      CHECK(out == sum);
    });
  }
}

TEST_CASE("empty sketches and vectors of another length are refused [fault]") {
  CHECK_THROWS_AS(Srht(0, 4, 1), nke::ShapeError);
  CHECK_THROWS_AS(Srht(4, 0, 1), nke::ShapeError);
  CHECK_THROWS_AS(TensorSrht(4, 4, 0, 1), nke::ShapeError);
  const Srht s(4, 4, 1);
  std::vector<float> four(4), five(5);
  CHECK_THROWS_WITH_AS(s(five, four), "the vector to be sketched has 5 entries, not 4", nke::ShapeError);
  CHECK_THROWS_WITH_AS(s(four, five), "an SRHT of 4 features cannot fill 5", nke::ShapeError);
  const TensorSrht t(4, 5, 6, 1);
  CHECK_THROWS_AS(t(four, five, four), nke::ShapeError);
  std::vector<float> six(6);
  RandomStream random(1, 1);
  CHECK_THROWS_AS(Fold(4, 0, random), nke::ShapeError);
  CHECK_THROWS_WITH_AS(Fold(4, 5, random), "cannot fold 4 features into 5", nke::ShapeError);
  CHECK_THROWS_AS(Fold(5, 3, random)(five, 1, std::span(four).first(3)),
                  nke::ShapeError);  // needs a zero after the five
  CHECK_THROWS_AS(t(five, four, six), nke::ShapeError);
}
