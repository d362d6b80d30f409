// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <string>
#include <vector>

#include <nke/exact/real/complex_ball.hpp>
#include <nke/exact/real/error.hpp>

#include "random_numbers.hpp"

using namespace nke;
using nke::test::RandomNumbers;

namespace {

const Precision precision = Precision::bits(120);

ComplexBall box(double re_low, double re_high, double im_low, double im_high) {
  return {Ball::from_interval(re_low, re_high, precision), Ball::from_interval(im_low, im_high, precision)};
}

using Flagged = ComplexBall (*)(const ComplexBall&, Analytic);

}  // namespace

TEST_CASE("a holomorphic function agrees with its real one on the real line [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(40);
  for (int i = 0; i < nke::test::iterations(60); ++i) {
    const Ball x(random.rational(5), precision);
    const Ball positive = abs(x) + Ball(Rational(1, 100), precision);
    const ComplexBall z = x;
    const ComplexBall w = positive;
    CAPTURE(x);
    const std::vector<std::pair<ComplexBall, Ball>> pairs = {
        {exp(z), exp(x)},
        {expm1(z), expm1(x)},
        {sin(z), sin(x)},
        {cos(z), cos(x)},
        {sinh(z), sinh(x)},
        {cosh(z), cosh(x)},
        {tanh(z), tanh(x)},
        {erf(z), erf(x)},
        {erfc(z), erfc(x)},
        {Phi(z), Phi(x)},
        {phi(z), phi(x)},
        {sigmoid(z), sigmoid(x)},
        {pow_int(z, 3), pow_int(x, 3)},
        {atan(z, Analytic::yes), atan(x)},
        {softplus(z, Analytic::yes), softplus(x)},
        {log(w, Analytic::yes), log(positive)},
        {log1p(w, Analytic::yes), log1p(positive)},
        {sqrt(w, Analytic::yes), sqrt(positive)},
        {pow(w, z, Analytic::yes), pow(positive, x)},
        {abs(w, Analytic::yes), positive},
        {abs(-w, Analytic::yes), positive},
        {sign(-w, Analytic::yes), Ball(-1)},
        {step(w, Analytic::yes), Ball(1)},
        {max(z, w, Analytic::yes), positive},
        {min(z, w, Analytic::yes), x},
    };
    int index = 0;
    for (const auto& [complex, real] : pairs) {
      CAPTURE(index);
      ++index;
      CHECK(complex.re().overlaps(real));
      CHECK(complex.im().contains_zero());
      CHECK(complex.abs_upper() <= abs(real).upper() * (1 + 1e-14) + 1e-20 * (1 + std::fabs(x.upper())));
    }
  }
}

TEST_CASE("identities hold off the real line, in balls that are narrow [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(41);
  for (int i = 0; i < nke::test::iterations(60); ++i) {
    const ComplexBall z(Ball(random.rational(2), precision), Ball(Rational(random.integer(-200, 200), 100), precision));
    CAPTURE(z);
    const ComplexBall size = exp(abs(z.re()));
    const std::vector<std::pair<std::string, ComplexBall>> zeros = {
        {"exp", exp(z) * exp(-z) - 1},
        {"pythagoras", sin(z) * sin(z) + cos(z) * cos(z) - 1},
        {"tanh", (tanh(z) * cosh(z) - sinh(z)) / size},
        {"erf", erf(z) + erfc(z) - 1},
        {"Phi", Phi(z) + Phi(-z) - 1},
        {"sigmoid", sigmoid(z) * (1 + exp(-z)) - 1},
        {"softplus", (exp(softplus(z)) - (1 + exp(z))) / size},
        {"sqrt", sqrt(z) * sqrt(z) - z},
        {"log1p", exp(log1p(z)) - (1 + z)},
        {"phi", phi(z) * phi(z) * exp(z * z) * 2 * pi<Ball>(precision) - 1},
        {"pow_int", pow_int(z, 4) - z * z * z * z},
        {"division", (1 / (z + 30)) * (z + 30) - 1},
    };
    for (const auto& identity : zeros) {
      CAPTURE(identity.first);
      if (!identity.second.is_finite()) continue;  // log1p(−1) and its like
      CHECK(identity.second.contains_zero());
      CHECK(identity.second.abs_upper() <= 1e-12);
    }
  }
}

TEST_CASE("with the analytic flag a box that meets a cut or a kink is not finite, without it is [fact]") {
  const ComplexBall on_negative_axis = box(-2, -1, -0.5, 0.5);
  const ComplexBall on_imaginary_axis = box(-0.5, 0.5, 2, 3);
  const ComplexBall harmless = box(1, 2, 0.25, 0.5);
  const std::vector<std::pair<Flagged, ComplexBall>> bad = {
      {sqrt, on_negative_axis},
      {log, on_negative_axis},
      {log1p, on_negative_axis - 1},
      {atan, on_imaginary_axis},
      {softplus, box(-0.1, 0.1, 5, 5.5)},
      {abs, on_imaginary_axis},
      {sign, on_imaginary_axis},
      {step, on_imaginary_axis},
      {[](const ComplexBall& z, Analytic a) { return pow(z, ComplexBall(Rational(1, 3), precision), a); },
       on_negative_axis},
      {[](const ComplexBall& z, Analytic a) { return max(z, 0, a); }, on_imaginary_axis},
      {[](const ComplexBall& z, Analytic a) { return min(z, -z, a); }, on_imaginary_axis},
  };
  int index = 0;
  for (const auto& [f, z] : bad) {
    CAPTURE(index);
    ++index;
    CHECK_FALSE(f(z, Analytic::yes).is_finite());
    CHECK(f(z, Analytic::no).is_finite());
    CHECK(f(harmless, Analytic::yes).is_finite());
    CHECK(f(harmless, Analytic::no).overlaps(f(harmless, Analytic::yes)));
  }
}

TEST_CASE("a finite answer under the analytic flag is the continuation from the real side [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(42);
  for (int i = 0; i < nke::test::iterations(200); ++i) {
    const ComplexBall z(Ball(random.rational(3), precision), Ball(random.rational(2), precision));
    const ComplexBall kink = abs(z, Analytic::yes);
    if (kink.is_finite()) {
      CHECK(kink.overlaps(certainly_positive(z.re()) ? z : -z));
      CHECK(step(z, Analytic::yes) == ComplexBall(certainly_positive(z.re()) ? 1 : 0));
      CHECK(max(z, 0, Analytic::yes).overlaps(certainly_positive(z.re()) ? z : ComplexBall(0)));
    } else {
      CHECK(z.re().contains_zero());
    }
    const ComplexBall root = sqrt(z, Analytic::yes);
    if (root.is_finite()) CHECK(root.overlaps(sqrt(z)));
    const ComplexBall far = 4 * z;  // beyond iπ too
    const ComplexBall soft = softplus(far, Analytic::yes);
    if (!certainly_nonzero(z.re())) continue;
    CHECK(soft.is_finite());
    CHECK(soft.overlaps(certainly_positive(z.re()) ? far + log1p(exp(-far)) : log1p(exp(far))));
  }
}

TEST_CASE("poles inside the box give no finite answer, and none is invented beside them [fact]") {
  CHECK_FALSE(sigmoid(box(-0.5, 0.5, 3, 3.5)).is_finite());
  CHECK(sigmoid(box(-0.5, 0.5, -3, 3)).is_finite() == false);  // too wide a box for one evaluation
  CHECK(sigmoid(box(0.5, 0.75, 3, 3.25)).is_finite());
  CHECK_FALSE(tanh(box(-0.1, 0.1, 1.5, 1.6)).is_finite());
  CHECK(tanh(box(-0.1, 0.1, 1.0, 1.2)).is_finite());
  CHECK_FALSE((1 / box(-1, 1, -1, 1)).is_finite());
  CHECK_FALSE(log(box(-1, 1, -1, 1), Analytic::no).is_finite());
  CHECK_FALSE(pow_int(box(-1, 1, -1, 1), -2).is_finite());
}

TEST_CASE("integers are exact in the plane too [fact]") {
  const ComplexBall i(Ball(0), Ball(1));
  CHECK(i * i == ComplexBall(-1));
  CHECK(pow_int(1 + i, 8) == ComplexBall(16));
  CHECK((1 + i).bits() == 0);
  CHECK_THROWS_AS((void)(1 / i), DomainError);
  CHECK_THROWS_AS((void)exp(i), DomainError);
  CHECK((i * ComplexBall(Rational(1, 3), precision)).bits() == precision.bits());
  CHECK(box(3, 3, 4, 4).abs_upper() == 5);
  CHECK(box(3, 3, 4, 4).abs_lower() == 5);
  CHECK(box(-1, 1, -1, 1).abs_lower() == 0);
  CHECK(box(0, 1, 0, 1).contains(box(0.25, 0.5, 0.25, 0.5)));
}
