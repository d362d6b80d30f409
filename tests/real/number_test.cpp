// SPDX-License-Identifier: Apache-2.0
// double's functions against proven balls, and the concept they share.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <nke/exact/real/complex_ball.hpp>
#include <nke/exact/real/mpfr.hpp>
#include <nke/exact/real/number.hpp>

#include "random_numbers.hpp"

using namespace nke;
using nke::test::RandomNumbers;

static_assert(Real<double> && Real<Mpfr> && Real<Ball> && Real<ComplexBall>);
static_assert(!Real<int> && !Real<Rational>);

namespace {

// |got − exact| in units in the last place of got.
double ulps(double got, const Ball& exact) {
  const double next = std::nextafter(std::fabs(got), HUGE_VAL) - std::fabs(got);
  const Ball error = abs(Ball::from_double_exactly(got, Precision::bits(1200)) - exact);
  return (error / Ball::from_double_exactly(next)).upper();
}

// One formula, written once: what the concept is for.
template <Real T>
T gelu_tanh(const T& x, Precision precision) {
  const T c = number<T>(Rational::parse("0.044715"), precision);
  return x * (1 + tanh(sqrt(2 / pi<T>(precision)) * (x + c * pow_int(x, 3)))) / 2;
}

struct DoubleFunction {
  std::string name;
  double (*real)(double);
  Ball (*ball)(const Ball&);
  double reach;
  double stated;  // ulp, for normal results
};

}  // namespace

TEST_CASE("double's own functions are as accurate as their header says [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(60);
  const std::vector<DoubleFunction> functions = {{"sigmoid", sigmoid, sigmoid, 708, 4},
                                                 {"softplus", softplus, softplus, 708, 4},
                                                 {"Phi", Phi, Phi, 37.5, 8},
                                                 {"phi", phi, phi, 37.5, 4}};
  for (const auto& f : functions) {
    double worst = 0;
    for (int i = 0; i < nke::test::iterations(2000); ++i) {
      const double x = random.real(f.reach);
      const double got = f.real(x);
      if (std::fpclassify(got) != FP_NORMAL) continue;
      const double error = ulps(got, f.ball(Ball::from_double_exactly(x, Precision::bits(160))));
      worst = std::max(worst, error);
      if (error > f.stated) {
        CAPTURE(f.name);
        CAPTURE(x);
        CHECK(error <= f.stated);
      }
    }
    CHECK(worst <= f.stated);
    CHECK(worst > 0.3);  // an error below half a unit everywhere would mean that nothing was measured
    MESSAGE(f.name, ": at most ", worst, " ulp");
  }
}

TEST_CASE("no argument overflows on the way, and the limits are exact [fact]") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(sigmoid(1000.0) == 1);
  CHECK(sigmoid(-1000.0) == 0);
  CHECK(sigmoid(infinity) == 1);
  CHECK(sigmoid(-infinity) == 0);
  CHECK(softplus(1000.0) == 1000);
  CHECK(softplus(infinity) == infinity);
  CHECK(softplus(-infinity) == 0);
  CHECK(softplus(-700.0) == doctest::Approx(std::exp(-700.0)).epsilon(1e-15));
  CHECK(Phi(infinity) == 1);
  CHECK(Phi(-infinity) == 0);
  CHECK(Phi(0.0) == 0.5);
  CHECK(Phi(1e300) == 1);
  CHECK(phi(infinity) == 0);
  CHECK(phi(1e200) == 0);
}

TEST_CASE("kinks of double have the documented values, and NaN stays NaN [fact]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(step(0.0) == 0.5);
  CHECK(step(-0.0) == 0.5);
  CHECK(step(-3.0) == 0);
  CHECK(step(3.0) == 1);
  CHECK(sign(0.0) == 0);
  CHECK(sign(-3.0) == -1);
  CHECK(min(2.0, 3.0) == 2);
  CHECK(max(2.0, 3.0) == 3);
  for (const double x : {step(nan), sign(nan), min(nan, 1.0), min(1.0, nan), max(nan, 1.0), max(1.0, nan), abs(nan),
                         Phi(nan), phi(nan), sigmoid(nan), softplus(nan), pow_int(nan, 2)}) {
    CHECK(std::isnan(x));
  }
}

TEST_CASE("pow_int is the power [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(61);
  for (int i = 0; i < nke::test::iterations(300); ++i) {
    const double x = random.uniform(-10, 10);
    const long n = random.integer(-20, 20);
    CAPTURE(x);
    CAPTURE(n);
    CHECK(ulps(pow_int(x, n), pow_int(Ball::from_double_exactly(x, Precision::bits(200)), n)) <= 2.5);
  }
  CHECK(pow_int(0.0, 0) == 1);
}

TEST_CASE("one template formula gives the same value over every number type [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(62);
  const Precision precision = Precision::bits(150);
  for (int i = 0; i < nke::test::iterations(100); ++i) {
    const Rational q = Rational::from_double_exactly(random.uniform(-6, 6));
    CAPTURE(q);
    const Ball ball = gelu_tanh(Ball(q, precision), precision);
    CHECK(ball.radius() <= 1e-40);
    const ComplexBall complex = gelu_tanh(ComplexBall(q, precision), precision);
    CHECK(complex.re().overlaps(ball));
    CHECK(complex.im().contains_zero());
    const Rational plain = gelu_tanh(Mpfr(q, precision), precision).to_rational();
    CHECK(abs(Ball(plain, precision) - ball).upper() <= 1e-40);
    CHECK(std::fabs(gelu_tanh(q.to_double(), precision) - ball.mid()) <= 2e-15 * (1 + std::fabs(ball.mid())));
  }
}

TEST_CASE("constants are the nearest doubles to the proven ones [fact]") {
  const Precision precision = Precision::digits(40);
  CHECK(pi<double>(precision) == pi<Ball>(precision).mid());
  CHECK(euler<double>(precision) == euler<Ball>(precision).mid());
  CHECK(number<double>(Rational::parse("0.1"), precision) == 0.1);
  CHECK(pi<Ball>(precision).overlaps(4 * atan(Ball(1, precision))));
  CHECK(euler<Ball>(precision).overlaps(exp(Ball(1, precision))));
}
