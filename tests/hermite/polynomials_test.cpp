// SPDX-License-Identifier: Apache-2.0
// Hermite polynomials and Gauss-Legendre rules against their defining properties.
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <hwy/targets.h>

#include <nke/exact/real/error.hpp>
#include <nke/hermite/gauss_legendre.hpp>
#include <nke/hermite/polynomials.hpp>

#include "support.hpp"

namespace {

// psi_n(z) for n < count from project(): a single node with weight 1 among eight.
std::vector<double> psi(double z, std::size_t count) {
  const nke::HermiteRecurrence recurrence(static_cast<int>(count) - 1);
  std::vector<double> nodes(8, z), root(8), weight(8, 0.0), h(count);
  nke::root_density(nodes, root);
  weight[5] = 1;
  nke::project(recurrence, nodes, root, weight, weight, h);
  return h;
}

double root_density(double z) {
  return std::pow(2 * std::numbers::pi, -0.25) * std::exp(-z * z / 4);
}

}  // namespace

TEST_CASE("the first Hermite polynomials are 1, x, (x^2-1)/sqrt(2), (x^3-3x)/sqrt(6) [fact]") {
  for (const double z : {-2.5, -1.0, 0.0, 0.3, 4.0}) {
    CAPTURE(z);
    std::vector<double> p(4);
    nke::orthonormal_hermite(z, p);
    CHECK(p[0] == 1);
    CHECK(p[1] == z);
    CHECK(p[2] == doctest::Approx((z * z - 1) / std::sqrt(2.0)).epsilon(1e-15));
    CHECK(p[3] == doctest::Approx((z * z * z - 3 * z) / std::sqrt(6.0)).epsilon(1e-14));
    const std::vector<double> scaled = psi(z, 4);
    for (std::size_t n = 0; n < 4; ++n) CHECK(std::abs(scaled[n] - p[n] * root_density(z)) <= 4e-16);
  }
}

TEST_CASE("the vectorised recurrence agrees with the plain one on every instruction set [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  std::uniform_real_distribution<double> uniform(-9, 9);
  for (const std::int64_t target :
       {std::int64_t{0}, std::int64_t{HWY_SSE4}, std::int64_t{HWY_AVX2}, std::int64_t{HWY_AVX3}}) {
    if (target != 0 && (hwy::SupportedTargets() & target) == 0) continue;
    hwy::GetChosenTarget().Update(target);
    CAPTURE(target);
    for (std::size_t nodes = 8; nodes <= 88; nodes += 8) {
      const std::size_t count = 61;
      std::vector<double> z(nodes), root(nodes), even(nodes), odd(nodes), h(count), want(count), p(count);
      for (std::size_t k = 0; k < nodes; ++k)
        z[k] = uniform(random), even[k] = uniform(random), odd[k] = uniform(random);
      nke::root_density(z, root);
      nke::project(nke::HermiteRecurrence(60), z, root, even, odd, h);
      for (std::size_t k = 0; k < nodes; ++k) {
        nke::orthonormal_hermite(z[k], p);
        for (std::size_t n = 0; n < count; ++n) want[n] += (n % 2 == 0 ? even[k] : odd[k]) * p[n] * root_density(z[k]);
      }
      for (std::size_t n = 0; n < count; ++n) CHECK(std::abs(h[n] - want[n]) <= 1e-14 * static_cast<double>(nodes));
    }
  }
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

TEST_CASE("psi_n stays below its bound up to degree 5000 and never overflows [law]") {
  // |p_n(z)| <= e^{z²/4} (DLMF 18.14.9), so |psi_n| <= (2π)^{-1/4} = 0.6316.
  for (const double z : {0.0, 0.7, 5.0, 20.0, 45.0}) {
    for (const double value : psi(z, 5001)) CHECK(std::abs(value) <= 0.6317);
  }
}

TEST_CASE("a Gauss-Legendre rule integrates polynomials of degree 2m - 1 exactly [law]") {
  CHECK(nke::gauss_legendre(2).node[0] == doctest::Approx(0.5 - 0.5 / std::sqrt(3.0)).epsilon(1e-15));
  for (const int m : {1, 2, 3, 8, 16, 33, 64, 128}) {
    CAPTURE(m);
    const nke::GaussLegendre& rule = nke::gauss_legendre(m);
    for (int power = 0; power < 2 * m; power += 1 + m / 4) {
      double sum = 0;
      for (std::size_t i = 0; i < rule.node.size(); ++i) sum += rule.weight[i] * std::pow(rule.node[i], power);
      CHECK(sum == doctest::Approx(1.0 / (power + 1)).epsilon(2e-14));
    }
    for (std::size_t i = 0; i + 1 < rule.node.size(); ++i) CHECK(rule.node[i] < rule.node[i + 1]);
  }
}

TEST_CASE("degrees and rules outside their range are refused [fault]") {
  CHECK_THROWS_AS(nke::HermiteRecurrence(-1), nke::DomainError);
  CHECK_THROWS_AS(nke::HermiteRecurrence(100'001), nke::LimitError);
  CHECK_THROWS_AS(nke::gauss_legendre(0), nke::LimitError);
  CHECK_THROWS_AS(nke::gauss_legendre(513), nke::LimitError);
}
