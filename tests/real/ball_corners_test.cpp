// SPDX-License-Identifier: Apache-2.0
// The functions over balls in their corners: kinks, the widest balls, results beyond all doubles.
#include <algorithm>
#include <cmath>

#include <nke/exact/real/ball.hpp>

#include "random_numbers.hpp"

using namespace nke;
using nke::test::RandomNumbers;

TEST_CASE("kinks and jumps have the documented values at zero [fact]") {
  const Ball zero(0, Precision::digits(20));
  CHECK(step(zero).contains(Rational(1, 2)));
  CHECK(step(zero).is_exact());
  CHECK(sign(zero) == Ball(0));
  CHECK(abs(zero) == Ball(0));
  CHECK(pow_int(zero, 0) == Ball(1));
  CHECK(pow(zero, zero) == Ball(1));
  CHECK(pow(zero, Ball(Rational(1, 2), Precision::digits(20))) == Ball(0));
  CHECK_FALSE(pow_int(zero, -1).is_finite());
  CHECK_FALSE(pow(zero, Ball(Rational(-1, 2), Precision::digits(20))).is_finite());
}

TEST_CASE("results beyond all doubles take no memory to match their exponent [fact]") {
  const Precision precision = Precision::digits(20);
  const Rational far = pow(Rational(10), 18);
  for (const Ball& x : {Ball::from_interval(0, far, precision), Ball::from_interval(-far, far, precision),
                        Ball(far, precision), Ball(-far, precision)}) {
    CHECK(cosh(x).lower() >= 0);
    CHECK(cosh(x).upper() > 0);
    CHECK(cosh(x).overlaps(cosh(x.center())));
    CHECK(expm1(x).overlaps(expm1(x.center())));
    CHECK(exp(x).lower() >= 0);
    CHECK(sigmoid(x).upper() <= 1);
    CHECK(tanh(x).upper() <= 1);
    CHECK(Phi(x).lower() >= 0);
    CHECK(softplus(x).lower() >= 0);
    CHECK(sinh(x).overlaps(sinh(x.center())));
  }
}

TEST_CASE("overlapping operands of min and max give the hull of both choices [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(34);
  for (int i = 0; i < nke::test::iterations(200); ++i) {
    Rational ends[4];
    for (Rational& end : ends) end = random.rational(5);
    const Ball a = Ball::from_interval(std::min(ends[0], ends[1]), std::max(ends[0], ends[1]), Precision::bits(100));
    const Ball b = Ball::from_interval(std::min(ends[2], ends[3]), std::max(ends[2], ends[3]), Precision::bits(100));
    for (const Rational& p : {ends[0], ends[1]}) {
      for (const Rational& q : {ends[2], ends[3]}) {
        CHECK(max(a, b).contains(std::max(p, q)));
        CHECK(min(a, b).contains(std::min(p, q)));
      }
    }
    CHECK(hull(a, b).contains(a));
    CHECK(hull(a, b).contains(b));
    CHECK(max(a, b).lower() >= std::fmax(a.lower(), b.lower()) - 1e-7 * (a.radius() + b.radius()));
  }
}

TEST_CASE("bounded activations stay in their range on the widest balls [fact]") {
  const Ball wide = Ball::from_interval(-50, 50);
  CHECK(sigmoid(wide).lower() >= 0);
  CHECK(sigmoid(wide).upper() <= 1);
  CHECK(sigmoid(wide).radius() <= 0.5);
  CHECK(tanh(wide).lower() >= -1);
  CHECK(tanh(wide).upper() <= 1);
  CHECK(Phi(wide).lower() >= 0);
  CHECK(Phi(wide).upper() <= 1);
  CHECK(softplus(wide).lower() >= 0);
  CHECK(softplus(wide).upper() <= 50.0001);
  CHECK(phi(wide).upper() <= 0.39895);
  CHECK(max(wide, Ball(0)).lower() == 0);
  CHECK(max(wide, Ball(0)).upper() == 50);
  CHECK(abs(wide).lower() == 0);
  CHECK(pow_int(wide, 2).lower() == 0);
  CHECK(pow_int(wide, 2).upper() <= 2500.001);
  CHECK(pow(Ball::from_interval(0, 4), Ball(Rational(3, 2), Precision::digits(20))).upper() <= 8.00001);
  CHECK(pow(Ball::from_interval(0, 4), Ball(Rational(3, 2), Precision::digits(20))).lower() == 0);
  CHECK(sqrt(Ball::from_interval(0, 4)).upper() <= 2.00001);
  CHECK(step(wide) == Ball::from_interval(0, 1));
  CHECK(sign(wide) == Ball::from_interval(-1, 1));
}

TEST_CASE("what underflows a double has all its digits in a ball [fact]") {
  const Precision precision = Precision::digits(30);
  CHECK(softplus(Ball(-700, precision)).proven_digits() >= 28);
  CHECK(Phi(Ball(-20'000, precision)).proven_digits() >= 28);
  CHECK(phi(Ball(-20'000, precision)).proven_digits() >= 28);
  CHECK(sigmoid(Ball(-100'000, precision)).proven_digits() >= 28);
  // Φ(−x) lies between φ(x)/x (1 − 1/x²) and φ(x)/x: Mills' ratio.
  const Ball ratio = Phi(Ball(-200, precision)) * 200 / phi(Ball(200, precision));
  CHECK(certainly_less(ratio, 1));
  CHECK(certainly_greater(ratio, 1 - Ball(1, precision) / 40'000));
}
