// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <thread>
#include <type_traits>
#include <utility>

#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/error.hpp>

#include "random_numbers.hpp"

using namespace nke;
using nke::test::RandomNumbers;

TEST_CASE("integers are exact, carry no precision and lend none [fact]") {
  const Ball big = pow_int(Ball(10), 40);
  CHECK(big.bits() == 0);
  CHECK((big + 1 - big) == Ball(1));
  CHECK((big * big).contains(pow(Rational(10), 80)));
  CHECK((big * big).is_exact());
  CHECK(big.to_long() == std::nullopt);
  CHECK((Ball(3) * Ball(-4)).to_long() == -12);
  CHECK_THROWS_AS((void)(Ball(1) / Ball(3)), DomainError);
  CHECK_THROWS_AS((void)exp(Ball(1)), DomainError);
  CHECK_THROWS_AS((void)sigmoid(Ball(1)), DomainError);
  CHECK_THROWS_AS((void)pow_int(Ball(3), -1), DomainError);
  CHECK_THROWS_AS((void)pow_int(Ball(3), 1'000'000'000'000), LimitError);
  CHECK(max(Ball(3), Ball(4)) == Ball(4));
  CHECK(sign(Ball(-7)) == Ball(-1));
  static_assert(!std::is_constructible_v<Ball, double>);
  static_assert(!std::is_constructible_v<Ball, bool>);
  static_assert(std::is_nothrow_move_constructible_v<Ball> && std::is_nothrow_move_assignable_v<Ball>);
}

TEST_CASE("an operation works at the larger of its operands' precisions [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(10);
  for (int i = 0; i < nke::test::iterations(200); ++i) {
    const Ball a(random.rational(20), random.precision());
    const Ball b(random.rational(20), random.precision());
    const long larger = std::max(a.bits(), b.bits());
    CHECK((a + b).bits() == larger);
    CHECK((a - b).bits() == larger);
    CHECK((a * b).bits() == larger);
    CHECK((a / b).bits() == larger);
    CHECK(max(a, b).bits() == larger);
    CHECK(min(a, b).bits() == larger);
    CHECK(hull(a, b).bits() == larger);
    CHECK((a * 7).bits() == a.bits());
    CHECK((1 / b).bits() == b.bits());
    CHECK(exp(a).bits() == a.bits());
    CHECK(step(a).bits() == a.bits());
    CHECK((-a).bits() == a.bits());
  }
}

TEST_CASE("arithmetic encloses the exact result and is no wider than its precision explains [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(11);
  for (int i = 0; i < nke::test::iterations(400); ++i) {
    const Rational p = random.rational(60);
    const Rational q = random.rational(60);
    const Precision precision = random.precision();
    const Ball a(p, precision);
    const Ball b(q, precision);
    CAPTURE(p);
    CAPTURE(q);
    CAPTURE(precision.bits());
    CHECK(a.contains(p));
    CHECK((a + b).contains(p + q));
    CHECK((a - b).contains(p - q));
    CHECK((a * b).contains(p * q));
    const double unit = std::ldexp(1.0, static_cast<int>(-precision.bits()));
    CHECK(a.radius() <= 2 * unit * abs(p).to_double());
    CHECK((a * b).radius() <= 8 * unit * abs(p * q).to_double());
    if (!q.is_zero() && precision.bits() > 10) {
      CHECK((a / b).contains(p / q));
      CHECK((a / b).radius() <= 8 * unit * abs(p / q).to_double());
    }
    Ball sum = a;
    sum += b;
    CHECK(sum == a + b);
  }
}

TEST_CASE("lower and upper are doubles outside the ball, as close as doubles are [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(12);
  for (int i = 0; i < nke::test::iterations(300); ++i) {
    const Rational q = random.rational(80);
    const Ball x(q, Precision::bits(200));
    const double low = x.lower();
    const double high = x.upper();
    CAPTURE(q);
    CHECK(Rational::from_double_exactly(low) <= q);
    CHECK(q <= Rational::from_double_exactly(high));
    CHECK(high <= std::nextafter(std::nextafter(low, HUGE_VAL), HUGE_VAL));
  }
  const Precision precision = Precision::digits(20);
  const Ball huge = exp(Ball(800, precision));
  CHECK(huge.lower() == std::numeric_limits<double>::max());
  CHECK(huge.upper() == HUGE_VAL);
  const Ball tiny = exp(Ball(-800, precision));
  CHECK(tiny.lower() == 0);
  CHECK(tiny.upper() == std::numeric_limits<double>::denorm_min());
  CHECK((-huge).lower() == -HUGE_VAL);
}

TEST_CASE("an interval goes into a ball with both its ends, and keeps its sign [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(13);
  for (int i = 0; i < nke::test::iterations(300); ++i) {
    const Precision precision = random.precision();
    Rational low = random.rational(40);
    Rational high = random.rational(40);
    if (high < low) std::swap(low, high);
    const Ball x = Ball::from_interval(low, high, precision);
    CAPTURE(low);
    CAPTURE(high);
    CAPTURE(precision.bits());
    CHECK(x.contains(low));
    CHECK(x.contains(high));
    CHECK(x.contains((low + high) / 2));
    if (precision.bits() >= 40) {
      const double slack =
          1e-8 * (high - low).to_double() + 1e-11 * abs(high).to_double() + 1e-11 * abs(low).to_double();
      CHECK(x.radius() <= 0.5 * (high - low).to_double() + slack);
    }
    if (low.sign() >= 0) CHECK(x.lower() >= 0);
    if (high.sign() <= 0) CHECK(x.upper() <= 0);
  }
  const Ball exact = Ball::from_interval(-3, 5);
  CHECK(exact.lower() == -3);
  CHECK(exact.upper() == 5);
  CHECK_THROWS_AS((void)Ball::from_interval(2.0, 1.0), DomainError);
  CHECK_THROWS_AS((void)Ball::from_interval(0.0, HUGE_VAL), DomainError);
}

TEST_CASE("comparisons are true only where they are proven [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(14);
  for (int i = 0; i < nke::test::iterations(300); ++i) {
    const Rational p = random.rational(3);
    const Rational q = random.rational(3);
    const Precision precision = Precision::bits(random.integer(2, 30));
    const Ball a(p, precision);
    const Ball b(q, precision);
    if (certainly_less(a, b)) CHECK(p < q);
    if (certainly_less_equal(a, b)) CHECK(p <= q);
    if (certainly_greater(a, b)) CHECK(p > q);
    if (certainly_greater_equal(a, b)) CHECK(p >= q);
    if (p == q) CHECK(a.overlaps(b));
    CHECK(a.overlaps(b) == !(certainly_less(a, b) || certainly_greater(a, b)));
    CHECK(certainly_nonzero(a) == !a.contains_zero());
    if (certainly_positive(a)) CHECK(p.sign() > 0);
    if (certainly_negative(a)) CHECK(p.sign() < 0);
  }
  const Ball around_zero = Ball::from_interval(-1, 1);
  CHECK_FALSE(certainly_less(around_zero, 1));
  CHECK(certainly_less_equal(around_zero, 1));
  CHECK_FALSE(certainly_less(around_zero, around_zero));
}

TEST_CASE("a ball that is not finite says so everywhere, and no comparison holds for it [fact]") {
  const Precision precision = Precision::digits(20);
  for (const Ball& x :
       {Ball(1, precision) / 0, log(Ball(-1, precision)), sqrt(Ball(-1, precision)), log(Ball::from_interval(-1, 1)),
        Ball::from_double_exactly(std::numeric_limits<double>::quiet_NaN()), Ball::indeterminate(precision),
        Ball::from_double_exactly(HUGE_VAL), pow(Ball(-2, precision), Ball(Rational(1, 2), precision))}) {
    CHECK_FALSE(x.is_finite());
    CHECK(x.lower() == -HUGE_VAL);
    CHECK(x.upper() == HUGE_VAL);
    CHECK(x.radius() == HUGE_VAL);
    CHECK_FALSE(certainly_less(x, 5));
    CHECK_FALSE(certainly_greater(x, -5));
    CHECK(x.proven_digits() == 0);
    for (const Ball& y : {x + 1, x * 0, sigmoid(x), tanh(x), sign(x), step(x), abs(x), max(x, Ball(1, precision)),
                          min(Ball(1, precision), x), phi(x), pow_int(x, 3), softplus(x), erf(x), sin(x)}) {
      CHECK_FALSE(y.is_finite());
    }
  }
}

TEST_CASE("balls are values: copies are independent, moves leave something assignable [fact]") {
  Ball a(Rational(1, 3), Precision::digits(40));
  Ball b = a;
  b = b + 1;
  CHECK(a.contains(Rational(1, 3)));
  CHECK(b.contains(Rational(4, 3)));
  const Ball c = std::move(b);
  CHECK(c.contains(Rational(4, 3)));
  b = a;
  CHECK(b == a);
  a = *&a;
  CHECK(a == b);
  CHECK(a.at_precision(Precision::bits(10)).contains(a));
  CHECK(a.at_precision(Precision::bits(10)).bits() == 10);
  CHECK(widen(a, Ball(2)).contains(Rational(7, 3)));
}

TEST_CASE("balls outlive the thread that made them, even with exponents beyond a machine word [fact]") {
  const Precision precision = Precision::digits(40);
  const Ball large(pow(Rational(10), 25), precision);
  Ball power;
  Ball power_of_power;
  std::thread([&] {
    power = exp(large);
    power_of_power = power * power + pi<Ball>(precision);
  }).join();
  CHECK(log(power).overlaps(large));
  CHECK(log(power_of_power).overlaps(2 * large));
  std::thread([&] { power = sqrt(power); }).join();
  CHECK((2 * log(power)).overlaps(large));
  CHECK(log(power).radius() <= 1e-10);
}
