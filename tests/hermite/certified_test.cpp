// SPDX-License-Identifier: Apache-2.0
// Certified coefficients against closed forms typed here, against the plain MPFR quadrature, and against themselves at
// another precision.
#include <cmath>
#include <random>
#include <string>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_coefficients.hpp>
#include <nke/hermite/coefficients_mpfr.hpp>

#include "support.hpp"

namespace nke {
namespace {

constexpr long bits = 400;

Ball ball(const std::string& text) {
  return {Rational::parse(text), Precision::bits(bits)};
}
Ball exact(long n) {
  return Ball(n).at_precision(Precision::bits(bits));
}
Ball factorial(long n) {
  Ball product = exact(1);
  for (long k = 2; k <= n; ++k) product *= exact(k);
  return product;
}

// Each ball holds the true value, and is as narrow as promised.
void check_against(const std::string& text, const std::string& variance, const std::vector<Ball>& truth) {
  for (const int digits : {15, 50}) {
    CAPTURE(text);
    CAPTURE(variance);
    CAPTURE(digits);
    const CertifiedCoefficients found = certified_coefficients(
        activation(text), Rational::parse(variance), {.degree = static_cast<int>(truth.size()) - 1, .digits = digits});
    const double scale = std::sqrt(found.norm.mid());
    for (std::size_t n = 0; n < truth.size(); ++n) {
      CAPTURE(n);
      REQUIRE(found.values[n].overlaps(truth[n]));
      REQUIRE(found.values[n].radius() <= std::pow(10.0, -digits) * scale);
    }
  }
}

// [t^n] of f, times √n!: if E σ(√a (z + t)) = f(t), these are the h_n, since E σ(√a (z + t)) = Σ h_n t^n/√n!.
std::vector<Ball> from_series(std::vector<Ball> f) {
  for (std::size_t n = 0; n < f.size(); ++n) f[n] *= sqrt(factorial(static_cast<long>(n)));
  return f;
}

// erf(βt) = 2/√π Σ (−1)^k (βt)^{2k+1}/(k! (2k+1)).
std::vector<Ball> erf_series(const Ball& beta, std::size_t size) {
  std::vector<Ball> f(size, exact(0));
  for (std::size_t k = 0; 2 * k + 1 < size; ++k) {
    const auto n = static_cast<long>(2 * k + 1);
    f[2 * k + 1] = 2 / sqrt(pi<Ball>(Precision::bits(bits))) * pow_int(beta, n) /
                   (factorial(static_cast<long>(k)) * exact(n)) * (k % 2 == 0 ? 1 : -1);
  }
  return f;
}

TEST_CASE("certified coefficients of relu enclose He_{n-2}(0)/sqrt(2 pi n!) [fact]") {
  // E[max(z, 0) He_n(z)] = He_{n−2}(0)/√(2π) by parts, He_{2m}(0) = (−1)^m (2m−1)!!.
  const Ball density = 1 / sqrt(2 * pi<Ball>(Precision::bits(bits)));
  std::vector<Ball> truth{density, ball("1/2")};
  Ball he = exact(1);
  for (long n = 2; n <= 60; ++n) {
    truth.push_back(n % 2 == 1 ? exact(0) : he * density / sqrt(factorial(n)));
    if (n % 2 == 0) he *= exact(-(n - 1));
  }
  check_against("relu", "1", truth);
  for (Ball& h : truth) h *= sqrt(ball("7/3"));
  check_against("relu", "7/3", truth);
}

TEST_CASE("certified coefficients of erf enclose those of its shifted mean [fact]") {
  // E erf(√a (z + t)) = erf(√(a/(1 + 2a)) t).
  for (const char* variance : {"1/100", "1", "30"}) {
    const Ball a = ball(variance);
    check_against("erf", variance, from_series(erf_series(sqrt(a / (1 + 2 * a)), 61)));
  }
}

TEST_CASE("certified coefficients of gelu enclose those of its shifted mean [fact]") {
  // With m = √a t, s = √(1 + a): E x Φ(x) = m Φ(m/s) + a φ(m/s)/s for x ~ N(m, a).
  for (const char* variance : {"1/10", "1", "9"}) {
    const Ball a = ball(variance);
    const Ball s = sqrt(1 + a);
    const std::size_t size = 61;
    const std::vector<Ball> error = erf_series(sqrt(a) / (s * sqrt(exact(2))), size);
    std::vector<Ball> f(size, exact(0));
    f[1] = sqrt(a) / 2;
    for (std::size_t n = 1; n < size; ++n) f[n] += sqrt(a) * error[n - 1] / 2;
    const Ball front = a / (s * sqrt(2 * pi<Ball>(Precision::bits(bits))));
    for (std::size_t k = 0; 2 * k < size; ++k) {
      const auto power = static_cast<long>(k);
      f[2 * k] += front * pow_int(-a / (2 * s * s), power) / factorial(power);
    }
    check_against("gelu", variance, from_series(f));
  }
}

TEST_CASE("certified coefficients of exp enclose exp(a/2) a^(n/2)/sqrt(n!) [fact]") {
  for (const char* variance : {"1/4", "1", "5"}) {
    const Ball a = ball(variance);
    std::vector<Ball> truth;
    for (long n = 0; n <= 40; ++n) truth.push_back(exp(a / 2) * sqrt(pow_int(a, n) / factorial(n)));
    check_against("exp", variance, truth);
  }
}

TEST_CASE("the norms of relu, erf and exp are those known [fact]") {
  const Precision precision = Precision::bits(bits);
  const CertifiedOptions options{.degree = 5, .digits = 40};
  CHECK(certified_norm(activation("relu"), Ball(3).at_precision(precision), options).overlaps(ball("3/2")));
  // E erf(z)² = (2/π) asin(2/3).
  const Ball of_erf = 2 / pi<Ball>(precision) * atan(exact(2) / sqrt(exact(5)));
  const Ball found = certified_norm(activation("erf"), Ball(1).at_precision(precision), options);
  CHECK(found.overlaps(of_erf));
  CHECK(found.radius() < 1e-40);
  CHECK(certified_norm(activation("exp"), Ball(1).at_precision(precision), options).overlaps(exp(exact(2))));
}

TEST_CASE("certified coefficients hold those of the plain MPFR quadrature [law]") {
  for (const char* text :
       {"tanh", "silu", "mish", "softsign", "elu", "hardswish", "gelu_tanh", "atan", "x*tanh(exp(x))",
        "max(x, x^2/4) - cos(x)", "piecewise(x < -1: 0, x < 1: x^2, 1)", "max(x^2 - 2, 0)", "exp(-x^2)*sin(3*x)"}) {
    for (const char* variance : {"1/50", "1", "16"}) {
      CAPTURE(text);
      CAPTURE(variance);
      const Activation sigma = activation(text);
      const ReferenceCoefficients plain =
          reference_coefficients(sigma, {.degree = 24, .variance = Rational::parse(variance), .digits = 25});
      const CertifiedCoefficients proven =
          certified_coefficients(sigma, Rational::parse(variance), {.degree = 24, .digits = 20});
      const double scale = std::sqrt(proven.norm.mid());
      for (std::size_t n = 0; n < proven.values.size(); ++n) {
        CAPTURE(n);
        const Ball other = ball(plain.values[n]);
        REQUIRE(abs(proven.values[n] - other).lower() <= 10 * plain.error_estimates[n] + 1e-24 * scale);
        REQUIRE(proven.values[n].radius() <= 1e-20 * scale);
      }
      REQUIRE(abs(proven.norm - ball(plain.norm)).lower() <= 10 * plain.norm_error_estimate + 1e-24 * scale * scale);
      REQUIRE(proven.norm.radius() <= 1e-20 * scale * scale * 4);
      REQUIRE(proven.tail.lower() >= 0);
    }
  }
}

TEST_CASE("balls at few digits overlap balls at many, for random expressions [law]") {
  CAPTURE(test::seed());
  std::mt19937_64 random(test::seed());
  const auto number = [&random] { return std::to_string(1 + random() % 9) + "/" + std::to_string(1 + random() % 5); };
  const std::vector<std::string> shapes = {
      "tanh(P*x) + Q*sin(x)",       "max(P*x, Q*tanh(x - R))",      "x*sigmoid(P*x + Q)",
      "abs(x - P)*exp(-Q*x^2)",     "softplus(P*x)/(Q + cos(x)^2)", "piecewise(x < P: sin(Q*x), x - R)",
      "atan(P*x)*log(Q + x^2 + 1)", "min(max(x, -P), Q)^2",         "x/(P + sqrt(x^2 + Q))"};
  for (int i = 0; i < test::iterations(18); ++i) {
    std::string text;
    for (const char c : shapes[static_cast<std::size_t>(i) % shapes.size()]) {
      text += c == 'P' || c == 'Q' || c == 'R' ? number() : std::string(1, c);
    }
    CAPTURE(text);
    const Activation sigma = activation(text);
    const Rational variance = Rational::parse(number());
    const CertifiedCoefficients few = certified_coefficients(sigma, variance, {.degree = 30, .digits = 15});
    const CertifiedCoefficients many = certified_coefficients(sigma, variance, {.degree = 40, .digits = 60});
    for (std::size_t n = 0; n < few.values.size(); ++n) {
      CAPTURE(n);
      REQUIRE(few.values[n].overlaps(many.values[n]));
      REQUIRE(few.values[n].radius() <= 1e-15 * std::sqrt(few.norm.mid()));
    }
    REQUIRE(few.norm.overlaps(many.norm));
  }
}

TEST_CASE("a variance of zero leaves the value at zero, the mean of both sides at a jump [law]") {
  CHECK(certified_coefficients(activation("step"), Rational(0), {.degree = 2}).values[0].contains(Rational(1, 2)));
  CHECK(certified_coefficients(activation("sigmoid"), Rational(0), {.degree = 2}).norm.overlaps(ball("1/4")));
  CHECK(certified_coefficients(activation("x + 2"), Rational(0), {.degree = 2}).values[1].is_exact());
}

TEST_CASE("a kink that only touches is refused, and settled by a declaration that is named [fault]") {
  const Activation touching = activation("max(exp(x), exp(sqrt(2))*(1 + x - sqrt(2)))");
  CHECK_THROWS_AS(certified_coefficients(touching, Rational(1)), NotCertified);
  const CertifiedCoefficients declared = certified_coefficients(
      touching, Rational(1), {.degree = 5, .declared = {.breakpoints = std::vector<Rational>{}}});
  REQUIRE(declared.assumptions.size() == 1);
  CHECK(declared.assumptions[0].find("declared breakpoints: none") != std::string::npos);
  // The other branch is a tangent of exp.
  CHECK(declared.values[0].overlaps(exp(ball("1/2"))));
  CHECK(declared.values[3].overlaps(exp(ball("1/2")) / sqrt(exact(6))));
}

TEST_CASE("unknown growth is refused, and settled by a declaration that is named [fault]") {
  const Activation steep = activation("x*exp(x^3 - x^4)");
  REQUIRE(!steep.growth());
  CHECK_THROWS_AS(certified_coefficients(steep, Rational(1)), NotCertified);
  const GrowthBound bound{.amplitude = 4, .power = 1, .linear = 0, .quadratic = 0};
  const CertifiedCoefficients declared =
      certified_coefficients(steep, Rational(1), {.degree = 5, .digits = 20, .declared = {.growth = bound}});
  CHECK(declared.assumptions.size() == 1);
  CHECK(declared.values[1].radius() < 1e-20);
}

TEST_CASE("what is not square-integrable, negative or too large is refused by name [fault]") {
  CHECK_THROWS_AS(certified_coefficients(activation("exp(x^2/4)"), Rational(2)), DomainError);
  CHECK_THROWS_AS(certified_coefficients(activation("relu"), Rational(-1)), DomainError);
  CHECK_THROWS_AS(certified_coefficients(activation("relu"), Rational(1), {.degree = 6000}), LimitError);
  CHECK_THROWS_AS(certified_coefficients(activation("relu"), Rational(1), {.degree = 5, .digits = 0}), LimitError);
  CHECK_THROWS_AS(certified_coefficients(activation("sqrt(abs(x - 1))"), Rational(1)), NotCertified);
}

}  // namespace
}  // namespace nke
