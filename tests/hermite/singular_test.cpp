// SPDX-License-Identifier: Apache-2.0
// Certified numbers of activations that are singular at 0 but continuous, against closed forms typed here.
#include <cmath>
#include <string>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_coefficients.hpp>
#include <nke/hermite/certified_dual.hpp>

#include "support.hpp"

namespace nke {
namespace {

const Precision precision = Precision::bits(300);

Ball exact(const Rational& q) {
  return {q, precision};
}

// E |z|^{1/2} = 2^{1/4} Γ(3/4)/√π.
Ball half_moment() {
  const Ball gamma(Rational::parse("1.2254167024651776451290983033628905268512392481080706"), precision);
  return widen(sqrt(sqrt(exact(2))) * gamma / sqrt(pi<Ball>(precision)), exact(Rational::parse("1e-50")));
}

void check(const Ball& found, const Ball& truth, int digits) {
  CAPTURE(found.to_string(40));
  CAPTURE(truth.to_string(40));
  CHECK(found.overlaps(truth));
  CHECK(found.radius() <= std::pow(10.0, -digits) * 4);
}

TEST_CASE("the coefficients of sqrt|x| are moments of the normal law [fact]") {
  for (const int digits : {12, 40}) {
    const auto h = certified_coefficients(activation("sqrt(abs(x))"), Rational(16), {.degree = 4, .digits = digits});
    const Ball moment = exact(2) * half_moment();  // a = 16
    check(h.values[0], moment, digits);
    check(h.values[1], exact(0), digits);
    check(h.values[2], moment / (exact(2) * sqrt(exact(2))), digits);
    check(h.values[4], -moment * exact(Rational(3, 4)) / sqrt(exact(24)), digits);
    check(h.norm, exact(4) * sqrt(exact(2) / pi<Ball>(precision)), digits);
  }
}

TEST_CASE("sinc is proven although its formula is 0/0 at 0 [fact]") {
  const Activation sinc = activation("sin(x)/x");
  const auto h = certified_coefficients(sinc, Rational(2), {.degree = 0, .digits = 30});
  // E sin(u)/u = ∫_0^1 e^{−at²/2} dt.
  check(h.values[0], sqrt(pi<Ball>(precision)) / exact(2) * erf(exact(1)), 30);
  CHECK_THROWS_AS(certified_coefficients(sinc, Rational(0), {.degree = 0, .digits = 30}), NotCertified);
}

TEST_CASE("K of sinc is proven next to rho = 1 too [fact]") {
  // E sin(u) sin(v)/(uv) = ∫∫ e^{−(s²+t²)/2} cosh(cst) over the unit square, by Simpson's rule.
  const double c = 0.999;
  const int count = 100;
  double truth = 0;
  const auto weight = [&](int i) { return (i == 0 || i == count ? 1.0 : i % 2 == 1 ? 4.0 : 2.0) / (3 * count); };
  for (int i = 0; i <= count; ++i) {
    for (int j = 0; j <= count; ++j) {
      const double s = static_cast<double>(i) / count;
      const double t = static_cast<double>(j) / count;
      truth += weight(i) * weight(j) * std::exp(-(s * s + t * t) / 2) * std::cosh(c * s * t);
    }
  }
  const CertifiedDual dual(activation("sinc"), 25);
  const Ball value = dual(1, 1, Rational(999, 1000)).value;
  CHECK(std::fabs(value.mid() - truth) < 1e-9);
  CHECK(value.radius() < 1e-25);
}

TEST_CASE("K of a vertical tangent is a series; where that is too slow it is refused [fault]") {
  const CertifiedDual dual(activation("sqrt(abs(x))"), 15);
  const Ball far = dual(1, 1, Rational(1, 2)).value;
  // E |z|^{1/2}² at ρ = 0, E |z| at ρ = 1: K lies between.
  CHECK(certainly_greater(far, half_moment() * half_moment()));
  CHECK(certainly_less(far, dual(1, 1, 1).value));
  CHECK_THROWS_WITH_AS(dual(1, 1, Rational(9999, 10000)), doctest::Contains("series alone"), NotCertified);
  // Balls ask for derivatives, which are not square-integrable.
  CHECK_THROWS_AS(dual.over(Ball::from_interval(1, Rational(101, 100), precision), exact(1), exact(Rational(1, 2))),
                  NotCertified);
}

TEST_CASE("worse singularities, and those elsewhere, are refused by name [fault]") {
  const auto ask = [](const std::string& text) {
    return certified_coefficients(activation(text), Rational(1), {.degree = 2, .digits = 10});
  };
  CHECK_THROWS_WITH_AS(ask("sqrt(abs(x - 1))"), doctest::Contains("except at 0"), NotCertified);
  CHECK_THROWS_AS(ask("sqrt(abs(x)) + step(x)"), NotCertified);
  CHECK_THROWS_AS(ask("1/x"), Error);
}

}  // namespace
}  // namespace nke
