// SPDX-License-Identifier: Apache-2.0
// Closed forms over blocks against the same quantities in balls: the forms here are typed from the literature and
// evaluated by another engine, at 300 bits, with d = ab − c² exact.
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <nke/exact/dual/block_dual.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/error.hpp>

#include "support.hpp"

using nke::Ball;
using nke::BlockDual;
using nke::ClosedForm;
using nke::DualRow;
using nke::Expr;
using nke::parse_expression;

namespace {

struct Form {
  const char* name;
  const char* value;
  const char* derivative;
  const char* diagonal;
  double low, high;  // variances promised
};

const Form forms[] = {
    // Cho & Saul 2009.
    {"relu", "(sqrt(d) + c*atan2(sqrt(d), -c))/(2*pi)", "atan2(sqrt(d), -c)/(2*pi)", "a/2", 1e-12, 1e12},
    // Williams 1997.
    {"erf", "2/pi*atan2(2*c, sqrt(1+2*a+2*b+4*d))", "4/pi/sqrt(1+2*a+2*b+4*d)", "2/pi*atan2(2*a, sqrt(1+4*a))", 1e-12,
     1e12},
    {"gelu", "c*(1/4 + atan2(c, sqrt(1+a+b+d))/(2*pi)) + (d + c^2*(1/(1+a)+1/(1+b)))/(2*pi*sqrt(1+a+b+d))",
     "1/4 + atan2(c, sqrt(1+a+b+d))/(2*pi) + c/(2*pi*sqrt(1+a+b+d))*(1/(1+a) + 1/(1+b) + 1/(1+a+b+d))",
     "a*(1/4 + atan2(a, sqrt(1+2*a))/(2*pi)) + a^2/(1+a)/(pi*sqrt(1+2*a))", 1e-12, 1e12},
    {"sin", "exp(-(a+b)/2)*sinh(c)", "exp(-(a+b)/2)*cosh(c)", "exp(-a)*sinh(a)", 1e-12, 1e12},
};

ClosedForm closed_form(const Form& form) {
  ClosedForm f;
  f.value = f.stable_value = parse_expression(form.value);
  f.derivative = f.stable_derivative = parse_expression(form.derivative);
  f.diagonal = parse_expression(form.diagonal);
  return f;
}

struct Point {
  double a, b, c;
};

// Variances over twelve decades and correlations down to 1 − |ρ| = 1e-15, ±1 and 0 among them.
std::vector<Point> grid(int count, double low, double high) {
  std::mt19937_64 random(nke::test::seed());
  std::uniform_real_distribution<double> exponent(std::log(low), std::log(high)), digits(-15, 0), side(-1, 1);
  std::vector<Point> points;
  for (int i = 0; i < count; ++i) {
    const double a = std::exp(exponent(random));
    const double b = i % 3 == 0 ? a : i % 3 == 1 ? a * (1 + side(random) / 2) : std::exp(exponent(random));
    double rho = i % 2 == 0 ? side(random) : 1 - std::pow(10, digits(random));
    if (side(random) < 0) rho = -rho;
    if (i % 10 == 9) rho = i % 20 < 10 ? 0 : std::copysign(1, rho);
    points.push_back({a, b, a == b && std::abs(rho) == 1 ? rho * a : rho * std::sqrt(a) * std::sqrt(b)});
  }
  return points;
}

Ball ball_value(const Expr& e, const Point& at) {
  const nke::Precision bits = nke::Precision::bits(300);
  const Ball a = Ball::from_double_exactly(at.a, bits), b = Ball::from_double_exactly(at.b, bits);
  const Ball c = Ball::from_double_exactly(at.c, bits);
  const Ball determinant = a * b - c * c;
  const Ball d = determinant.mid() > 0 ? determinant : Ball(0);
  return nke::evaluate<Ball>(e, {{"a", a}, {"b", b}, {"c", c}, {"d", d}}, bits);
}

double scale(const Expr& e, const Point& at) {
  return std::sqrt(ball_value(e, {at.a, at.a, at.a}).mid()) * std::sqrt(ball_value(e, {at.b, at.b, at.b}).mid());
}

// The larger of the two errors, relative to the scales.
template <class T>
double error(const ClosedForm& form, const Point& at, T k, T kdot) {
  const auto of = [&](const Expr& e, T got) {
    return std::abs((ball_value(e, at) - Ball::from_double_exactly(static_cast<double>(got), nke::Precision::bits(300)))
                        .mid()) /
           scale(e, at);
  };
  return std::max(of(form.stable_value, k), of(form.stable_derivative, kdot));
}

}  // namespace

TEST_CASE("relu, erf, gelu and sin are within 1e-14 of their scale from 1e-12 to 1e12, at every correlation [law]") {
  CAPTURE(nke::test::seed());
  for (const Form& f : forms) {
    CAPTURE(std::string(f.name));
    const ClosedForm form = closed_form(f);
    const BlockDual dual(form);
    double worst = 0;
    for (const Point& at : grid(nke::test::iterations(200), f.low, f.high)) {
      double k = 0, kdot = 0, bound = 0;
      dual(DualRow<double>{at.a, {&at.b, 1}, {&at.c, 1}, {}, {&k, 1}, {&kdot, 1}, {&bound, 1}});
      CAPTURE(at.a);
      CAPTURE(at.b);
      CAPTURE(at.c);
      const double seen = error(form, at, k, kdot);
      worst = std::max(worst, seen);
      CHECK(seen <= 1e-14);
      CHECK(seen <= bound + 1e-16);
    }
    MESSAGE("largest error of " << std::string(f.name) << ": " << worst);
    const BlockDual::Interval trusted = dual.trusted<double>(1e-14);
    MESSAGE("trusted from " << trusted.low << " to " << trusted.high);
  }
}

TEST_CASE("a row met again, with its columns prepared, has the same bits; other columns are not taken for it [law]") {
  const BlockDual dual(nke::closed_form_dual(nke::activation("hardtanh")));
  std::vector<double> b, c;
  for (int i = 0; i < 100; ++i) {
    b.push_back(0.5 + 0.01 * i);
    c.push_back((i % 2 == 0 ? 0.7 : -0.4) * std::sqrt(b.back()));
  }
  const auto run = [&] {
    std::vector<double> k(b.size()), kdot(b.size());
    dual(DualRow<double>{1.0, b, c, {}, k, kdot});
    k.insert(k.end(), kdot.begin(), kdot.end());
    return k;
  };
  const std::vector<double> once = run();
  for (int again = 0; again < 3; ++again) CHECK(run() == once);
  b[7] = 0.9;
  const std::vector<double> changed = run();
  CHECK(changed[7] != once[7]);
  CHECK(changed[8] == once[8]);
  CHECK(run() == changed);
}
