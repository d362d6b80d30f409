// SPDX-License-Identifier: Apache-2.0
// By night: a large grid of certified values, each met by a second method that shares no formula with the first.
// Not in the default suite: cmake --build … --target test_certified_grid, then run it.
#include <cmath>

#include <nke/exact/dual/exact_value.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_coefficients.hpp>
#include <nke/hermite/certified_dual.hpp>
#include <nke/hermite/certified_plane.hpp>
#include <nke/hermite/nested_quadrature.hpp>

#include "second_opinion.hpp"
#include "support.hpp"

namespace nke {
namespace {

// The correlation ρ at these variances, rounded towards 0 to a fraction.
Rational covariance(const Rational& a, const Rational& b, const char* rho) {
  return Rational::parse(rho) * Rational::from_double_exactly(std::sqrt((a * b).to_double()) * (1 - 0x1p-50));
}

TEST_CASE("certified duals meet the derived closed forms on the whole grid [law]") {
  int points = 0;
  for (const char* text : {"relu", "elu", "erf", "gelu", "hardtanh", "hardswish", "leaky_relu", "softshrink", "snake",
                           "gaussian", "sin", "relu2"}) {
    const Activation sigma = activation(text);
    const CertifiedDual certified(sigma, 12);
    for (const auto& variances : {std::pair{"1", "1"}, {"1/10", "1/10"}, {"4", "4"}, {"2", "1/2"}, {"1/100", "3"}}) {
      const char* const a = variances.first;
      const char* const b = variances.second;
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
        const Rational c = covariance(va, vb, rho);
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

TEST_CASE("very small and very large variances meet the derived closed forms too [law]") {
  int points = 0;
  int refused = 0;  // honestly: spikes of width 1/100 that cross at a small angle
  for (const char* text :
       {"relu", "elu", "erf", "gelu", "hardtanh", "hardswish", "leaky_relu", "softshrink", "gaussian", "relu2"}) {
    const Activation sigma = activation(text);
    const CertifiedDual certified(sigma, 10);
    for (const auto& variances : {std::pair{"1/10000", "1/10000"}, {"10000", "10000"}, {"1/10000", "10000"}}) {
      const char* const a = variances.first;
      const char* const b = variances.second;
      for (const char* rho :
           {"0.999999999999", "0.9999", "0.9", "0.5", "0", "-0.3", "-0.8", "-0.999", "-0.999999999"}) {
        CAPTURE(text);
        CAPTURE(a);
        CAPTURE(b);
        CAPTURE(rho);
        const Rational va = Rational::parse(a);
        const Rational vb = Rational::parse(b);
        const Rational c = covariance(va, vb, rho);
        CertifiedValue value;
        try {
          value = certified(va, vb, c);
        } catch (const NotCertified&) {
          ++refused;
          continue;
        }
        const ExactValue exact = exact_dual(sigma, va, vb, c, {.digits = 25});
        CAPTURE(value.method);
        CAPTURE(value.value.to_string(20));
        CAPTURE(exact.value.to_string(20));
        CHECK(value.value.overlaps(exact.value));
        ++points;
      }
    }
  }
  CHECK(refused <= 2);
  MESSAGE(points, " values of K");
}

TEST_CASE("without a closed form series, plane and nested integrals are one number [law]") {
  int points = 0;
  for (const char* text : {"tanh", "silu", "mish", "softplus", "atan", "softsign", "gelu_tanh", "x*tanh(exp(x))",
                           "max(x, x^2/4) - cos(x)"}) {
    const Activation sigma = activation(text);
    const CertifiedDual certified(sigma, 16);
    const CertifiedPieces pieces = certified_pieces(sigma, {}, 300);
    const NestedQuadrature nested(sigma, 9);
    for (const auto& variances : {std::pair{"1/10000", "1/10000"}, {"1", "1"}, {"9", "4"}, {"1/100", "2"}}) {
      const char* const a = variances.first;
      const char* const b = variances.second;
      const Rational va = Rational::parse(a);
      const Rational vb = Rational::parse(b);
      for (const char* rho : {"0.999999999", "0.99", "0.9", "0.5", "0.1", "-0.3", "-0.6", "-0.95", "-0.99999"}) {
        CAPTURE(text);
        CAPTURE(a);
        CAPTURE(b);
        CAPTURE(rho);
        const Rational c = covariance(va, vb, rho);
        const CertifiedValue value = certified(va, vb, c);
        CAPTURE(value.method);
        CAPTURE(value.value.to_string(20));
        if (value.method.find("series") == 0) {
          const double size = certified.norm(Ball(va, Precision::bits(200))).mid() *
                              certified.norm(Ball(vb, Precision::bits(200))).mid();
          const PlaneValue plane =
              certified_plane(pieces, {.a = va, .b = vb, .c = c, .digits = 12, .log_scale = std::log(size) / 2});
          CHECK(value.value.overlaps(plane.value));
        }
        const Estimate estimate = nested(Covariance(va, vb, c));
        const double scale =
            std::sqrt(nested.second_moment(va.to_double()).value * nested.second_moment(vb.to_double()).value);
        CHECK(std::fabs(value.value.mid() - estimate.value) <= 10 * estimate.error_estimate + 4e-15 * scale);
        ++points;
      }
    }
  }
  MESSAGE(points, " values of K");
}

TEST_CASE("tables next to |rho| = 1 meet the derived closed forms on a fine grid of angles [law]") {
  int points = 0;
  for (const char* text : {"relu", "elu", "hardswish", "leaky_relu"}) {
    const Activation sigma = activation(text);
    const CertifiedDual certified(sigma, 14);
    for (const char* variance : {"1/100", "1", "5"}) {
      const Rational a = Rational::parse(variance);
      for (const int sign : {1, -1}) {
        const double reach = certified.prepare(a, a, sign);
        for (int i = 0; i < 30 && reach > 0; ++i) {
          const double theta = reach * std::pow(0.7, i);
          const Rational c = a * Rational::from_double_exactly(std::cos(theta) * (1 - 0x1p-52)) * Rational(sign);
          CAPTURE(text);
          CAPTURE(variance);
          CAPTURE(theta * sign);
          CHECK(certified(a, a, c).value.overlaps(exact_dual(sigma, a, a, c, {.digits = 25}).value));
          ++points;
        }
      }
    }
  }
  CHECK(points >= 400);
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
