// SPDX-License-Identifier: Apache-2.0
// The many-digit coefficients against closed forms of the literature, and the fast ones against them.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/exact/real/mpfr.hpp>
#include <nke/hermite/coefficients.hpp>
#include <nke/hermite/coefficients_mpfr.hpp>

#include "support.hpp"

using namespace nke;

namespace {

const Precision precision = Precision::digits(120);

Mpfr plain(const Rational& q) {
  return {q, precision};
}
Mpfr read(const std::string& decimal) {
  return plain(Rational::parse(decimal));
}

Rational factorial(long n) {
  return n < 2 ? Rational(1) : n * factorial(n - 1);
}
Rational double_factorial(long n) {
  return n < 2 ? Rational(1) : n * double_factorial(n - 2);
}
long alternating(long k) {
  return k % 2 == 0 ? 1 : -1;
}

// Every coefficient is the closed form to the digits asked for, and to its own estimate.
template <class ClosedForm>
void check_against(const std::string& text, const ReferenceOptions& options, ClosedForm closed_form) {
  CAPTURE(text);
  CAPTURE(options.digits);
  const ReferenceCoefficients got = reference_coefficients(activation(text), options);
  REQUIRE(got.values.size() == static_cast<std::size_t>(options.degree) + 1);
  const double root_norm = std::sqrt(std::stod(got.norm));
  const double unit = root_norm * std::pow(10.0, -options.digits);
  for (int n = 0; n <= options.degree; ++n) {
    CAPTURE(n);
    const auto index = static_cast<std::size_t>(n);
    const double error = abs(read(got.values[index]) - closed_form(n)).to_double();
    CHECK(error <= 2 * unit);
    CHECK(error <= got.error_estimates[index] + unit);
    CHECK(got.error_estimates[index] <= unit);
  }
}

}  // namespace

TEST_CASE("relu's coefficients are the double factorials, at any variance [fact]") {
  // h_0 = √(a/2π), h_1 = √a/2, h_2k = √a (−1)^(k+1) (2k−3)!!/√(2π (2k)!), the other odd ones 0.
  for (const int digits : {16, 40, 100}) {
    const ReferenceOptions options{.degree = 30, .variance = Rational(7, 3), .digits = digits};
    check_against("relu", options, [&](long n) {
      const Mpfr root = sqrt(plain(options.variance));
      if (n == 1) return root / 2;
      if (n % 2 == 1) return plain(0);
      const long k = n / 2;
      const Mpfr magnitude = plain(double_factorial(2 * k - 3)) / sqrt(2 * pi<Mpfr>(precision) * plain(factorial(n)));
      return root * magnitude * (k == 0 ? 1 : alternating(k + 1));
    });
  }
}

TEST_CASE("sign, a jump, has its closed form [fact]") {
  // h_2k+1 = (−1)^k √(2/π) (2k−1)!!/√(2k+1)!
  check_against("sign(x)", {.degree = 31, .variance = 5, .digits = 30}, [](long n) {
    if (n % 2 == 0) return plain(0);
    const long k = (n - 1) / 2;
    return alternating(k) * sqrt(2 / pi<Mpfr>(precision)) * plain(double_factorial(n - 2)) / sqrt(plain(factorial(n)));
  });
}

TEST_CASE("sin, exp and a cubic have the coefficients of their generating function [fact]") {
  // E[e^(tz) He_n(z)] = t^n e^(t²/2), with t = √a and t = i√a.
  const Rational a(9, 4);
  const Mpfr t = plain(Rational(3, 2));
  check_against("sin(x)", {.degree = 40, .variance = a, .digits = 60}, [&](long n) {
    if (n % 2 == 0) return plain(0);
    return alternating((n - 1) / 2) * pow_int(t, n) * exp(-t * t / 2) / sqrt(plain(factorial(n)));
  });
  check_against("exp(x)", {.degree = 40, .variance = a, .digits = 60},
                [&](long n) { return pow_int(t, n) * exp(t * t / 2) / sqrt(plain(factorial(n))); });
  // x³ = t³ (He_3 + 3 He_1)(z)
  check_against("x^3", {.degree = 12, .variance = a, .digits = 60}, [&](long n) {
    return n == 1 ? 3 * pow_int(t, 3) : n == 3 ? sqrt(plain(6)) * pow_int(t, 3) : plain(0);
  });
}

TEST_CASE("the norm of erf is Williams' arc sine, and the tail what the coefficients leave of it [fact]") {
  // E erf(√a z)² = 2/π asin(2a/(1+2a)): Williams 1997.
  const ReferenceCoefficients got =
      reference_coefficients(activation("erf"), {.degree = 60, .variance = 3, .digits = 50});
  const Mpfr sine = plain(Rational(6, 7));
  const Mpfr norm = 2 / pi<Mpfr>(precision) * atan2(sine, sqrt(1 - sine * sine));
  CHECK(abs(read(got.norm) - norm).to_double() <= 1e-49);
  CHECK(got.norm_error_estimate <= 1e-49);
  Mpfr left = norm;
  for (const std::string& value : got.values) left -= pow_int(read(value), 2);
  CHECK(abs(read(got.tail) - left).to_double() <= 1e-47);
  CHECK(read(got.tail) > 0);
  CHECK(got.method == "trapezoid");
}

TEST_CASE("at variance 0 only the value at 0 is left [fact]") {
  const ReferenceCoefficients got =
      reference_coefficients(activation("step(x) + cos(x)"), {.degree = 3, .variance = 0, .digits = 20});
  CHECK(got.values == std::vector<std::string>{"1.5", "0", "0", "0"});
  CHECK(got.norm == "2.25");
}

TEST_CASE("estimates are honest: fifteen digits agree with forty to within what they claim [law]") {
  for (const std::string text : {"tanh", "gelu", "elu", "mish", "hardswish"}) {
    CAPTURE(text);
    const auto few = reference_coefficients(activation(text), {.degree = 30, .variance = Rational(5, 2), .digits = 15});
    const auto many =
        reference_coefficients(activation(text), {.degree = 30, .variance = Rational(5, 2), .digits = 40});
    const double unit = 1e-15 * std::sqrt(std::stod(few.norm));
    for (std::size_t n = 0; n < few.values.size(); ++n) {
      CAPTURE(n);
      CHECK(abs(read(few.values[n]) - read(many.values[n])).to_double() <= few.error_estimates[n] + unit);
      CHECK(few.error_estimates[n] <= unit);
    }
  }
}

namespace {

struct Worst {
  double error = 0;
  std::string where = "none";
};

// The fast coefficients of one activation at one variance; `allowed` is absolute.
void check_fast(const std::string& name, const Rational& variance, double allowed, Worst& worst) {
  CAPTURE(name);
  CAPTURE(variance);
  const Activation sigma = activation(name);
  const FastCoefficients fast = hermite_coefficients(sigma, 100, variance.to_double());
  const ReferenceCoefficients slow = reference_coefficients(sigma, {.degree = 100, .variance = variance, .digits = 20});
  REQUIRE(fast.values.size() == 101);
  for (std::size_t n = 0; n <= 100; ++n) {
    CAPTURE(n);
    const Rational difference = Rational::from_double_exactly(fast.values[n]) - Rational::parse(slow.values[n]);
    const double error = std::fabs(difference.to_double());
    CHECK(slow.error_estimates[n] <= 1e-18);
    CHECK(error <= allowed);
    if (error > worst.error) {
      worst = {error, "h_" + std::to_string(n) + " of " + name + " at variance " + variance.to_string()};
    }
  }
  const double norm = std::stod(slow.norm);
  CHECK(std::fabs(fast.norm - norm) <= 1e-15 * (1 + norm));
}

}  // namespace

TEST_CASE("the fast coefficients are within 5e-16 of these, kinks or not [law]") {
  for (const Rational& variance : {Rational(1), Rational(1, 4), Rational(2)}) {
    Worst worst;
    for (const std::string name : {"relu", "leaky_relu", "elu", "selu", "hardswish", "hardtanh", "abs(x)", "gelu",
                                   "tanh", "silu", "mish", "softplus", "erf", "sin(x)"}) {
      check_fast(name, variance, 5e-16, worst);
    }
    MESSAGE("largest error of a fast coefficient: ", worst.error, ", ", worst.where);
  }
}

TEST_CASE("where the norm is large the fast coefficients are as good relative to its root [law]") {
  // E relu(√a z)⁴ = 3a²/2
  Worst worst;
  for (const long variance : {2, 9}) {
    check_fast("relu(x)^2", variance, 5e-16 * std::sqrt(1.5) * static_cast<double>(variance), worst);
  }
}

TEST_CASE("what cannot be computed is refused with its reason [fault]") {
  const Activation sigma = activation("tanh");
  CHECK_THROWS_AS((void)reference_coefficients(sigma, {.degree = -1}), LimitError);
  CHECK_THROWS_AS((void)reference_coefficients(sigma, {.degree = 2001}), LimitError);
  CHECK_THROWS_AS((void)reference_coefficients(sigma, {.digits = 0}), LimitError);
  CHECK_THROWS_AS((void)reference_coefficients(sigma, {.digits = 201}), LimitError);
  CHECK_THROWS_AS((void)reference_coefficients(sigma, {.variance = -1}), DomainError);
  // exp(x²/4) is square integrable below variance 1 and not from there on.
  CHECK_THROWS_AS((void)reference_coefficients(activation("exp(x^2/4)"), {.degree = 4, .variance = 1}), DomainError);
  CHECK_NOTHROW((void)reference_coefficients(activation("exp(x^2/4)"), {.degree = 4, .variance = Rational(1, 2)}));
}
