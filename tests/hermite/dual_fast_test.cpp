// SPDX-License-Identifier: Apache-2.0
// Closed forms appear here as oracles only. Golden values: certified by ball arithmetic with two methods each (Mehler
// series with Parseval tail, two-dimensional quadrature); relu and erf from Cho & Saul 2009 and Williams 1997.
#include <cmath>
#include <numbers>
#include <random>
#include <string>

#include <nke/exact/real/error.hpp>
#include <nke/hermite/dual_fast.hpp>
#include <nke/hermite/nested_quadrature.hpp>

#include "support.hpp"

using nke::Covariance;

namespace {

constexpr double pi = std::numbers::pi;

struct Golden {
  const char* activation;
  double c;
  double value;
};
const Golden golden[] = {
    {"tanh", 0.5, 0.1863244132034480861},  {"tanh", 0.999999, 0.3942940259950888279},
    {"gelu", 0.5, 0.2272949150219915350},  {"gelu", 0.999999, 0.4252210267195708578},
    {"elu", 0.5, 0.3247836489567624326},   {"elu", 0.999999, 0.6449447493910066309},
    {"elu", -0.9, -0.4707035154919291295}, {"tanh(x)", 1, 0.3942944903978411744},
};

double relu_dual(const Covariance& at) {
  // (√det + c θ')/2π with θ' = atan2(√det, −c), written with ρ and the sine.
  const double theta = std::atan2(at.sine, -at.rho);
  return std::sqrt(at.a) * std::sqrt(at.b) * (at.sine + at.rho * theta) / (2 * pi);
}

double erf_dual(const Covariance& at) {
  const double root = std::sqrt((1 + 2 * at.a) * (1 + 2 * at.b) - 4 * at.c * at.c);
  return 2 / pi * std::atan2(2 * at.c, root);
}

Covariance random_covariance(std::mt19937_64& random) {
  std::uniform_real_distribution<double> log_variance(-4, 4);
  std::uniform_real_distribution<double> digits(0, 12);
  std::uniform_real_distribution<double> side(-1, 1);
  const double theta = side(random) > 0 ? std::pow(10, -digits(random) / 2) : pi * (side(random) + 1) / 2;
  return Covariance::from_angle(std::exp(log_variance(random)), std::exp(log_variance(random)), theta);
}

}  // namespace

TEST_CASE("both methods reproduce the certified duals of tanh, gelu and elu [fact]") {
  for (const Golden& g : golden) {
    CAPTURE(g.activation);
    CAPTURE(g.c);
    const nke::Activation sigma = nke::activation(g.activation);
    const Covariance at(1.0, 1.0, g.c);
    const nke::DualValue dual = nke::dual_activation(sigma, at);
    CHECK(std::fabs(dual.value - g.value) <= 2e-15);
    CHECK(dual.error_bound <= 1e-13);
    CHECK(std::fabs(dual.value - g.value) <= dual.error_bound);
    const nke::Estimate nested = nke::NestedQuadrature(sigma, 1)(at);
    CHECK(std::fabs(nested.value - g.value) <= 2e-15);
  }
}

TEST_CASE("relu's dual and derivative dual agree with the arc-cosine kernels at every angle [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  const nke::Activation relu = nke::activation("relu");
  for (int i = 0; i < nke::test::iterations(60); ++i) {
    const Covariance at = random_covariance(random);
    CAPTURE(at.a);
    CAPTURE(at.b);
    CAPTURE(at.rho);
    CAPTURE(at.sine);
    const nke::DualValue k = nke::dual_activation(relu, at);
    CHECK(std::fabs(k.value - relu_dual(at)) <= std::max(k.error_bound, 1e-15 * std::sqrt(at.a * at.b)));
    CHECK(k.error_bound <= 1e-12 * std::sqrt(at.a * at.b));
    const nke::DualValue dot = nke::derivative_dual(relu, at);
    CHECK(std::fabs(dot.value - std::atan2(at.sine, -at.rho) / (2 * pi)) <= std::max(dot.error_bound, 1e-15));
    CHECK(dot.error_bound <= 1e-12);
  }
}

TEST_CASE("erf's dual is one arcsine [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed() + 1);
  const nke::Activation sigma = nke::activation("erf");
  for (int i = 0; i < nke::test::iterations(40); ++i) {
    const Covariance at = random_covariance(random);
    if (at.sine < 1e-4) continue;  // the oracle's own root cancels there
    CAPTURE(at.a);
    CAPTURE(at.b);
    CAPTURE(at.rho);
    const nke::DualValue k = nke::dual_activation(sigma, at);
    CHECK(std::fabs(k.value - erf_dual(at)) <= 1e-14);
    CHECK(k.error_bound <= 1e-12);
  }
}

TEST_CASE("the dual is symmetric and its methods agree for every kind of activation [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed() + 2);
  for (const char* text : {"tanh", "gelu", "hardswish", "hardtanh", "mish", "step", "abs", "sin(3*x)", "elu",
                           "piecewise(x < -1: 0, x < 1/2: x^2, 1)", "x*tanh(log(1+exp(x)))", "exp(x/4)"}) {
    CAPTURE(text);
    const nke::Activation sigma = nke::activation(text);
    for (int i = 0; i < 3; ++i) {
      const Covariance at = random_covariance(random);
      CAPTURE(at.a);
      CAPTURE(at.b);
      CAPTURE(at.rho);
      const nke::NestedQuadrature nested(sigma, std::max(at.a, at.b));
      const nke::Estimate one = nested(at);
      const nke::Estimate other = nested(at.swapped());
      const double scale = std::sqrt(nested.second_moment(at.a).value * nested.second_moment(at.b).value);
      CHECK(std::fabs(one.value - other.value) <= 1e-13 * scale);
      const nke::DualValue chosen = nke::dual_activation(sigma, at);
      CHECK(std::fabs(chosen.value - one.value) <= chosen.error_bound + one.error_estimate + 1e-15 * scale);
      CHECK(one.error_estimate <= 1e-12 * scale);
    }
  }
}

TEST_CASE("at rho = 1 the dual is the second moment, and at a = 0 a product of means [fact]") {
  const nke::Activation gelu = nke::activation("gelu");
  const nke::NestedQuadrature nested(gelu, 2);
  CHECK(nke::dual_activation(gelu, Covariance(2.0, 2.0, 2.0)).value ==
        doctest::Approx(nested.second_moment(2).value).epsilon(1e-15));
  const nke::Activation step = nke::activation("step");
  CHECK(nke::dual_activation(step, Covariance(0.0, 0.0, 0.0)).value == 0.25);
  CHECK(nke::dual_activation(step, Covariance(0.0, 3.0, 0.0)).value == doctest::Approx(0.25).epsilon(1e-15));
  const nke::Activation shifted = nke::activation("max(x + 1, 0)");
  // E max(z + 1, 0) = Φ(1) + φ(1).
  const double mean = 0.5 * std::erfc(-1 / std::sqrt(2.0)) + std::exp(-0.5) / std::sqrt(2 * pi);
  CHECK(nke::dual_activation(shifted, Covariance(0.0, 1.0, 0.0)).value == doctest::Approx(mean).epsilon(1e-15));
}

TEST_CASE("steep activations are resolved: erf(x) at variance 10^4 and 10^8 [fact]") {
  const nke::Activation sigma = nke::activation("erf");
  for (const double variance : {1e4, 1e8}) {
    for (const double rho : {0.5, 0.999, -0.99999}) {
      CAPTURE(variance);
      CAPTURE(rho);
      const Covariance at(variance, variance, rho * variance);
      CHECK(std::fabs(nke::dual_activation(sigma, at).value - erf_dual(at)) <= 1e-13);
    }
  }
}

TEST_CASE("an activation without a second moment is refused with the variance named [fault]") {
  CHECK_THROWS_AS(nke::dual_activation(nke::activation("exp(x^2/2)"), Covariance(1.0, 1.0, 0.5)), nke::DomainError);
  CHECK_THROWS_AS(nke::dual_activation(nke::activation("exp(x)"), Covariance(1e6, 1e6, 0.5)), nke::DomainError);
  CHECK_THROWS_AS(nke::NestedQuadrature(nke::activation("tanh"), 1)(Covariance(2.0, 1.0, 0.0)), nke::DomainError);
}
