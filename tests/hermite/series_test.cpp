// SPDX-License-Identifier: Apache-2.0
// The Mehler series against certified values, against the nested quadrature, and against its own bound.
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/activation/named.hpp>
#include <nke/exact/dual/covariance.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/nested_quadrature.hpp>
#include <nke/hermite/series.hpp>

#include "support.hpp"

using nke::Activation;
using nke::activation;
using nke::HermiteSeries;

namespace {

// Cho & Saul 2009, as an oracle.
double relu_dual(double a, double b, double c) {
  const double root = std::sqrt(std::max(0.0, a * b - c * c));
  return (root + c * std::atan2(root, -c)) / (2 * std::numbers::pi);
}

struct Point {
  double a, b, c;
};

Point random_point(std::mt19937_64& random, double largest_rho) {
  std::uniform_real_distribution<double> log_variance(std::log(0.05), std::log(20)), rho(-largest_rho, largest_rho);
  const double a = std::exp(log_variance(random)), b = std::exp(log_variance(random));
  return {a, b, rho(random) * std::sqrt(a * b)};
}

}  // namespace

TEST_CASE("the series reproduces certified duals [fact]") {
  // Enclosed by two certified methods each; see tests/hermite/dual_fast_test.cpp.
  const HermiteSeries tanh(activation("tanh"), {.degree = 300}), gelu(activation("gelu"), {.degree = 300});
  CHECK(std::abs(tanh.value(1, 1, 0.5) - 0.1863244132034480861) <= 5e-16);
  CHECK(std::abs(tanh.value(1, 1, 0.999999) - 0.3942940259950888279) <= 1e-15);
  CHECK(std::abs(gelu.value(1, 1, 0.5) - 0.2272949150219915350) <= 5e-16);
  CHECK(std::abs(gelu.value(1, 1, 0.999999) - 0.4252210267195708578) <= 1e-15);
  CHECK(std::abs(tanh.norm(1) - 0.39429449039784117442) <= 5e-16);
  const HermiteSeries elu(activation("elu"), {.degree = 200});
  CHECK(std::abs(elu.value(1, 1, 0.5) - 0.32478364895676243629) <= 6e-16);
}

TEST_CASE("series and nested quadrature agree within their errors for every named activation [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  for (const nke::NamedActivation& row : nke::named_activations()) {
    CAPTURE(row.name);
    const Activation sigma = activation(row.name);
    if (!sigma.growth() || !sigma.growth()->square_integrable(nke::Rational(20))) continue;
    const HermiteSeries series(sigma, {.degree = 100, .min_variance = 0.05, .max_variance = 20});
    const nke::NestedQuadrature nested(sigma, 20);
    for (int i = 0; i < nke::test::iterations(2); ++i) {
      const Point p = random_point(random, 0.8);
      CAPTURE(p.a);
      CAPTURE(p.b);
      CAPTURE(p.c);
      const double scale = std::sqrt(series.norm(p.a) * series.norm(p.b));
      const nke::Estimate direct = nested(nke::Covariance(p.a, p.b, p.c));
      CHECK(std::abs(series.value(p.a, p.b, p.c) - direct.value) <=
            series.truncation_bound(p.a, p.b, p.c) + direct.error_estimate + 5e-15 * scale);
    }
  }
}

TEST_CASE("the truncation bound holds, and is not idle, for relu at every degree [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  const Activation relu = activation("relu");
  for (const int degree : {2, 5, 8, 21, 60}) {
    const HermiteSeries series(relu, {.degree = degree, .min_variance = 0.05, .max_variance = 20});
    CAPTURE(degree);
    for (int i = 0; i < 40; ++i) {
      const Point p = random_point(random, 1);
      const double error = std::abs(series.value(p.a, p.b, p.c) - relu_dual(p.a, p.b, p.c));
      CHECK(error <= series.truncation_bound(p.a, p.b, p.c) + 4e-15 * std::sqrt(p.a * p.b));
    }
    // At a = b, rho = 1 everything that is left is the tail: the bound is attained.
    const double left = 1 - series.value(2, 2, 2);
    CHECK(series.truncation_bound(2, 2, 2) == doctest::Approx(left).epsilon(1e-10));
    CHECK(series.tail(2) == doctest::Approx(left).epsilon(1e-10));
  }
}

TEST_CASE("dK/dc is the dual of the derivative for continuous activations [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  for (const char* text : {"tanh", "gelu", "softplus", "relu", "elu", "hardtanh", "mish", "abs"}) {
    CAPTURE(text);
    const Activation sigma = activation(text);
    const HermiteSeries series(sigma, {.degree = 160, .min_variance = 0.05, .max_variance = 20});
    const HermiteSeries slope(sigma.derivative(), {.degree = 160, .min_variance = 0.05, .max_variance = 20});
    for (int i = 0; i < 5; ++i) {
      const Point p = random_point(random, 0.7);
      CHECK(std::abs(series.derivative(p.a, p.b, p.c) - slope.value(p.a, p.b, p.c)) <= 3e-14);
    }
  }
}

TEST_CASE("the series is symmetric, and at a = 0 the product of means [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  const HermiteSeries series(activation("x*sigmoid(x) + 1/3"),
                             {.degree = 50, .min_variance = 0.05, .max_variance = 20});
  std::vector<double> h(51);
  for (int i = 0; i < 20; ++i) {
    const Point p = random_point(random, 1);
    CHECK(series.value(p.a, p.b, p.c) == doctest::Approx(series.value(p.b, p.a, p.c)).epsilon(1e-15));
    series.coefficients(p.a, h);
    CHECK(series.value(0, p.a, 0) == doctest::Approx(h[0] / 3).epsilon(1e-14));
    CHECK(series.value(p.a, p.a, p.a) == doctest::Approx(series.norm(p.a) - series.tail(p.a)).epsilon(1e-13));
  }
}

TEST_CASE("the table gives what the quadrature gives, inside its range and outside [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  std::uniform_real_distribution<double> log_variance(std::log(1e-3), std::log(1e3));
  for (const char* text : {"gelu", "relu", "tanh", "relu6", "sin(2*x)", "elu", "step"}) {
    CAPTURE(text);
    const Activation sigma = activation(text);
    const HermiteSeries series(sigma, {.degree = 40, .min_variance = 1e-2, .max_variance = 100});
    CHECK(series.interpolation_error() <= 2e-15);
    for (int i = 0; i < 12; ++i) {
      const double a = std::exp(log_variance(random));
      CAPTURE(a);
      const nke::FastCoefficients direct = nke::hermite_coefficients(sigma, 40, a);
      std::vector<double> h(41);
      series.coefficients(a, h);
      for (std::size_t n = 0; n < h.size(); ++n)
        CHECK(std::abs(h[n] - direct.values[n]) <= 5e-15 * std::sqrt(direct.norm));
      CHECK(std::abs(series.norm(a) - direct.norm) <= 5e-15 * direct.norm);
    }
  }
}

TEST_CASE("a range that begins at 0 serves zeros and small variances [fact]") {
  const HermiteSeries series(activation("relu"), {.degree = 4, .min_variance = 0, .max_variance = 2});
  std::vector<double> h(5);
  series.coefficients(0, h);
  CHECK(h == std::vector<double>(5, 0.0));
  CHECK(series.norm(0) == 0);
  series.coefficients(1e-12, h);
  CHECK(h[1] == doctest::Approx(0.5e-6).epsilon(1e-15));
  CHECK(HermiteSeries(activation("gelu"), {.degree = 4, .min_variance = 0, .max_variance = 0}).norm(0) == 0);
}

TEST_CASE("a range of variances may be as narrow as rounding [law]") {
  for (const double width : {0.0, 1e-15, 1e-13, 1e-11, 1e-9, 1e-8}) {
    CAPTURE(width);
    const HermiteSeries series(activation("tanh"), {.degree = 8, .min_variance = 1, .max_variance = 1 + width});
    const nke::FastCoefficients direct = nke::hermite_coefficients(activation("tanh"), 8, 1 + width / 2);
    std::vector<double> h(9);
    series.coefficients(1 + width / 2, h);
    for (std::size_t n = 0; n < h.size(); ++n) CHECK(std::abs(h[n] - direct.values[n]) <= 1e-14);
    CHECK(series.norm(1 + width / 2) == doctest::Approx(direct.norm).epsilon(1e-14));
  }
}

TEST_CASE("impossible covariances and missing derivatives are refused [fault]") {
  const HermiteSeries series(activation("tanh"), {.degree = 20, .min_variance = 0.5, .max_variance = 2});
  CHECK_THROWS_AS(series.value(1, 1, 1.5), nke::DomainError);
  CHECK_THROWS_AS(series.value(-1, 1, 0), nke::DomainError);
  CHECK_THROWS_AS(series.derivative(0, 1, 0), nke::DomainError);
  std::vector<double> h(30);
  CHECK_THROWS_AS(series.coefficients(1, h), nke::ShapeError);
  CHECK_THROWS_AS(HermiteSeries(activation("tanh"), {.degree = -2}), nke::DomainError);
}
