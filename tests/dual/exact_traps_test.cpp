// SPDX-License-Identifier: Apache-2.0
// The places where a straightforward evaluation of a dual goes wrong, one by one. Each was seen to: naive doubles lose half
// their digits or all of them. Here every value must be narrow and right, by an oracle that avoids the trap altogether.
#include <cmath>
#include <string>

#include <nke/exact/dual/cross_check.hpp>
#include <nke/exact/dual/exact_value.hpp>
#include <nke/exact/real/error.hpp>

#include "support.hpp"

namespace nke {
namespace {

Rational q(const std::string& text) {
  return Rational::parse(text);
}
Ball number(const std::string& text) {
  return Ball(q(text), Precision::digits(80));
}
Ball ten_to(int exponent) {
  return Ball(pow(Rational(10), exponent), Precision::bits(64));
}
Rational next_to_one(int digits) {
  return Rational(1) - pow(Rational(10), -digits);
}

ExactValue exact(const char* activation_text, const Rational& a, const Rational& b, const Rational& c,
                 const ExactOptions& options = {.digits = 40}) {
  return exact_dual(activation(activation_text), a, b, c, options);
}

// The two enclosures have a number in common, and the first is narrow against the second.
void check_close(const Ball& value, const Ball& expected, int digits) {
  CAPTURE(value.to_string(25));
  CAPTURE(expected.to_string(25));
  CHECK(value.overlaps(expected));
  CHECK(certainly_less_equal(abs(value - expected), ten_to(-digits) * abs(expected)));
}

// What an expansion cut short knows.
Ball about(const Ball& x, int digits) {
  return widen(x, ten_to(-digits) * abs(x));
}

constexpr ExactOptions to_value_checked{.digits = 40, .relative_to = RelativeTo::value, .cross_check = true};
constexpr ExactOptions to_value{.digits = 40, .relative_to = RelativeTo::value};

TEST_CASE("relu next to rho = 1: the angle comes from atan2, not from acos(rho) [fact]") {
  // θ = acos ρ by its series in t = 1 − ρ: θ = √(2t)(1 + t/12 + 3t²/160 + …). K = (sin θ + (π − θ) ρ)/2π.
  const Ball t = number("1e-30");
  const Ball theta = sqrt(2 * t) * (1 + t / 12 + 3 * t * t / 160);
  const Ball pi_ball = pi<Ball>(Precision::digits(80));
  const Ball rho = 1 - t;
  const Ball expected = (sin(theta) + (pi_ball - theta) * rho) / (2 * pi_ball);
  check_close(exact("relu", 1, 1, next_to_one(30)).value, widen(expected, ten_to(-75)), 40);
}

TEST_CASE("rectified powers next to rho = -1: tiny values keep their digits [law]") {
  // With w = v + u almost 0: E relu(u)^k relu(−u + w)^k, by the integral over u, whose integrand is nowhere a difference.
  for (const char* name : {"relu", "relu2", "repu(3)", "hardswish"}) {
    CAPTURE(name);
    const Rational c = -next_to_one(12);
    const Ball value = exact(name, 1, 1, c, to_value).value;
    const Ball other = dual_by_integral(normal_form(activation(name)), 1, 1, c, abs(value) * ten_to(-35));
    check_close(value, other, 34);
  }
  // relu: sin θ − θ cos θ over 2π with θ = π − acos ρ: θ³/3 − θ⁵/30 + …
  const Ball t = number("1e-12");
  const Ball theta = sqrt(2 * t) * (1 + t / 12 + 3 * t * t / 160);
  const Ball cube = theta * theta * theta;
  const Ball series = cube / 3 - cube * theta * theta / 30 + cube * pow_int(theta, 4) / 840;
  check_close(exact("relu", 1, 1, -next_to_one(12), to_value).value,
              about(series / (2 * pi<Ball>(Precision::digits(80))), 31), 30);
}

TEST_CASE("kinks that coincide as rho approaches +-1 leave every digit [law]") {
  for (const char* name : {"hardtanh", "softshrink", "relu6"}) {
    for (const Rational& c : {next_to_one(12), -next_to_one(12), next_to_one(30), -next_to_one(30)}) {
      CAPTURE(name);
      CAPTURE(c);
      const ExactValue value = exact(name, 1, 1, c, to_value_checked);
      REQUIRE(value.cross_check);
      check_close(value.value, *value.cross_check, 35);
    }
  }
}

TEST_CASE("a bounded activation at a huge variance is not a difference of huge moments [law]") {
  for (const char* name : {"hardtanh", "triangle", "hard_sigmoid", "erf"}) {
    CAPTURE(name);
    const ExactValue value = exact(name, q("1e12"), q("1e12"), q("5e11"), {.digits = 40, .cross_check = true});
    REQUIRE(value.cross_check);
    check_close(value.value, *value.cross_check, 35);
  }
  // hardtanh is sign but for a set of probability 10⁻⁶: K → (2/π) asin ρ = 1/3.
  const Ball third = exact("hardtanh", q("1e12"), q("1e12"), q("5e11")).value;
  CHECK(std::fabs(third.mid() - 1.0 / 3) < 1e-5);
}

TEST_CASE("an exponential tail against a tiny probability: ELU at variances up to 10^12 [fact]") {
  // The values are adaptive quadrature's; the same formula at 53 and 60 digits agreed on a wrong one.
  const auto elu = [](const char* a, const char* c) { return exact("elu", q(a), q(a), q(c)).value; };
  check_close(elu("10000", "9999.99"), about(number("5000.48899676100694"), 17), 16);
  for (const char* a : {"100", "1e4", "1e12"}) {
    for (const char* rho : {"1/2", "0.999999", "-0.999999"}) {
      CAPTURE(a);
      CAPTURE(rho);
      const Rational c = q(a) * q(rho);
      const ExactValue value = exact("elu", q(a), q(a), c, {.digits = 40, .cross_check = true});
      REQUIRE(value.cross_check);
      check_close(value.value, *value.cross_check, 30);
    }
  }
}

TEST_CASE("at tiny variances K is O(a), not a difference of terms of size one [law]") {
  for (const char* name : {"elu", "erf", "snake", "exp(x) - 1", "sin"}) {
    CAPTURE(name);
    const Rational a = q("1e-12");
    const ExactValue value =
        exact(name, a, a, a / Rational(2), {.digits = 40, .relative_to = RelativeTo::value, .cross_check = true});
    REQUIRE(value.cross_check);
    check_close(value.value, *value.cross_check, 35);
    CHECK(value.value.upper() < 1e-11);
    CHECK(value.value.lower() > 1e-14);
  }
  // erf: (2/π) asin(2c/(1 + 2a)) with c = a/2: 2a/π up to a².
  check_close(exact("erf", q("1e-12"), q("1e-12"), q("5e-13"), to_value).value,
              about(number("2e-12") / pi<Ball>(Precision::digits(80)), 11), 10);
}

TEST_CASE("upper tails are tails, not one minus almost one [fact]") {
  // E step(u − 40) step(v − 40) at c = 0 is Q(40)², Q(40) ≈ 3.7·10⁻³⁵⁰.
  const Ball value = exact("step(x - 40)", 1, 1, 0, to_value).value;
  const Ball tail = erfc(number("40") / sqrt(number("2"))) / 2;
  check_close(value, tail * tail, 39);
  CHECK(certainly_less(value, ten_to(-690)));
  // A narrow window far out: Q(40) − Q(40 + 10⁻²⁰).
  const Ball window = exact("step(x - 40) - step(x - 40 - 1e-20)", 1, 1, 1, to_value).value;
  const Ball density = exp(-number("800")) / sqrt(2 * pi<Ball>(Precision::digits(80)));
  check_close(window, about(density * number("1e-20") * (1 - number("2e-19")), 30), 29);
}

TEST_CASE("thresholds many deviations out: Owen's T with huge arguments, values of 10^-54000 [law]") {
  const Rational a = q("1e-6");
  const ExactValue value =
      exact("softshrink", a, 25 * a, -5 * a * next_to_one(12), {.digits = 40, .cross_check = true});
  REQUIRE(value.cross_check);
  check_close(value.value, *value.cross_check, 39);
  CHECK(certainly_less(abs(value.value), ten_to(-50000)));
  CHECK(certainly_negative(value.value));
  const ExactValue step = exact("step(x - 1)", q("1e-8"), q("1e-8"), 0, to_value_checked);
  REQUIRE(step.cross_check);
  check_close(step.value, *step.cross_check, 39);
}

TEST_CASE(
    "K of a jump has a square-root singularity at rho = 1 and still all its digits; K' grows without bound [fact]") {
  // sign: K = (2/π) asin ρ = 1 − (2/π) acos ρ.
  const Ball t = number("1e-30");
  const Ball theta = sqrt(2 * t) * (1 + t / 12);
  const Ball pi_ball = pi<Ball>(Precision::digits(80));
  check_close(exact("sign", 1, 1, next_to_one(30)).value, 1 - 2 * theta / pi_ball, 40);
  const ExactOptions with_jumps{.digits = 30, .part = DualPart::distributional_derivative};
  const Ball slope = exact("sign", 1, 1, next_to_one(30), with_jumps).value;
  check_close(slope, 2 / (pi_ball * sqrt(t * (2 - t))), 29);
  CHECK_THROWS_AS(exact("sign", 1, 1, 1, with_jumps), DomainError);
}

TEST_CASE("where no precision helps the closed form, the integral answers and says so [fact]") {
  // Undefined at c² = ab as the formula is written (0/0): the method names the reason.
  const ExactValue value = exact("hardtanh", 1, 1, -1, {.digits = 40, .cross_check = true});
  CHECK(value.method.find("integral") == 0);
  REQUIRE(value.cross_check);
  check_close(value.value, *value.cross_check, 39);
  const double one_dimensional = 0.516058550961713300;  // E min(u², 1)
  CHECK(std::fabs(value.value.mid() + one_dimensional) < 1e-15);
  // On the diagonal there is a formula of its own.
  const ExactValue diagonal = exact("hardtanh", 1, 1, 1);
  CHECK(diagonal.method.find("closed form") == 0);
  check_close(diagonal.value, -value.value, 39);
  // e^(-5 10^11) as a difference of terms near 1: 10^11 bits, which nobody waits for.
  for (const DualPart part : {DualPart::value, DualPart::derivative}) {
    const ExactValue tiny = exact("sin(x)*step(x - 1)", q("1e-12"), q("1e12"), q("0.3"), {.digits = 20, .part = part});
    CHECK(tiny.method.find("integral") == 0);
    CHECK(certainly_less_equal(abs(tiny.value), ten_to(-100'000)));
  }
}

}  // namespace
}  // namespace nke
