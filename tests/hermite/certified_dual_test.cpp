// SPDX-License-Identifier: Apache-2.0
// Certified duals against closed forms typed here, golden values of another program, and one method against another.
#include <cmath>
#include <random>
#include <string>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_coefficients.hpp>
#include <nke/hermite/certified_dual.hpp>
#include <nke/hermite/certified_plane.hpp>

#include "support.hpp"

namespace nke {
namespace {

const Precision precision = Precision::bits(400);

Ball ball(const char* text) {
  return {Rational::parse(text), precision};
}
Ball ball(const Rational& q) {
  return {q, precision};
}

// arccos(−c)/(2π)
Ball acos_of_minus(double c) {
  const Ball x = Ball::from_double_exactly(c, precision);
  return atan2(sqrt((1 - x) * (1 + x)), -x) / (2 * pi<Ball>(precision));
}

struct Entry {
  Rational a, b, c;
};

Entry entry(const char* a, const char* b, const char* c) {
  return {Rational::parse(a), Rational::parse(b), Rational::parse(c)};
}

std::vector<Entry> entries() {
  return {entry("1", "1", "1/2"),
          entry("1", "1", "0.99"),
          entry("1", "1", "0.999999999999"),
          entry("1", "1", "-0.95"),
          entry("1", "1", "-0.999999"),
          entry("2", "1/3", "0.81"),
          entry("1/100", "1/100", "0.0097"),
          entry("9", "4", "5.99"),
          entry("1", "1", "0"),
          entry("1", "1", "1"),
          entry("4", "1", "-2"),
          entry("0", "3", "0")};
}

void check(const std::string& text, const Ball& truth, const Entry& e, int digits) {
  CAPTURE(text);
  CAPTURE(e.a.to_string());
  CAPTURE(e.b.to_string());
  CAPTURE(e.c.to_string());
  const Activation sigma = activation(text);
  const CertifiedDual dual(sigma, digits);
  const CertifiedValue found = dual(e.a, e.b, e.c);
  CAPTURE(found.method);
  CAPTURE(found.value.to_string(40));
  CAPTURE(truth.to_string(40));
  REQUIRE(found.value.overlaps(truth));
  const double scale = std::sqrt(dual.norm(ball(e.a)).upper() * dual.norm(ball(e.b)).upper());
  REQUIRE(found.value.radius() <= std::pow(10.0, -digits) * (scale + 1e-300) * 1.0001);
}

TEST_CASE("certified duals of relu, step, erf and gelu hold their closed forms [fact]") {
  const Ball two_pi = 2 * pi<Ball>(precision);
  for (const Entry& e : entries()) {
    const Ball a = ball(e.a);
    const Ball b = ball(e.b);
    const Ball c = ball(e.c);
    const Ball root = sqrt(ball(e.a * e.b - e.c * e.c));
    const bool degenerate = e.a.is_zero() || e.b.is_zero();
    if (!degenerate) {
      const Ball angle = atan2(root, -c);
      check("relu", (root + c * angle) / two_pi, e, 25);
      if (e.c * e.c != e.a * e.b) check("step", angle / two_pi, e, 20);
    }
    const Ball r =
        sqrt(ball((Rational(1) + Rational(2) * e.a) * (Rational(1) + Rational(2) * e.b) - Rational(4) * e.c * e.c));
    check("erf", 4 / two_pi * atan2(2 * c, r), e, 25);
    const Ball s = sqrt(ball((Rational(1) + e.a) * (Rational(1) + e.b) - e.c * e.c));
    const Ball gelu = c * (ball("1/4") + atan2(c, s) / two_pi) +
                      (ball(e.a * e.b - e.c * e.c) + c * c * (1 / (1 + a) + 1 / (1 + b))) / (two_pi * s);
    check("gelu", gelu, e, 25);
  }
}

TEST_CASE("certified duals hold the values another program found [fact]") {
  // tanh: Mehler series, Taylor series and a rule over the plane agreed; elu: polar wedges.
  check("tanh", ball("0.1863244132034480861067828899724086624576"), entry("1", "1", "0.5"), 35);
  check("tanh", ball("0.3942940259950888278815727513917960545727"), entry("1", "1", "0.999999"), 35);
  check("elu", ball("0.32478364895676243629296935542905208187771500515403"), entry("1", "1", "0.5"), 30);
  check("elu", ball("0.64494474939100663091083294905887388525244836751454"), entry("1", "1", "0.999999"), 25);
  check("elu", ball("-0.47070351549192914547309587594594846743509887013669"), entry("1", "1", "-0.9"), 25);
}

TEST_CASE("the rule over the plane and the series are one number, with kinks anywhere [law]") {
  for (const char* text : {"hardswish", "max(x - 1/3, tanh(x))", "abs(x^2 - 2)", "softplus(2*x)", "hard_sigmoid",
                           "piecewise(x < -1: 0, x < 1/2: x + 2, sin(x))"}) {
    for (const Entry& e : {entry("1", "1", "0.6"), entry("2", "1/2", "-0.55"), entry("3", "5", "1.5")}) {
      CAPTURE(text);
      CAPTURE(e.c.to_string());
      const Activation sigma = activation(text);
      const CertifiedValue by_series = CertifiedDual(sigma, 16)(e.a, e.b, e.c);
      REQUIRE(by_series.method.find("series") == 0);
      const PlaneValue by_plane =
          certified_plane(certified_pieces(sigma, {}, 300), {.a = e.a, .b = e.b, .c = e.c, .digits = 12});
      CAPTURE(by_series.value.to_string(25));
      CAPTURE(by_plane.value.to_string(25));
      REQUIRE(by_plane.value.overlaps(by_series.value));
      REQUIRE(by_plane.value.radius() < 1e-11);
    }
  }
}

TEST_CASE("few digits overlap many, next to the ends as well [law]") {
  for (const char* text : {"hardswish", "max(x, -1/2*x + 1/10)", "mish"}) {
    for (const char* c : {"0.97", "0.9999", "0.99999999999", "-0.9999"}) {
      CAPTURE(text);
      CAPTURE(c);
      const Activation sigma = activation(text);
      const CertifiedValue few = CertifiedDual(sigma, 8)(1, 1, Rational::parse(c));
      const CertifiedValue many = CertifiedDual(sigma, 22)(1, 1, Rational::parse(c));
      CHECK(few.value.overlaps(many.value));
      CHECK(many.value.radius() < 1e-21);
    }
  }
}

TEST_CASE("the table next to |rho| = 1 holds what the rule over the plane finds, kinks anywhere, both ends [law]") {
  struct Case {
    const char *text, *a, *b;
  };
  for (const Case& place :
       {Case{"relu", "1", "1"}, {"hardswish", "2", "2"}, {"elu", "3", "1/2"}, {"max(x, -1/2*x + 1/10)", "1", "1"}}) {
    for (const int sign : {1, -1}) {
      CAPTURE(place.text);
      CAPTURE(sign);
      const Activation sigma = activation(place.text);
      const Rational va = Rational::parse(place.a);
      const Rational vb = Rational::parse(place.b);
      const CertifiedDual dual(sigma, 6);
      const double reach = dual.prepare(va, vb, sign);
      if (reach == 0) {
        CHECK(sign < 0);  // a breakpoint at 1/5 and its mirror image come too close
        continue;
      }
      for (const double part : {0.0001, 0.6}) {
        const double theta = part * reach;
        const Rational root = Rational::from_double_exactly(std::sqrt((va * vb).to_double()) * (1 - 0x1p-52));
        const Rational c = root * Rational::from_double_exactly(std::cos(theta) * (1 - 0x1p-52)) * Rational(sign);
        const CertifiedValue found = dual(va, vb, c);
        CAPTURE(theta);
        if (part < 0.1) REQUIRE(found.method.find("table") == 0);
        const PlaneValue truth =
            certified_plane(certified_pieces(sigma, {}, 300), {.a = va, .b = vb, .c = c, .digits = 8});
        CHECK(found.value.overlaps(truth.value));
        CHECK(found.value.radius() <=
              1.0001e-6 * std::sqrt(dual.norm(ball(place.a)).upper() * dual.norm(ball(place.b)).upper()));
      }
    }
  }
}

TEST_CASE("tables are made for kinks only, when asked for or after many integrals [law]") {
  CHECK(CertifiedDual(activation("tanh"), 8).prepare(1, 1, 1) == 0);
  CHECK_THROWS_AS(CertifiedDual(activation("relu"), 8).prepare(0, 1, 1), DomainError);
  const CertifiedDual dual(activation("relu"), 8);
  std::string last;
  for (int i = 1; i <= 10; ++i) {
    const Rational c = Rational(1) - Rational(1, 1000 * i);
    const CertifiedValue found = dual(1, 1, c);
    last = found.method;
    const Ball root = sqrt(ball(Rational(1) - c * c));
    CHECK(found.value.overlaps((root + ball(c) * atan2(root, -ball(c))) / (2 * pi<Ball>(precision))));
    if (i < 8) CHECK(last.find("plane") == 0);
  }
  CHECK(last.find("table") == 0);
  // Not that near, a long series follows.
  CHECK(dual(1, 1, Rational::parse("0.97")).method.find("plane") == std::string::npos);
}

TEST_CASE("K is continuous at |rho| = 1: the value there is the limit [law]") {
  for (const char* text : {"hardswish", "silu", "elu"}) {
    CAPTURE(text);
    const CertifiedDual dual(activation(text), 18);
    for (const char* sign : {"", "-"}) {
      const Ball end = dual(4, 4, Rational::parse(std::string(sign) + "4")).value;
      const Ball near = dual(4, 4, Rational::parse(std::string(sign) + "3.9999999999999999")).value;
      CHECK(abs(end - near).upper() < 1e-14);
      CHECK(abs(end - near).lower() > 0);
    }
  }
}

TEST_CASE("a ball of arguments gives a ball that holds K of each of them [law]") {
  CAPTURE(test::seed());
  std::mt19937_64 random(test::seed());
  std::uniform_real_distribution<double> uniform(-1, 1);
  for (const char* text : {"tanh", "hardswish", "gelu"}) {
    CAPTURE(text);
    const CertifiedDual dual(activation(text), 14);
    const auto around = [](const char* center, double radius) {
      return widen(Ball(Rational::parse(center), Precision::bits(120)), Ball::from_double_exactly(radius));
    };
    const Ball wide = dual.over(around("1.5", 1e-6), around("1", 1e-6), around("0.7", 1e-6)).value;
    CHECK(wide.radius() < 2e-5);
    for (int i = 0; i < test::iterations(5); ++i) {
      const auto shifted = [&](double center) {
        return Rational::from_double_exactly(center + 0.99e-6 * uniform(random));
      };
      const Ball value = dual(shifted(1.5), shifted(1.0), shifted(0.7)).value;
      CHECK(wide.overlaps(value));
      CHECK(wide.contains(value.center()));
    }
  }
}

TEST_CASE("where sigma jumps, a ball of arguments still gives a ball that holds K of each of them [law]") {
  CAPTURE(test::seed());
  std::mt19937_64 random(test::seed());
  std::uniform_real_distribution<double> uniform(-1, 1);
  const auto around = [](double center, double radius) {
    return widen(Ball::from_double_exactly(center, Precision::bits(120)), Ball::from_double_exactly(radius));
  };
  for (const char* text : {"step", "piecewise(x < -1: 0, x < 1/2: x + 2, sin(x))", "hardtanh"}) {
    CAPTURE(text);
    const Activation given = activation(text);
    const CertifiedDual dual(given.name() == "hardtanh" ? given.derivative() : given, 9);
    for (const double c : {0.5, -0.7, 0.99}) {
      CAPTURE(c);
      const Ball wide = dual.over(around(1.25, 1e-6), around(0.875, 1e-6), around(c, 1e-6)).value;
      CHECK(wide.radius() < 1e-4);
      for (int i = 0; i < test::iterations(2); ++i) {
        const auto shifted = [&](double center) {
          return Rational::from_double_exactly(center + 0.99e-6 * uniform(random));
        };
        const Ball value = dual(shifted(1.25), shifted(0.875), shifted(c)).value;
        CHECK(wide.overlaps(value));
        CHECK(wide.contains(value.center()));
      }
    }
  }
}

TEST_CASE("K of a jump is Hölder at rho = 1: the ball there reaches as far as K does, and not much farther [fact]") {
  // K of step is arccos(−c)/(2π) at unit variances: 1/2 at c = 1, and √(2δ)/(2π) less at 1 − δ.
  const CertifiedDual dual(activation("step"), 12);
  const Ball one = Ball(1).at_precision(precision);
  for (const double delta : {1e-4, 1e-8, 1e-12}) {
    CAPTURE(delta);
    const Ball near = dual.over(one, one, Ball::from_interval(1 - delta, 1.0, precision)).value;
    CHECK(near.contains(Rational(1, 2)));
    CHECK(near.overlaps(acos_of_minus(1 - delta)));
    CHECK(near.radius() < std::sqrt(delta));
  }
  // Variances alone leave K of a jump at 0 as it is, those of a jump elsewhere move it at the speed of the argument.
  const Ball wide = widen(one, Ball::from_double_exactly(1e-9));
  const Ball moved = CertifiedDual(activation("step(x - 1)"), 12).norm(wide);
  CHECK(moved.radius() < 1e-8);
  CHECK(moved.overlaps((1 - erf(1 / sqrt(2 * one))) / 2));
  CHECK(dual.norm(wide).contains(Rational(1, 2)));
}

TEST_CASE("a value known at the centre is used, and widened like any other [law]") {
  const CertifiedDual dual(activation("relu"), 20);
  const Ball a = Ball::from_interval(0.999, 1.001, precision);
  const Ball c = Ball::from_interval(0.499, 0.501, precision);
  int asked = 0;
  const CertifiedValue given = dual.over(a, a, c, [&](const Ball& a0, const Ball&, const Ball& c0) {
    ++asked;
    const Ball r = sqrt(a0 * a0 - c0 * c0);
    return (r + c0 * atan2(r, -c0)) / (2 * pi<Ball>(precision));
  });
  CHECK(asked == 1);
  const CertifiedValue found = dual.over(a, a, c);
  CHECK(given.value.overlaps(found.value));
  CHECK(std::fabs(given.value.radius() - found.value.radius()) < 1e-9);
  CHECK(given.value.contains(dual(1, 1, Rational::parse("0.5004")).value.center()));
}

TEST_CASE("what is no covariance, or not known between breakpoints under uncertainty, is refused [fault]") {
  const CertifiedDual dual(activation("step"), 10);
  CHECK_THROWS_AS(dual(1, 1, 2), DomainError);
  CHECK_THROWS_AS(dual(Rational(-1), 1, 0), DomainError);
  const Ball uncertain = Ball::from_interval(0.9, 1.0, precision);
  const Ball c = Ball::from_interval(0.1, 0.2, precision);
  const CertifiedDual touching(activation("max(exp(x), exp(sqrt(2))*(1 + x - sqrt(2)))"), 10,
                               {.breakpoints = std::vector<Rational>{}});
  CHECK_THROWS_AS(touching.over(uncertain, uncertain, c), NotCertified);
  CHECK_THROWS_AS(dual.over(uncertain, uncertain, Ball::from_interval(1.5, 1.6, precision)), DomainError);
  CHECK_THROWS_AS(dual.over(Ball::from_interval(-0.1, 1.0, precision), uncertain, c), NotCertified);
}

}  // namespace
}  // namespace nke
