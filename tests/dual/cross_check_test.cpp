// SPDX-License-Identifier: Apache-2.0
// The dual as one certified integral, held to formulas typed by hand and to values found by other means.
#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <nke/exact/dual/cross_check.hpp>
#include <nke/exact/real/error.hpp>

#include "hand_formulas.hpp"
#include "support.hpp"

namespace nke {
namespace {

Rational q(const std::string& text) {
  return Rational::parse(text);
}

Ball power_of_ten(int exponent) {
  return Ball(pow(Rational(10), exponent), Precision::bits(64));
}

// A decimal that was printed with all its digits right but the last.
Ball printed(const std::string& text) {
  const Rational value = q(text);
  const std::size_t point = text.find('.');
  const auto places = static_cast<long>(text.size() - point - 1);
  return widen(Ball(value, Precision::digits(80)), Ball(pow(Rational(10), -places), Precision::bits(64)));
}

NormalForm form(const std::string& name) {
  return normal_form(activation(name));
}

TEST_CASE("the integral reproduces values that three other methods agreed on [fact]") {
  struct Known {
    const char* activation;
    const char* a;
    const char* b;
    const char* c;
    const char* value;
  };
  // ELU and GELU at a = b = 1: trapezoids and Taylor series over balls. ELU at large variance: adaptive quadrature.
  const Known known[] = {
      {"elu", "1", "1", "0.5", "0.32478364895676243629296935542905208187771500515403"},
      {"elu", "1", "1", "0.999999", "0.64494474939100663091083294905887388525244836751454"},
      {"elu", "1", "1", "-0.9", "-0.47070351549192914547309587594594746843509887013669"},
      {"gelu", "1", "1", "0.5", "0.2272949150219915350180667609112514032295"},
      {"gelu", "1", "1", "0.999999", "0.425221026719570857805940449084213558925"},
      {"elu", "1e4", "1e4", "9999.99", "5000.48899676100694"},
  };
  for (const Known& row : known) {
    CAPTURE(row.activation);
    CAPTURE(row.c);
    const Ball value = dual_by_integral(form(row.activation), q(row.a), q(row.b), q(row.c), power_of_ten(-40));
    CHECK(value.overlaps(printed(row.value)));
    CHECK(value.radius() <= 1e-40);
  }
}

TEST_CASE("the integral agrees with formulas typed by hand, from tiny to huge variances and up to rho = +-1 [law]") {
  CAPTURE(test::seed());
  std::mt19937_64 random(test::seed());
  const std::array<std::string, 5> variances{"1e-12", "1/100", "1", "37", "1e12"};
  const std::array<std::string, 7> cosines{"0",
                                           "1/2",
                                           "-3/10",
                                           "0.999999",
                                           "-0.999999999999",
                                           "0.999999999999999999999999999999",
                                           "-0.999999999999999999999999999999"};
  for (int i = 0; i < test::iterations(24); ++i) {
    for (const test::HandFormula& hand : test::hand_formulas()) {
      // √(ab) is rational where a and b are squares times each other: b = a s².
      const Rational a = q(variances[random() % variances.size()]);
      const Rational s = std::array{Rational(1), Rational(2, 3), Rational(5)}[random() % 3];
      const Rational c = a * s * q(cosines[random() % cosines.size()]);
      const Rational b = a * s * s;
      CAPTURE(hand.activation);
      CAPTURE(a);
      CAPTURE(b);
      CAPTURE(c);
      const Ball expected = hand.value({a, b, c, Precision::bits(600)});
      const Ball tolerance = power_of_ten(-25) * abs(expected) + power_of_ten(-60);
      const Ball value = dual_by_integral(form(hand.activation), a, b, c, tolerance);
      CHECK(value.overlaps(expected));
      CHECK(certainly_less_equal(abs(value - expected), 2 * tolerance));
      if (!hand.derivative) continue;
      const Ball slope = hand.derivative({a, b, c, Precision::bits(600)});
      const Ball other = dual_by_integral(derivative(form(hand.activation)), a, b, c, power_of_ten(-25) * abs(slope));
      CHECK(other.overlaps(slope));
      CHECK(certainly_less_equal(abs(other - slope), power_of_ten(-24) * abs(slope)));
    }
  }
}

TEST_CASE("integrating over u and over v gives one number [law]") {
  for (const char* name : {"hardtanh", "softshrink", "elu", "laplace", "step(x - 1)*sin(x) + x^2*Phi(2*x)"}) {
    CAPTURE(name);
    const NormalForm sigma = form(name);
    const Ball over_u = dual_by_integral(sigma, q("1/3"), q("2"), q("0.7"), power_of_ten(-30), OuterVariable::narrow);
    const Ball over_v = dual_by_integral(sigma, q("1/3"), q("2"), q("0.7"), power_of_ten(-30), OuterVariable::wide);
    CHECK(over_u.overlaps(over_v));
    CHECK(over_u.radius() <= 1e-30);
    CHECK(over_v.radius() <= 1e-30);
  }
}

TEST_CASE("what is left out is in the radius: loose tolerances enclose what tight ones find [law]") {
  // Tails, shut gates and coarse quadrature are worth most of a loose tolerance, so that a forgotten one shows.
  for (const char* name : {"relu", "hardtanh", "gelu", "elu", "softshrink", "step(x - 1)*exp(x)"}) {
    const NormalForm sigma = form(name);
    for (const char* c : {"1/3", "-0.99", "0.9999999"}) {
      CAPTURE(name);
      CAPTURE(c);
      const Ball tight = dual_by_integral(sigma, q("1"), q("1.5"), q(c), power_of_ten(-25));
      for (int digits = 0; digits <= 12; digits += 2) {
        CAPTURE(digits);
        const Ball loose = dual_by_integral(sigma, q("1"), q("1.5"), q(c), power_of_ten(-digits));
        CHECK(loose.contains(tight));
        CHECK(loose.radius() <= std::pow(10, -digits) * 1.0001);
      }
    }
  }
}

TEST_CASE("a thousand bits are as good as a hundred [law]") {
  const test::HandFormula gelu = test::hand_formulas()[2];
  const Ball expected = gelu.value({q("1"), q("2"), q("-0.7"), Precision::bits(1200)});
  const Ball value = dual_by_integral(form("gelu"), q("1"), q("2"), q("-0.7"), power_of_ten(-200));
  CHECK(value.overlaps(expected));
  CHECK(certainly_less_equal(abs(value - expected), power_of_ten(-199)));
}

TEST_CASE("at rho = +-1 and at zero variance the integral is one-dimensional and right [fact]") {
  const Ball tolerance = power_of_ten(-30);
  // E relu(u)² = a/2, E relu(u) relu(−u) = 0, E step(u)² = 1/2, E|u|² = a.
  CHECK(dual_by_integral(form("relu"), q("3"), q("3"), q("3"), tolerance).contains(q("3/2")));
  CHECK(dual_by_integral(form("relu"), q("3"), q("3"), q("-3"), tolerance).contains(q("0")));
  CHECK(dual_by_integral(form("step"), q("1e12"), q("1e-12"), q("1"), tolerance).contains(q("1/2")));
  CHECK(dual_by_integral(form("abs"), q("4"), q("1"), q("-2"), tolerance).contains(q("2")));
  // u = 0: σ(0) E σ(v); a jump at 0 counts as the mean of its sides.
  CHECK(dual_by_integral(form("step"), q("0"), q("2"), q("0"), tolerance).contains(q("1/4")));
  CHECK(dual_by_integral(form("cos"), q("0"), q("0"), q("0"), tolerance).contains(q("1")));
  const Ball half_exp = dual_by_integral(form("cos"), q("0"), q("2"), q("0"), tolerance);
  CHECK(half_exp.overlaps(exp(Ball(q("-1"), Precision::digits(50)))));
  CHECK(half_exp.radius() <= 1e-30);
}

TEST_CASE("jumps add what differentiating the dual by c gives [law]") {
  // sign: K = (2/π) asin ρ, so ∂K/∂c = 2/(π √d). step(x − 1): the bivariate density at (1, 1).
  const Precision precision = Precision::digits(50);
  const Ball sign = distributional_dual_by_integral(form("sign"), q("1"), q("4"), q("1"), power_of_ten(-30));
  CHECK(sign.overlaps(2 / (pi<Ball>(precision) * sqrt(Ball(3) * Ball(q("1"), precision)))));
  CHECK(sign.radius() <= 1e-30);
  const Ball shifted =
      distributional_dual_by_integral(form("step(x - 1)"), q("1"), q("1"), q("3/5"), power_of_ten(-30));
  // density: exp(−(1 − 0.6)/(1 − 0.36)) / (2π · 0.8)
  CHECK(shifted.overlaps(exp(Ball(q("-5/8"), precision)) / (2 * pi<Ball>(precision) * Ball(q("4/5"), precision))));
  CHECK(shifted.radius() <= 1e-30);
  // A kink beside a jump: hardshrink, by differences of K that enclose the slope (K is convex in c here or not: so both
  // neighbours, and the mean value lies between them for a step this small).
  const Rational h = pow(Rational(10), -12);
  const NormalForm shrink = form("hardshrink");
  const Ball above = dual_by_integral(shrink, q("1"), q("1"), q("1/2") + h, power_of_ten(-40));
  const Ball below = dual_by_integral(shrink, q("1"), q("1"), q("1/2") - h, power_of_ten(-40));
  const Ball slope = (above - below) / Ball(2 * h, precision);
  const Ball direct = distributional_dual_by_integral(shrink, q("1"), q("1"), q("1/2"), power_of_ten(-30));
  CHECK(certainly_less(abs(slope - direct), power_of_ten(-20)));
}

TEST_CASE("where jumps meet, the distributional dual is infinite and the jump is named [fault]") {
  const auto attempt = [](const char* name, const char* a, const char* b, const char* c) {
    return distributional_dual_by_integral(form(name), q(a), q(b), q(c), power_of_ten(-20));
  };
  CHECK_THROWS_WITH_AS(attempt("sign", "1", "1", "1"), doctest::Contains("jump of height 2"), DomainError);
  CHECK_THROWS_AS(attempt("sign", "1", "0", "0"), DomainError);
  CHECK_THROWS_WITH_AS(attempt("step(x - 1)", "2", "2", "2"), doctest::Contains("x = 1"), DomainError);
  // Jumps at 1 only, and v = 2u: the two never jump together.
  CHECK(attempt("step(x - 1)", "1", "4", "2").overlaps(Ball(Rational(0), Precision::bits(64))));
}

TEST_CASE("what is not a covariance or not integrable is refused [fault]") {
  const Ball tolerance = power_of_ten(-20);
  CHECK_THROWS_AS(dual_by_integral(form("relu"), q("1"), q("1"), q("1.000000000000000000000001"), tolerance),
                  DomainError);
  CHECK_THROWS_AS(dual_by_integral(form("relu"), q("-1"), q("1"), q("0"), tolerance), DomainError);
  CHECK_THROWS_AS(dual_by_integral(form("exp(x^2/2)"), q("1"), q("1"), q("0"), tolerance), Error);
  CHECK_THROWS_AS(dual_by_integral(form("step(x)*exp(x^2/2)"), q("1"), q("1"), q("0"), tolerance), Error);
}

TEST_CASE("the mean square is a bound from below within a factor of two, also where terms cancel [law]") {
  const Precision precision = Precision::bits(64);
  const auto check = [&](const char* name, const char* a, const Ball& truth) {
    CAPTURE(name);
    const Ball bound = mean_square_by_integral(form(name), q(a));
    CHECK(certainly_less_equal(bound, truth));
    CHECK(certainly_greater(2 * bound, truth));
  };
  check("relu", "3", Ball(q("3/2"), precision));
  check("identity", "1e-12", Ball(q("1e-12"), precision) * Ball(q("1.0000000001"), precision));
  // E (e^x − 1)² = e^(2a) − 2 e^(a/2) + 1 = a + …: twelve digits cancel.
  check("exp(x) - 1", "1e-12", Ball(q("1.0000000000018"), precision) * Ball(q("1e-12"), precision));
  check("exp", "1000000", exp(Ball(q("2000000"), precision)) * Ball(q("1.000001"), precision));
  CHECK(mean_square_by_integral(form("sin"), q("0")).contains(Rational(0)));
}

}  // namespace
}  // namespace nke
