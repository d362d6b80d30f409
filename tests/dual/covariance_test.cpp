// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <random>

#include <nke/exact/dual/covariance.hpp>
#include <nke/exact/real/error.hpp>

#include "support.hpp"

using nke::Covariance;
using nke::Rational;

namespace {
constexpr double epsilon = std::numeric_limits<double>::epsilon();
}

TEST_CASE("the sine keeps its digits where 1 - rho^2 in doubles has none [fact]") {
  // 1 − (1 − 2^−52)² = 2^−51 − 2^−104, exactly.
  const double c = 1 - std::ldexp(1.0, -52);
  const Covariance at(1.0, 1.0, c);
  CHECK(at.sine == doctest::Approx(std::sqrt(std::ldexp(1.0, -51) - std::ldexp(1.0, -104))).epsilon(4 * epsilon));
}

TEST_CASE("doubles and the rationals they stand for give the same correlation and sine [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  std::uniform_real_distribution<double> exponent(-250, 250);
  std::uniform_real_distribution<double> digits(0, 17);
  for (int i = 0; i < nke::test::iterations(300); ++i) {
    const double a = std::exp2(exponent(random));
    const double b = std::exp2(exponent(random));
    const double c = std::sqrt(a) * std::sqrt(b) * (1 - std::pow(10, -digits(random))) * (i % 2 == 0 ? 1 : -1);
    const Rational qa = Rational::from_double_exactly(a);
    const Rational qb = Rational::from_double_exactly(b);
    const Rational qc = Rational::from_double_exactly(c);
    if (qc * qc > qa * qb) continue;  // rounded past the border
    const Covariance fast(a, b, c);
    const Covariance exact(qa, qb, qc);
    CAPTURE(a);
    CAPTURE(b);
    CAPTURE(c);
    CHECK(std::fabs(fast.rho - exact.rho) <= 4 * epsilon * std::fabs(exact.rho));
    CHECK(std::fabs(fast.sine - exact.sine) <= 4 * epsilon * exact.sine);
  }
}

TEST_CASE("a covariance past the Cauchy-Schwarz bound is refused, rounding apart [fault]") {
  CHECK_THROWS_WITH_AS(Covariance(1.0, 1.0, 1.5), "a covariance needs c^2 <= a*b, but a = 1, b = 1, c = 1.5",
                       nke::DomainError);
  CHECK_THROWS_AS(Covariance(Rational(1), Rational(1), Rational::parse("1.00000000000000000000000001")),
                  nke::DomainError);
  CHECK(Covariance(1.0, 1.0, 1 + epsilon).rho == 1.0);
  CHECK(Covariance(1.0, 1.0, 1 + epsilon).sine == 0.0);
  CHECK_THROWS_AS(Covariance(0.0, 1.0, 1e-300), nke::DomainError);
  CHECK_THROWS_AS(Covariance(-1.0, 1.0, 0.0), nke::DomainError);
  CHECK_THROWS_AS(Covariance(std::nan(""), 1.0, 0.0), nke::DomainError);
  CHECK_THROWS_AS(Covariance(1.0, 1.0, std::numeric_limits<double>::infinity()), nke::DomainError);
}

TEST_CASE("the smallest and the largest doubles are variances too [fact]") {
  const double tiny = std::numeric_limits<double>::denorm_min();
  const double huge = std::numeric_limits<double>::max();
  CHECK(Covariance(tiny, tiny, tiny).rho == 1.0);
  CHECK(Covariance(huge, huge, -huge).rho == -1.0);
  CHECK(Covariance(huge, 1.0, 0.0).sine == 1.0);
  CHECK(Covariance(0.0, 0.0, 0.0).sine == 1.0);
}

TEST_CASE("an angle says what a covariance near one cannot [fact]") {
  const Covariance at = Covariance::from_angle(4, 9, 1e-12);
  CHECK(at.sine == doctest::Approx(1e-12).epsilon(4 * epsilon));
  CHECK(at.c == doctest::Approx(6.0));
  CHECK_THROWS_AS(Covariance::from_angle(1, 1, -0.1), nke::DomainError);
}
