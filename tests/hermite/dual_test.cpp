// SPDX-License-Identifier: Apache-2.0
// The dual that kernels call, whatever it comes from, against the nested integral and formulas from the literature.
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include <nke/exact/real/error.hpp>
#include <nke/hermite/dual.hpp>
#include <nke/hermite/nested_quadrature.hpp>

#include "support.hpp"

using nke::Covariance;
using nke::FastDual;
using nke::FastDualOptions;

namespace {

constexpr double pi = std::numbers::pi;

// One row of covariances: variances around 1, correlations of all kinds, the last one exactly 1.
template <class T>
struct Row {
  T a;
  std::vector<T> b, c, d, K, Kdot;

  Row(std::size_t n, double low, double high) : a(static_cast<T>(std::sqrt(low * high))), K(n), Kdot(n) {
    std::mt19937_64 random(nke::test::seed());
    std::uniform_real_distribution<double> log_variance(std::log(low), std::log(high)), side(-1, 1), digits(-13, 0);
    for (std::size_t j = 0; j < n; ++j) {
      const double variance = std::exp(log_variance(random));
      double distance = j % 3 == 0 ? std::pow(10, digits(random)) : 1 - std::abs(side(random));
      if (j + 1 == n) distance = 0;
      const double sense = side(random) < 0 && distance > 0 ? -1 : 1;
      const double bj = distance == 0 ? static_cast<double>(a) : variance;
      const double root = std::sqrt(static_cast<double>(a) * bj);
      b.push_back(static_cast<T>(bj));
      c.push_back(static_cast<T>(distance == 0 ? bj : sense * (1 - distance) * root));
      d.push_back(static_cast<T>(root * root * distance * (2 - distance)));
    }
  }
  void run(const FastDual& dual) { dual(a, b, c, K, Kdot); }
};

double relative_difference(double x, double y, double scale) {
  return std::abs(x - y) / scale;
}

template <class T>
void check_against_integrals(const char* text, const FastDualOptions& options, double tolerance, std::size_t n) {
  CAPTURE(std::string(text));
  const nke::Activation sigma = nke::activation(text), slope = sigma.derivative();
  const FastDual dual(sigma, options);
  Row<T> row(n, options.min_variance, options.max_variance);
  row.run(dual);
  const nke::NestedQuadrature value(sigma, options.max_variance * 1.001),
      derivative(slope, options.max_variance * 1.001);
  const auto a = static_cast<double>(row.a);
  for (std::size_t j = 0; j < n; ++j) {
    const auto b = static_cast<double>(row.b[j]), c = static_cast<double>(row.c[j]);
    const double most = std::sqrt(a) * std::sqrt(b);
    const Covariance at(a, b, std::clamp(c, -most, most));
    CAPTURE(b);
    CAPTURE(at.rho);
    const double scale = std::sqrt(value.second_moment(a).value * value.second_moment(b).value);
    const double slope_scale = std::sqrt(derivative.second_moment(a).value * derivative.second_moment(b).value);
    const nke::Estimate k = value(at), kdot = derivative(at);
    CHECK(relative_difference(static_cast<double>(row.K[j]), k.value, scale) <= tolerance + k.error_estimate / scale);
    CHECK(relative_difference(static_cast<double>(row.Kdot[j]), kdot.value, slope_scale) <=
          tolerance + kdot.error_estimate / slope_scale);
  }
}

}  // namespace

TEST_CASE("K and K' agree with nested integrals, whatever they come from [law]") {
  CAPTURE(nke::test::seed());
  const FastDualOptions usual{.min_variance = 0.25, .max_variance = 4};
  for (const char* text : {"relu", "gelu", "erf", "sin", "elu", "hardtanh", "tanh", "silu", "mish", "tanh(x + 1/2)",
                           "max(tanh(x), 0)", "step(x)*tanh(x + 1)"}) {
    check_against_integrals<double>(text, usual, 1e-14, 9);
  }
  for (const char* text : {"relu", "gelu", "sin", "tanh", "silu"}) {
    check_against_integrals<float>(text, usual, 1e-6, 7);
  }
}

TEST_CASE("a wide range of variances is no obstacle [law]") {
  for (const char* text : {"tanh", "elu", "hardtanh", "snake", "triangle"}) {
    check_against_integrals<double>(text, {.min_variance = 1e-4, .max_variance = 1e4}, 1e-14, 8);
  }
}

TEST_CASE("relu's row is the arc-cosine kernel, with d given as well as computed [fact]") {
  const FastDual dual(nke::activation("relu"));
  Row<double> row(100, 1e-9, 1e9);
  std::vector<double> k(100), kdot(100);
  dual(row.a, row.b, row.c, row.d, k, kdot);
  row.run(dual);
  for (std::size_t j = 0; j < 100; ++j) {
    const double root = std::sqrt(row.a) * std::sqrt(row.b[j]);
    const double theta = std::atan2(std::sqrt(row.d[j]), -row.c[j]);
    CHECK(k[j] == doctest::Approx((std::sqrt(row.d[j]) + row.c[j] * theta) / (2 * pi)).epsilon(1e-13));
    CHECK(std::abs(kdot[j] - theta / (2 * pi)) <= 1e-15);
    CHECK(std::abs(row.K[j] - k[j]) <= 1e-14 * root);
  }
  CHECK(dual.method() == "closed form");
  CHECK(FastDual(nke::activation("tanh"), {.min_variance = 1, .max_variance = 1}).method() == "Mehler series");
}

TEST_CASE("variance 0 gives products of means [fact]") {
  for (const char* text : {"step", "relu", "gelu", "tanh", "max(x + 1, 0)", "exp(-x^2)"}) {
    CAPTURE(std::string(text));
    const nke::Activation sigma = nke::activation(text), slope = sigma.derivative();
    const FastDual dual(sigma, {.min_variance = 0.5, .max_variance = 2});
    const std::vector<double> b{0, 1, 0}, c{0, 0.3, 0};
    std::vector<double> k(3), kdot(3);
    dual(1.0, b, c, k, kdot);
    CHECK(k[0] == doctest::Approx(nke::dual_activation(sigma, Covariance(1.0, 0.0, 0.0)).value).epsilon(1e-14));
    CHECK(kdot[0] == doctest::Approx(nke::dual_activation(slope, Covariance(1.0, 0.0, 0.0)).value).epsilon(1e-14));
    CHECK(k[1] == doctest::Approx(nke::dual_activation(sigma, Covariance(1.0, 1.0, 0.3)).value).epsilon(1e-14));
    CHECK(k[2] == k[0]);
    dual(0.0, b, std::vector<double>(3, 0.0), k, kdot);
    CHECK(k[0] == doctest::Approx(nke::dual_activation(sigma, Covariance(0.0, 0.0, 0.0)).value).epsilon(1e-14));
    CHECK(k[1] == doctest::Approx(nke::dual_activation(sigma, Covariance(0.0, 1.0, 0.0)).value).epsilon(1e-14));
  }
}

TEST_CASE("results may be written over the arguments, and one of them may be left out [law]") {
  for (const char* text : {"gelu", "elu", "tanh", "step(x)*tanh(x + 1)"}) {
    CAPTURE(std::string(text));
    const FastDual dual(nke::activation(text), {.min_variance = 0.25, .max_variance = 4});
    Row<double> row(70, 0.3, 3.5);
    row.run(dual);
    std::vector<double> alone(70), over = row.c, derivative(70);
    dual(row.a, row.b, row.c, alone, {});
    dual(row.a, row.b, over, over, derivative);
    for (std::size_t j = 0; j < 70; ++j) {
      CHECK(std::abs(alone[j] - row.K[j]) <= 4e-15 * std::abs(row.K[j]) + 1e-15);
      CHECK(over[j] == row.K[j]);
      CHECK(derivative[j] == row.Kdot[j]);
    }
  }
}

TEST_CASE("NaN gives NaN, spans must fit, variances must not be negative [fault]") {
  const double nan_value = std::numeric_limits<double>::quiet_NaN();
  for (const char* text : {"gelu", "elu", "tanh"}) {
    const FastDual dual(nke::activation(text), {.min_variance = 0.25, .max_variance = 4});
    const std::vector<double> b{1, nan_value, 1}, c{0.5, 0.5, nan_value};
    std::vector<double> k(3), kdot(3);
    dual(1.0, b, c, k, kdot);
    CHECK(std::isfinite(k[0]));
    CHECK(std::isnan(k[1]));
    CHECK(std::isnan(k[2]));
    CHECK(std::isnan(kdot[2]));
    CHECK_THROWS_AS(dual(1.0, b, std::vector<double>(2), k, kdot), nke::ShapeError);
    CHECK_THROWS_AS(dual(-1.0, b, c, k, kdot), nke::DomainError);
  }
  const FastDual growing(nke::activation("exp(x^2/4)"), {.min_variance = 0.1, .max_variance = 0.5});
  std::vector<double> k(1);
  growing(0.5, std::vector<double>{0.5}, std::vector<double>{0.1}, k, {});
  CHECK(std::isfinite(k[0]));
  CHECK_THROWS_AS(growing(4.0, std::vector<double>{4}, std::vector<double>{1}, k, {}), nke::DomainError);
}

TEST_CASE("where a bounded activation's closed form cancels, a given d still counts to its last digit [fact]") {
  // sign: K = 2 arcsin(ρ)/π, 1 − K = 2 asin(√(1 − ρ²))/π, which c alone knows to 8 digits next to ρ = 1.
  const FastDual jump(nke::activation("min(max(1000*x, -1), 1)"), {.min_variance = 1, .max_variance = 4});
  const FastDual sign(nke::activation("sign(x)"), {.min_variance = 1, .max_variance = 4});
  const std::vector<double> b{3e7};
  for (const double one_minus : {1e-20, 1e-12, 1e-4}) {
    CAPTURE(one_minus);
    const std::vector<double> c{3e7 * std::sqrt(1 - one_minus)}, d{9e14 * one_minus};
    std::vector<double> k(1), want(1);
    jump(3e7, b, c, d, k, {});
    sign(3e7, b, c, d, want, {});
    CHECK(std::abs(want[0] - (1 - 2 * std::asin(std::sqrt(one_minus)) / std::acos(-1.0))) <= 1e-15);
    CHECK(std::abs(k[0] - want[0]) <= 1e-6);  // the slope between the jumps is seen at variance 3e7: 1/(1000 √3e7)
  }
}
