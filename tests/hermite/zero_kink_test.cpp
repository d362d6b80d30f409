// SPDX-License-Identifier: Apache-2.0
// Kinks at 0 outside the class with closed forms, at correlations where their series are too long: against the nested integral,
// which shares nothing with the sum of a closed form and a series but σ.
#include <cmath>
#include <random>

#include <nke/hermite/dual.hpp>
#include <nke/hermite/nested_quadrature.hpp>
#include <nke/hermite/zero_kink_dual.hpp>

#include "support.hpp"

namespace nke {
namespace {

constexpr double largest = 4;

TEST_CASE("a kink at 0 summed apart leaves the nested integral, within the error that is said [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  std::uniform_real_distribution<double> log_variance(std::log(largest / 200), std::log(largest));
  std::uniform_real_distribution<double> log_angle(std::log(0.02), std::log(0.5));
  // A jump of σ, σ', σ″ and σ‴ at 0; even, odd and neither.
  for (const std::string text : {"sigmoid(x)*step(x)", "log(1+abs(x))", "x/(1+abs(x))", "max(x/3, tanh(x)/3)"}) {
    CAPTURE(text);
    const Activation sigma = activation(text);
    const auto apart = ZeroKinkDual::make(sigma, largest);
    REQUIRE(apart != nullptr);
    const NestedQuadrature nested(sigma, largest);
    int found = 0;
    const int cases = nke::test::iterations(12);
    for (int i = 0; i < cases; ++i) {
      const double a = std::exp(log_variance(random)), b = std::exp(log_variance(random));
      const double angle = std::exp(log_angle(random)), side = i % 3 == 0 ? -1 : 1;
      const Covariance at(a, b, side * std::cos(angle) * std::sqrt(a * b));
      CAPTURE(a);
      CAPTURE(b);
      CAPTURE(at.rho);
      const auto sum = (*apart)(at);
      if (!sum) continue;
      ++found;
      const double scale = std::sqrt(nested.second_moment(a).value * nested.second_moment(b).value);
      CHECK(sum->error_estimate <= zero_kink_error * scale);
      const Estimate integral = nested(at);
      CHECK(std::abs(sum->value - integral.value) <= sum->error_estimate + integral.error_estimate);
      CHECK(std::abs(sum->value - integral.value) <= 4e-14 * scale);
    }
    CHECK(found >= cases * 3 / 4);
  }
}

TEST_CASE("other breakpoints, and none, are left to other methods [fact]") {
  for (const char* text : {"tanh(x)", "sigmoid(x)*step(x-1)", "tanh(abs(x))*step(x+2)", "tanh(sqrt(abs(x)))"}) {
    CAPTURE(text);
    CHECK(ZeroKinkDual::make(activation(text), largest) == nullptr);
  }
}

TEST_CASE("rows at high correlations agree with the nested integral, K and its derivative dual [law]") {
  const Activation sigma = activation("log(1+abs(x))");
  const FastDual dual(sigma, {.min_variance = 0.5, .max_variance = 2});
  const NestedQuadrature value(sigma, 2), slope(sigma.derivative(), 2);
  const double a = 0.9;
  const std::vector<double> b = {0.9, 1.2, 1.9, 0.6, 1.1}, rho = {0.999, 0.96, -0.98, 0.9999, 0.3};
  std::vector<double> c, k(b.size()), kdot(b.size());
  for (std::size_t j = 0; j < b.size(); ++j) c.push_back(rho[j] * std::sqrt(a * b[j]));
  dual(a, b, c, k, kdot);
  for (std::size_t j = 0; j < b.size(); ++j) {
    CAPTURE(j);
    const Covariance at(a, b[j], c[j]);
    CHECK(k[j] == doctest::Approx(value(at).value).epsilon(1e-13));
    CHECK(kdot[j] == doctest::Approx(slope(at).value).epsilon(1e-13));
  }
}

}  // namespace
}  // namespace nke
