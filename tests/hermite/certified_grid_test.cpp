// SPDX-License-Identifier: Apache-2.0
// By night: a large grid of certified values, each met by a second method that shares no formula with the first.
// Not in the default suite: cmake --build … --target test_certified_grid, then run it.
#include <nke/exact/dual/exact_value.hpp>
#include <nke/hermite/certified_coefficients.hpp>
#include <nke/hermite/certified_dual.hpp>

#include "second_opinion.hpp"
#include "support.hpp"

namespace nke {
namespace {

TEST_CASE("certified duals meet the derived closed forms on the whole grid [law]") {
  int points = 0;
  for (const char* text : {"relu", "elu", "erf", "gelu", "hardtanh", "hardswish", "leaky_relu", "softshrink", "snake",
                           "gaussian", "sin", "relu2"}) {
    const Activation sigma = activation(text);
    const CertifiedDual certified(sigma, 12);
    for (const auto& [a, b] : {std::pair{"1", "1"}, {"1/10", "1/10"}, {"4", "4"}, {"2", "1/2"}, {"1/100", "3"}}) {
      const Rational va = Rational::parse(a);
      const Rational vb = Rational::parse(b);
      for (const char* rho : {"0.999999999999",
                              "0.999999",
                              "0.999",
                              "0.99",
                              "0.95",
                              "0.9",
                              "0.8",
                              "0.6",
                              "0.5",
                              "0.3",
                              "0.1",
                              "0.01",
                              "0",
                              "-0.2",
                              "-0.5",
                              "-0.7",
                              "-0.9",
                              "-0.99",
                              "-0.9999",
                              "-0.999999999",
                              "0.75",
                              "0.97",
                              "-0.3",
                              "-0.6",
                              "-0.8",
                              "-0.95",
                              "0.25",
                              "0.4",
                              "0.7",
                              "0.85",
                              "0.45",
                              "-0.45",
                              "-0.1",
                              "-0.01",
                              "0.9999"}) {
        // c = ρ √(ab), rounded towards 0 to a fraction.
        const double geometric = std::sqrt((va * vb).to_double()) * (1 - 0x1p-50);
        const Rational c = Rational::parse(rho) * Rational::from_double_exactly(geometric);
        CAPTURE(text);
        CAPTURE(a);
        CAPTURE(b);
        CAPTURE(rho);
        const CertifiedValue value = certified(va, vb, c);
        const ExactValue exact = exact_dual(sigma, va, vb, c, {.digits = 25});
        CAPTURE(value.method);
        CAPTURE(value.value.to_string(20));
        CAPTURE(exact.value.to_string(20));
        CHECK(value.value.overlaps(exact.value));
        ++points;
      }
    }
  }
  CHECK(points >= 2000);
  MESSAGE(points, " values of K");
}

TEST_CASE("certified coefficients meet Arb's adaptive integration on the whole grid [law]") {
  for (const char* text : {"tanh", "sigmoid", "silu", "softplus", "mish", "erf", "gelu", "gelu_tanh", "softsign",
                           "atan", "elu", "relu", "hardswish", "x*tanh(exp(x))", "max(x, x^2/4) - cos(x)"}) {
    for (const char* variance : {"1/100", "1", "9"}) {
      const Activation sigma = activation(text);
      const Rational a = Rational::parse(variance);
      const CertifiedCoefficients found = certified_coefficients(sigma, a, {.degree = 30, .digits = 25});
      for (int n = 0; n <= 30; n += 3) {
        CAPTURE(text);
        CAPTURE(variance);
        CAPTURE(n);
        const Ball other = test::integrated_coefficient(sigma, a, n, 20);
        CHECK(found.values[static_cast<std::size_t>(n)].overlaps(other));
        CHECK(other.radius() < 1e-15);
      }
    }
  }
}

}  // namespace
}  // namespace nke
