// SPDX-License-Identifier: Apache-2.0
// Phi2 against integrals that share nothing with it, against the identities of a distribution function, and across its
// three number types.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <boost/math/special_functions/owens_t.hpp>

#include <nke/exact/real/arb_access.hpp>
#include <nke/exact/real/bivariate.hpp>

#if __has_include(<flint/acb_calc.h>)
#include <flint/acb_calc.h>
#else
#include <acb_calc.h>
#endif

#include "random_numbers.hpp"

using namespace nke;
using nke::test::RandomNumbers;

namespace {

struct Arguments {
  double h, k, x, y;
};

Ball ball(double v, int digits) {
  return Ball::from_double_exactly(v, Precision::digits(digits));
}
Ball enclosed(const Arguments& a, int digits) {
  return Phi2(ball(a.h, digits), ball(a.k, digits), ball(a.x, digits), ball(a.y, digits));
}
Mpfr in_mpfr(const Arguments& a, int digits) {
  const auto number = [digits](double v) { return Mpfr::from_double_exactly(v, Precision::digits(digits)); };
  return Phi2(number(a.h), number(a.k), number(a.x), number(a.y));
}

// Thresholds of all sizes and angles that come as near to 0 and π as doubles do.
Arguments drawn(RandomNumbers& random, double size) {
  const double kind = random.uniform(0, 4);
  double angle = random.uniform(0, std::numbers::pi);
  if (kind > 2) angle = std::pow(10, random.uniform(-14, 0));
  Arguments a{random.uniform(-size, size), random.uniform(-size, size), std::cos(angle), std::sin(angle)};
  if (kind > 3) a.k = a.h * (1 + std::pow(10, random.uniform(-15, -1)));  // thresholds that nearly coincide
  if (random.uniform(0, 2) > 1) {
    a.x = -a.x;
    a.k = -a.k;
  }
  return a;
}

// Plackett: Phi2 = Φ(h) Φ(k) + (1/2π) ∫_θ^{π/2} exp(−(h² − 2hk cos t + k²)/(2 sin² t)) dt, by Arb's own quadrature.
struct Plackett {
  Ball h, k;
  static int integrand(acb_ptr out, const acb_t t, void* parameters, slong, slong prec) {
    const auto& p = *static_cast<const Plackett*>(parameters);
    acb_t sine, cosine, e;
    acb_init(sine);
    acb_init(cosine);
    acb_init(e);
    acb_sin_cos(sine, cosine, t, prec);
    acb_mul_arb(e, cosine, arb_of(p.h), prec);
    acb_mul_arb(e, e, arb_of(p.k), prec);
    acb_mul_2exp_si(e, e, 1);
    const Ball squares = p.h * p.h + p.k * p.k;
    acb_sub_arb(e, e, arb_of(squares), prec);
    acb_mul(sine, sine, sine, prec);
    acb_mul_2exp_si(sine, sine, 1);
    acb_div(e, e, sine, prec);
    acb_exp(out, e, prec);
    acb_clear(sine);
    acb_clear(cosine);
    acb_clear(e);
    return 0;
  }
};

Ball by_plackett(const Arguments& a, int digits) {
  const Precision precision = Precision::digits(digits);
  const Plackett p{ball(a.h, digits), ball(a.k, digits)};
  const ComplexBall from(atan2(ball(a.y, digits), ball(a.x, digits))), to(pi<Ball>(precision) / 2);
  ComplexBall integral = ComplexBall::indeterminate(precision);
  mag_t tolerance;
  mag_init(tolerance);
  mag_set_ui_2exp_si(tolerance, 1, -precision.bits());
  acb_calc_integrate(acb_of(integral), &Plackett::integrand, const_cast<Plackett*>(&p), acb_of(from), acb_of(to),
                     precision.bits(), tolerance, nullptr, precision.bits());
  mag_clear(tolerance);
  return Phi(p.h) * Phi(p.k) + integral.re() / (2 * pi<Ball>(precision));
}

// ∫_{h−14}^h φ(t) Φ((k s − x t)/y) dt, scaled by exp(h²/2): positive, so that it keeps its digits in the tails. Simpson's
// rule: a plain check to a few digits, with nothing in common with sectors.
double scaled_conditional(const Arguments& a) {
  constexpr int panels = 8000;
  const double s = std::hypot(a.x, a.y), length = 14;
  double sum = 0;
  for (int i = 0; i <= panels; ++i) {
    const double u = length * i / panels, t = a.h - u;
    const double value = std::exp(a.h * u - 0.5 * u * u) * Phi((a.k * s - a.x * t) / a.y);
    sum += value * (i == 0 || i == panels ? 1 : i % 2 == 1 ? 4 : 2);
  }
  return sum * length / panels / 3 * phi(a.h);
}

}  // namespace

TEST_CASE("Phi2 is Plackett's integral, at thirty and at a hundred digits [fact]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(1);
  for (int i = 0; i < nke::test::iterations(12); ++i) {
    const double angle = random.uniform(0.2, 2.9);
    const Arguments a{random.uniform(-4, 4), random.uniform(-4, 4), 3 * std::cos(angle), 3 * std::sin(angle)};
    CAPTURE(a.h);
    CAPTURE(a.k);
    CAPTURE(angle);
    for (const int digits : {30, 100}) {
      const Ball value = enclosed(a, digits), expected = by_plackett(a, digits + 20);
      REQUIRE(value.overlaps(expected));
      REQUIRE(value.proven_digits() >= digits - 1);
      REQUIRE(expected.radius() < std::pow(10, -digits));
    }
  }
}

TEST_CASE("in the tails Phi2 is the integral over one variable, in relative terms [fact]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(2);
  for (int i = 0; i < nke::test::iterations(40); ++i) {
    const double angle = random.uniform(0.6, 2.6);
    const Arguments a{random.uniform(-12, -2), random.uniform(-12, 4), std::cos(angle), std::sin(angle)};
    CAPTURE(a.h);
    CAPTURE(a.k);
    CAPTURE(angle);
    const double value = enclosed(a, 30).mid();
    if (value < 1e-280) continue;
    REQUIRE(std::abs(scaled_conditional(a) / value - 1) < 1e-6);
  }
}

TEST_CASE("the three number types agree [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(3);
  double worst = 0, worst_relative = 0;
  for (int i = 0; i < nke::test::iterations(300); ++i) {
    const Arguments a = drawn(random, i % 3 == 0 ? 37 : i % 3 == 1 ? 8 : 2);
    CAPTURE(a.h);
    CAPTURE(a.k);
    CAPTURE(a.x);
    CAPTURE(a.y);
    const Ball exact = enclosed(a, 30);
    REQUIRE(exact.proven_digits() >= 29);
    const double value = Phi2(a.h, a.k, a.x, a.y), error = std::abs(value - exact.mid());
    REQUIRE(error <= 5e-16);
    worst = std::max(worst, error);
    if (exact.mid() > 1e-290) {
      REQUIRE(error <= 5e-13 * exact.mid());
      worst_relative = std::max(worst_relative, error / exact.mid());
      if (i % 4 == 0) {
        const Precision wide = Precision::digits(60);
        const Mpfr center = Mpfr::from_center(exact, wide);
        REQUIRE(std::abs((in_mpfr(a, 30).at_precision(wide) / center - 1).to_double()) < 1e-28);
      }
    }
  }
  MESSAGE("worst error of double: " << worst << ", relative " << worst_relative);
}

TEST_CASE("Phi2 in double agrees with Owen's formula of another library [fact]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(4);
  for (int i = 0; i < nke::test::iterations(500); ++i) {
    const double angle = random.uniform(0.3, 2.8), h = random.uniform(-5, 5), k = random.uniform(-5, 5);
    const double r = std::cos(angle), q = std::sin(angle);
    const double other = 0.5 * (Phi(h) + Phi(k)) - boost::math::owens_t(h, (k - r * h) / (h * q)) -
                         boost::math::owens_t(k, (h - r * k) / (k * q)) - (h * k < 0 ? 0.5 : 0);
    REQUIRE(std::abs(Phi2(h, k, r, q) - other) < 2e-15);
  }
}

TEST_CASE("the identities of a distribution function hold [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(5);
  for (int i = 0; i < nke::test::iterations(200); ++i) {
    const Arguments a = drawn(random, i % 2 == 0 ? 20 : 3);
    CAPTURE(a.h);
    CAPTURE(a.k);
    CAPTURE(a.x);
    CAPTURE(a.y);
    const int digits = 25;
    const Ball value = enclosed(a, digits), h = ball(a.h, digits), k = ball(a.k, digits);
    REQUIRE(value.overlaps(enclosed({a.k, a.h, a.x, a.y}, digits)));
    REQUIRE(value.overlaps(enclosed({a.h, a.k, 4 * a.x, 4 * a.y}, digits)));
    REQUIRE((value + enclosed({a.h, -a.k, -a.x, a.y}, digits)).overlaps(Phi(h)));
    REQUIRE((value - enclosed({-a.h, -a.k, a.x, a.y}, digits)).overlaps(Phi(h) - Phi(-k)));
    REQUIRE(certainly_less_equal(value, min(Phi(h), Phi(k)) + ball(1e-24, digits)));
  }
}

TEST_CASE("at r = ±1, at h = k = 0 and at r = 0 Phi2 is elementary [fact]") {
  const int digits = 40;
  const auto phi_of = [](double v) { return Phi(ball(v, digits)); };
  CHECK(enclosed({-1.25, 0.5, 2, 0}, digits).overlaps(phi_of(-1.25)));
  CHECK(enclosed({1.25, 0.5, 2, 0}, digits).overlaps(phi_of(0.5)));
  CHECK(enclosed({-1.25, 0.5, -2, 0}, digits) == Ball(0));
  CHECK(enclosed({1.25, -0.5, -2, 0}, digits).overlaps(phi_of(1.25) - phi_of(0.5)));
  CHECK(enclosed({0, 0, -3, 4}, digits)
            .overlaps(atan2(ball(4, digits), ball(3, digits)) / (2 * pi<Ball>(Precision::digits(digits)))));
  CHECK(enclosed({-7, 0.5, 0, 3}, digits).overlaps(phi_of(-7) * phi_of(0.5)));
  CHECK(Phi2(-1.25, 0.5, 2.0, 0.0) == Phi(-1.25));
  CHECK(Phi2(-1.25, 0.5, -2.0, 0.0) == 0);
  CHECK(std::abs(Phi2(0.0, 0.0, -3.0, 4.0) - std::atan2(4, 3) / (2 * std::numbers::pi)) < 1e-16);
  CHECK(std::isnan(Phi2(0.0, 0.0, 0.0, 0.0)));
  CHECK(std::isnan(Phi2(0.0, 1.0, 1.0, -1.0)));
  CHECK_FALSE(enclosed({1, 1, 0, 0}, digits).is_finite());
  CHECK_FALSE(enclosed({1, 1, 1, -1}, digits).is_finite());
  CHECK(mpfr_nan_p(in_mpfr({1, 1, 0, 0}, digits).data()) != 0);
}

TEST_CASE("far tails and correlations next to ±1 keep their digits [fact]") {
  for (const double h : {-1e3, -1e6}) {
    for (const double y : {1.0, 1e-30}) {
      CHECK(enclosed({h, h, 1, y}, 30).proven_digits() >= 29);
      CHECK(enclosed({h, h * (1 + 1e-9), 1, y}, 30).proven_digits() >= 29);
      CHECK(enclosed({h, -h, -1, y}, 30).proven_digits() >= 29);
    }
  }
  // Thresholds of opposite sign next to r = −1: two sectors whose difference is at first a ball around 0. It is
  // φ(1) E max(z, 0) y to first order, with relative corrections of order y.
  const Ball sliver = enclosed({1, -1, -1, 1e-60}, 30);
  CHECK(sliver.proven_digits() >= 29);
  CHECK(std::abs(sliver.mid() * 1e60 / (std::exp(-0.5) / (2 * std::numbers::pi)) - 1) < 1e-15);
  // P(Z₁ ≤ −1e6, Z₂ ≤ −1e6) at r = 0 is the square.
  const Ball tail = Phi(ball(-1e6, 30));
  CHECK(tail.proven_digits() >= 29);
  CHECK(enclosed({-1e6, -1e6, 0, 1}, 30).overlaps(tail * tail));
  // At the same threshold, for r → 1: Phi(h) − Phi2 = V(|h|, …) differs from 0 by (y/2π) exp(−h²/2) to first order.
  const Ball y = ball(1e-200, 300), h = ball(-2, 300);
  const Ball lost = Phi(h) - Phi2(h, h, Ball(1), y);
  const Ball expected = y * exp(-(h * h) / 2) / (2 * pi<Ball>(Precision::digits(300)));
  CHECK(std::abs((lost / expected).mid() - 1) < 1e-15);
}

TEST_CASE("a ball of arguments gives a ball that holds every value [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(6);
  for (int i = 0; i < nke::test::iterations(100); ++i) {
    const Arguments a = drawn(random, 5);
    const double size = std::pow(10, random.uniform(-12, 0));
    const auto wide = [&](double v, double least) {
      const double radius = size * random.uniform(0, 1);
      return Ball::from_interval(std::max(v - radius, least), v + radius);
    };
    constexpr double anything = -100;
    const Ball h = wide(a.h, anything), k = wide(a.k, anything), x = wide(a.x, anything), y = wide(a.y, 0);
    const Ball image = Phi2(h, k, x, y);
    if (!image.is_finite()) {
      REQUIRE(x.contains_zero());
      continue;
    }
    const auto inside = [&](const Ball& b) {
      return std::clamp(b.mid() + random.uniform(-1, 1) * b.radius(), b.lower(), b.upper());
    };
    for (int n = 0; n < 5; ++n) {
      const Arguments point{inside(h), inside(k), inside(x), std::max(0.0, inside(y))};
      REQUIRE(image.contains(enclosed(point, 20).center()));
    }
    const Ball narrow = Phi2(h.center(), k.center(), x.center(), max(y.center(), Ball(0)));
    REQUIRE(image.overlaps(narrow));
    REQUIRE(image.radius() <= 4 * size + 1e-14);
  }
}
