// SPDX-License-Identifier: Apache-2.0
// Φ and Phi2 at complex arguments, against integrals of their densities along other paths, across the number types, and
// on boxes.
#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include <nke/exact/real/arb_access.hpp>
#include <nke/exact/real/complex_phi.hpp>

#if __has_include(<flint/acb_calc.h>)
#include <flint/acb_calc.h>
#else
#include <acb_calc.h>
#endif

#include "random_numbers.hpp"

using namespace nke;
using nke::test::RandomNumbers;
using Complex = std::complex<double>;

namespace {

Ball ball(double v, int digits) {
  return Ball::from_double_exactly(v, Precision::digits(digits));
}
Mpfr plain(double v, int digits) {
  return Mpfr::from_double_exactly(v, Precision::digits(digits));
}
Complex center(const Ball& re, const Ball& im) {
  return {re.mid(), im.mid()};
}
Complex phi_at(Complex z) {
  return std::exp(-0.5 * z * z) * std::sqrt(0.5 / std::numbers::pi);
}

// Φ(z) = ½ + ∫_0^z φ, by Arb's quadrature.
ComplexBall integrated_density(double x, double y, int digits) {
  const Precision precision = Precision::digits(digits);
  const auto density = [](acb_ptr out, const acb_t t, void*, slong, slong prec) {
    acb_sqr(out, t, prec);
    acb_mul_2exp_si(out, out, -1);
    acb_neg(out, out);
    acb_exp(out, out, prec);
    return 0;
  };
  ComplexBall integral = ComplexBall::indeterminate(precision);
  const ComplexBall from(Ball(0)), to(ball(x, digits), ball(y, digits));
  mag_t tolerance;
  mag_init(tolerance);
  mag_set_ui_2exp_si(tolerance, 1, -precision.bits());
  acb_calc_integrate(acb_of(integral), density, nullptr, acb_of(from), acb_of(to), precision.bits(), tolerance, nullptr,
                     precision.bits());
  mag_clear(tolerance);
  return ComplexBall(Ball(Rational(1, 2), precision)) + integral / ComplexBall(sqrt(2 * pi<Ball>(precision)));
}

// ∫_{−14}^0 φ(h + s) Φ((k − r(h + s))/√(1−r²)) ds, Simpson's rule: not Plackett's way from r = 0.
Complex conditional(Complex h, Complex k, double angle) {
  constexpr int panels = 3000;
  constexpr double length = 14;
  Complex sum = 0;
  for (int i = 0; i <= panels; ++i) {
    const Complex at = h - length * i / panels;
    const Complex w = (k - std::cos(angle) * at) / std::sin(angle);
    sum += phi_at(at) * complex_Phi(w.real(), w.imag()) * (i == 0 || i == panels ? 1.0 : i % 2 == 1 ? 4.0 : 2.0);
  }
  return sum * (length / panels / 3);
}

}  // namespace

TEST_CASE("Φ at complex arguments is the integral of the density [fact]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(1);
  for (int i = 0; i < nke::test::iterations(30); ++i) {
    const double x = random.uniform(-6, 6), y = random.uniform(-6, 6);
    CAPTURE(x);
    CAPTURE(y);
    const ComplexBall expected = integrated_density(x, y, 50);
    const Ball re = re_Phi(ball(x, 30), ball(y, 30)), im = im_Phi(ball(x, 30), ball(y, 30));
    REQUIRE(re.overlaps(expected.re()));
    REQUIRE(im.overlaps(expected.im()));
    REQUIRE(expected.abs_upper() < 1e9);
    const double size = std::abs(center(re, im));
    REQUIRE(re.radius() + im.radius() < 1e-28 * size);
  }
}

TEST_CASE("doubles and Mpfr agree with balls on Φ at complex arguments, in tails and where it grows [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(2);
  double worst = 0;
  for (int i = 0; i < nke::test::iterations(2000); ++i) {
    const double size = i % 3 == 0 ? 20 : i % 3 == 1 ? 5 : 1;
    double x = random.uniform(-size, size), y = random.uniform(-size, size);
    if (i % 7 == 0) x *= 1e-6;
    if (i % 11 == 0) y *= 1e-9;
    if (i % 13 == 0) y = x;
    CAPTURE(x);
    CAPTURE(y);
    const Ball re = re_Phi(ball(x, 25), ball(y, 25)), im = im_Phi(ball(x, 25), ball(y, 25));
    const Complex exact = center(re, im);
    REQUIRE(re.radius() + im.radius() < 1e-23 * std::abs(exact));
    const double error = std::abs(complex_Phi(x, y) - exact) / std::abs(exact);
    REQUIRE(error < 1e-14 * (1 + x * x / 8));
    worst = std::max(worst, error / (1 + x * x / 8));
    if (i % 20 == 0) {
      const Precision wide = Precision::digits(50);
      const auto difference = [wide](const Mpfr& value, const Ball& ball_value) {
        return std::abs((value.at_precision(wide) - Mpfr::from_center(ball_value, wide)).to_double());
      };
      REQUIRE(difference(re_Phi(plain(x, 25), plain(y, 25)), re) < 1e-23 * std::abs(exact));
      REQUIRE(difference(im_Phi(plain(x, 25), plain(y, 25)), im) < 1e-23 * std::abs(exact));
    }
  }
  MESSAGE("worst error of double, relative: " << worst);
}

TEST_CASE("Phi2 at complex thresholds is the integral over one variable [fact]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(3);
  for (int i = 0; i < nke::test::iterations(30); ++i) {
    const double angle = random.uniform(0.7, 2.4);
    const Complex h(random.uniform(-2, 2), random.uniform(-1, 1)), k(random.uniform(-2, 2), random.uniform(-1, 1));
    CAPTURE(h.real());
    CAPTURE(h.imag());
    CAPTURE(k.real());
    CAPTURE(k.imag());
    CAPTURE(angle);
    const Complex expected = conditional(h, k, angle);
    REQUIRE(std::abs(complex_Phi2(h, k, std::cos(angle), std::sin(angle)) - expected) < 1e-9);
  }
}

TEST_CASE("the number types agree on Phi2 at complex thresholds, next to r = ±1 too [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(4);
  for (int i = 0; i < nke::test::iterations(24); ++i) {
    double angle = random.uniform(0.4, 2.7);
    Complex h(random.uniform(-3, 3), random.uniform(-2, 2)), k(random.uniform(-3, 3), random.uniform(-2, 2));
    if (i % 4 == 0) {  // thresholds that meet as r → ±1, which is when waves have them
      angle = std::pow(10, random.uniform(-4, -1));
      k = h * (1 + 0.5 * angle);
    }
    const double sense = random.integer(0, 1) == 0 ? 1 : -1;
    const double x = sense * std::cos(angle), y = std::sin(angle);
    if (i % 4 == 0) k *= sense;
    CAPTURE(h.real());
    CAPTURE(h.imag());
    CAPTURE(k.real());
    CAPTURE(k.imag());
    CAPTURE(x);
    CAPTURE(y);
    const auto of_balls = [&](auto f) {
      return f(ball(h.real(), 25), ball(h.imag(), 25), ball(k.real(), 25), ball(k.imag(), 25), ball(x, 25),
               ball(y, 25));
    };
    const Ball re = of_balls([](const auto&... u) { return re_Phi2(u...); });
    const Ball im = of_balls([](const auto&... u) { return im_Phi2(u...); });
    const Complex exact = center(re, im);
    const double scale = std::abs(exact) + std::abs(complex_Phi(h.real(), h.imag()));
    REQUIRE(re.radius() + im.radius() < 1e-22 * scale);
    REQUIRE(std::abs(complex_Phi2(h, k, x, y) - exact) < 2e-14 * scale);
    if (i % 4 < 2) {
      const Mpfr value = re_Phi2(plain(h.real(), 25), plain(h.imag(), 25), plain(k.real(), 25), plain(k.imag(), 25),
                                 plain(x, 25), plain(y, 25));
      const Precision wide = Precision::digits(50);
      REQUIRE(std::abs((value.at_precision(wide) - Mpfr::from_center(re, wide)).to_double()) < 1e-22 * scale);
    }
  }
}

TEST_CASE("boxes of complex arguments hold their values [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(5);
  for (int i = 0; i < nke::test::iterations(60); ++i) {
    const double size = std::pow(10, random.uniform(-9, -0.5));
    const auto around = [&](double v) { return Ball::from_interval(v - size, v + size); };
    const auto inside = [&](double v) { return ball(v + size * random.uniform(-0.999, 0.999), 20); };
    const double x = random.uniform(-4, 4), y = random.uniform(-4, 4);
    const Ball u = inside(x), v = inside(y);
    REQUIRE(re_Phi(around(x), around(y)).contains(re_Phi(u, v).center()));
    REQUIRE(im_Phi(around(x), around(y)).contains(im_Phi(u, v).center()));
    if (i % 6 != 0) continue;
    const double a = random.uniform(-2, 2), b = random.uniform(-1, 1), angle = random.uniform(0.8, 2.3);
    const double r = 2 * std::cos(angle), q = 2 * std::sin(angle);
    const Ball box = re_Phi2(around(x / 2), around(y / 4), around(a), around(b), around(r), around(q));
    const Ball at = re_Phi2(inside(x / 2), inside(y / 4), inside(a), inside(b), inside(r), inside(q));
    REQUIRE(box.contains(at.center()));
    if (size < 1e-6) REQUIRE(box.radius() < 1e-3);
  }
}

TEST_CASE("real thresholds, real arguments and r = 0 need no integral; y = 0 is undefined [fact]") {
  CHECK(re_Phi(ball(0.5, 30), Ball(0)).overlaps(Phi(ball(0.5, 30))));
  CHECK(im_Phi(ball(0.5, 30), Ball(0)) == Ball(0));
  CHECK(re_Phi(0.5, 0.0) == Phi(0.5));
  CHECK(complex_Phi(0.0, 0.0) == Complex(0.5, 0));
  CHECK(complex_Phi(-1e200, 3.0) == Complex(0, 0));
  CHECK(complex_Phi(1e200, 3.0) == Complex(1, 0));
  CHECK(re_Phi2(0.5, 0.0, -1.0, 0.0, 1.0, 2.0) == Phi2(0.5, -1.0, 1.0, 2.0));
  CHECK(im_Phi2(0.5, 0.0, -1.0, 0.0, 1.0, 2.0) == 0);
  const Complex product = complex_Phi(0.5, 1.0) * complex_Phi(-1.0, 0.5);
  CHECK(std::abs(complex_Phi2({0.5, 1}, {-1, 0.5}, 0, 1) - product) < 1e-15);
  CHECK(std::isnan(re_Phi2(0.5, 1.0, -1.0, 0.0, 1.0, 0.0)));
  CHECK_FALSE(re_Phi2(ball(1, 20), ball(1, 20), ball(1, 20), ball(1, 20), ball(1, 20), Ball(0)).is_finite());
  CHECK_FALSE(im_Phi2(ball(1, 20), ball(1, 20), ball(1, 20), ball(1, 20), ball(1, 20), ball(-1, 20)).is_finite());
  const ComplexBall h(ball(0.5, 20), ball(1, 20)), k(ball(-1, 20)), x(ball(0.25, 20)), y(ball(1, 20));
  const ComplexBall whole = Phi2(h, k, x, y, Analytic::yes);
  CHECK(whole.re().overlaps(re_Phi2(h.re(), h.im(), k.re(), k.im(), x.re(), y.re())));
  CHECK(whole.im().overlaps(im_Phi2(h.re(), h.im(), k.re(), k.im(), x.re(), y.re())));
}
