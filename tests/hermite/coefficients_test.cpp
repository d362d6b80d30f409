// SPDX-License-Identifier: Apache-2.0
// Fast Hermite coefficients against formulas worked out by hand, against many-digit quadrature, and against laws. The
// formulas are oracles: none of them is in the library.
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/activation/named.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/coefficients.hpp>
#include <nke/hermite/coefficients_mpfr.hpp>
#include <nke/hermite/nested_quadrature.hpp>
#include <nke/hermite/sampled_function.hpp>

#include "support.hpp"

using nke::activation;
using nke::Activation;
using nke::FastCoefficients;
using nke::hermite_coefficients;
using nke::HermiteRule;

namespace {

constexpr double pi = std::numbers::pi;

double log_factorial(int n) {
  return std::lgamma(n + 1.0);
}

// relu: h_0 = 1/√(2π), h_1 = 1/2, h_n = (−1)^{n/2+1} (n−3)!!/√(2π n!) for even n, 0 for odd n >= 3.
double relu_coefficient(int n) {
  if (n == 1) return 0.5;
  if (n % 2 == 1) return 0;
  if (n == 0) return 1 / std::sqrt(2 * pi);
  double log_double_factorial = 0;
  for (int k = n - 3; k > 1; k -= 2) log_double_factorial += std::log(k);
  const double size = std::exp(log_double_factorial - 0.5 * log_factorial(n)) / std::sqrt(2 * pi);
  return n / 2 % 2 == 1 ? size : -size;
}

// Largest |h_n − want(n)| for n <= 100.
template <class Want>
double worst_error(const FastCoefficients& c, Want want) {
  double worst = 0;
  for (int n = 0; n < static_cast<int>(c.values.size()); ++n) {
    worst = std::max(worst, std::abs(c.values[static_cast<std::size_t>(n)] - want(n)));
  }
  return worst;
}

}  // namespace

TEST_CASE("relu's coefficients are the double factorials [fact]") {
  const FastCoefficients c = hermite_coefficients(activation("relu"), 200, 1);
  CHECK(worst_error(c, relu_coefficient) <= 5e-16);
  CHECK(std::abs(c.norm - 0.5) <= 4e-16);
}

TEST_CASE("step has h_0 = 1/2 and odd coefficients that fall like n^(-3/4) [fact]") {
  // h_n = p_{n−1}(0) φ(0)/√n, from Stein's identity: σ' is the delta function.
  const FastCoefficients c = hermite_coefficients(activation("step"), 100, 1);
  std::vector<double> p(101);
  p[0] = 1;
  for (std::size_t n = 1; n + 1 < p.size(); ++n) {
    p[n + 1] = -std::sqrt(static_cast<double>(n)) * p[n - 1] / std::sqrt(static_cast<double>(n + 1));
  }
  CHECK(worst_error(c, [&](int n) {
          return n == 0 ? 0.5 : p[static_cast<std::size_t>(n - 1)] / std::sqrt(2 * pi * n);
        }) <= 5e-16);
  CHECK(c.tail > 0.01);
}

TEST_CASE("exponentials and sines have their generating-function coefficients at every variance [fact]") {
  for (const double a : {1e-6, 0.3, 1.0, 4.0, 60.0}) {
    CAPTURE(a);
    // E[e^{√a z} p_n] = a^{n/2} e^{a/2}/√n!; norm e^{2a}.
    const FastCoefficients e = hermite_coefficients(activation("exp(x)"), 100, a);
    CHECK(e.norm == doctest::Approx(std::exp(2 * a)).epsilon(1e-13));
    CHECK(worst_error(e, [&](int n) { return std::exp(n / 2.0 * std::log(a) + a / 2 - log_factorial(n) / 2); }) <=
          2e-15 * (1 + a) * std::sqrt(e.norm));
    // sin(2x): (−1)^{(n−1)/2} (2√a)^n e^{−2a}/√n! for odd n.
    const FastCoefficients s = hermite_coefficients(activation("sin(2*x)"), 100, a);
    CHECK(worst_error(s, [&](int n) {
            const double size = std::exp(n * std::log(2 * std::sqrt(a)) - 2 * a - log_factorial(n) / 2);
            return n % 2 == 0 ? 0.0 : (n / 2 % 2 == 0 ? size : -size);
          }) <= 3e-15 * std::sqrt(s.norm));
  }
}

TEST_CASE("expressions nobody has named agree with many-digit quadrature to 5e-16 for n <= 100 [law]") {
  // The named ones are in mpfr_test.cpp.
  for (const char* text :
       {"x/(1+abs(x))", "piecewise(x < -1/3: x^2, x < 2: cos(3*x), exp(-x))", "sin(2*x)*exp(-x^2/9)"}) {
    CAPTURE(text);
    const Activation sigma = activation(text);
    const FastCoefficients fast = hermite_coefficients(sigma, 100, 1);
    const nke::ReferenceCoefficients exact = nke::reference_coefficients(sigma, {.degree = 100, .digits = 22});
    const double error = worst_error(fast, [&](int n) { return std::stod(exact.values[static_cast<std::size_t>(n)]); });
    CHECK(error <= 5e-16);
    CHECK(error <= fast.error_bound);
    CHECK(std::abs(fast.norm - std::stod(exact.norm)) <= 1e-15 * fast.norm);
  }
}

TEST_CASE("Parseval: squares of coefficients add up to the norm, from below, for every named activation [law]") {
  for (const nke::NamedActivation& row : nke::named_activations()) {
    CAPTURE(row.name);
    const Activation sigma = activation(row.name);
    for (const double a : {0.04, 1.0, 7.0}) {
      CAPTURE(a);
      FastCoefficients c;
      try {
        c = hermite_coefficients(sigma, 120, a);
      } catch (const nke::DomainError&) {
        CHECK(!(sigma.growth() && sigma.growth()->square_integrable(nke::Rational(7))));  // only for a reason
        continue;
      }
      double sum = 0;
      for (const double h : c.values) sum += h * h;
      CHECK(sum <= c.norm + c.tail_noise);
      CHECK(std::abs(c.norm - sum - c.tail) <= c.tail_noise);
      CHECK(c.tail_noise <= 1e-13 * c.norm);
      CHECK(c.error_bound <= 1e-14 * std::sqrt(c.norm));
      const nke::Estimate second = nke::NestedQuadrature(sigma, a).second_moment(a);
      CHECK(std::abs(second.value - c.norm) <= 1e-13 * c.norm + second.error_estimate);
    }
  }
}

TEST_CASE("h_n(a) of sigma is h_n(1) of sigma(sqrt(a) x) [law]") {
  struct Scaled {
    const char* text;
    const char* at_four;  // sigma(2 x)
  };
  for (const Scaled& pair : {Scaled{"gelu", "2*x*Phi(2*x)"}, Scaled{"tanh", "tanh(2*x)"},
                             Scaled{"relu6", "min(max(2*x,0),6)"}, Scaled{"elu", "piecewise(x<0: exp(2*x)-1, 2*x)"}}) {
    CAPTURE(pair.text);
    const FastCoefficients one = hermite_coefficients(activation(pair.text), 80, 4),
                           other = hermite_coefficients(activation(pair.at_four), 80, 1);
    CHECK(worst_error(one, [&](int n) { return other.values[static_cast<std::size_t>(n)]; }) <=
          1e-15 * std::sqrt(one.norm));
  }
}

TEST_CASE("a rule for a range of variances gives what a rule for one variance gives [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  std::uniform_real_distribution<double> log_variance(std::log(1e-4), std::log(1e4));
  for (const char* text :
       {"tanh", "gelu", "relu", "relu6", "elu", "mish", "hardswish", "x/(1+abs(x))", "sqrt(abs(x))"}) {
    CAPTURE(text);
    const Activation sigma = activation(text);
    const HermiteRule rule(sigma, {.degree = 60, .min_variance = 1e-4, .max_variance = 1e4});
    for (int i = 0; i < 6; ++i) {
      const double a = std::exp(log_variance(random));
      CAPTURE(a);
      const FastCoefficients wide = rule.coefficients(a), single = hermite_coefficients(sigma, 60, a);
      CHECK(worst_error(wide, [&](int n) { return single.values[static_cast<std::size_t>(n)]; }) <=
            wide.error_bound + single.error_bound);
      CHECK(wide.error_bound <= 4e-15 * std::sqrt(wide.norm));
    }
  }
}

TEST_CASE("relu is homogeneous over twelve decades of variance [law]") {
  const HermiteRule rule(activation("relu"), {.degree = 50, .min_variance = 1e-6, .max_variance = 1e6});
  for (double a = 1e-6; a <= 1e6; a *= 10) {
    const FastCoefficients c = rule.coefficients(std::min(a, 1e6));
    CHECK(worst_error(c, [&](int n) { return std::sqrt(a) * relu_coefficient(n); }) <= 1e-15 * std::sqrt(a));
  }
}

TEST_CASE("variance 0 sees sigma(0): the mean at a jump, the limit where the formula says 0/0 [fact]") {
  CHECK(hermite_coefficients(activation("step"), 5, 0).values[0] == 0.5);
  CHECK(hermite_coefficients(activation("piecewise(x < 0: 1, x <= 0: 7, 4)"), 5, 0).values[0] == 2.5);
  CHECK(hermite_coefficients(activation("relu"), 5, 0).values[0] == 0);
  CHECK(std::abs(hermite_coefficients(activation("sin(x)/x"), 5, 0).values[0] - 1) <= 1e-14);
  CHECK(std::abs(hermite_coefficients(activation("(1-cos(x))/x^2"), 5, 0).values[0] - 0.5) <= 1e-12);
  const FastCoefficients c = hermite_coefficients(activation("exp(x)"), 5, 0);
  CHECK(c.values == std::vector<double>{1, 0, 0, 0, 0, 0});
  CHECK(c.norm == 1);
  CHECK(c.tail == 0);
}

TEST_CASE("singular activations are integrated up to their singularity [fact]") {
  // E√|z| = 2^{1/4} Γ(3/4)/√π, E|z| = √(2/π); E log|z| = −(γ + log 2)/2, E log²|z| = π²/8 + (γ + log 2)²/4.
  const FastCoefficients root = hermite_coefficients(activation("sqrt(abs(x))"), 20, 1);
  CHECK(root.values[0] == doctest::Approx(std::pow(2, 0.25) * std::tgamma(0.75) / std::sqrt(pi)).epsilon(2e-15));
  CHECK(root.norm == doctest::Approx(std::sqrt(2 / pi)).epsilon(2e-15));
  const FastCoefficients log = hermite_coefficients(activation("log(abs(x))"), 20, 1);
  const double mean = -(std::numbers::egamma + std::log(2.0)) / 2;
  CHECK(log.values[0] == doctest::Approx(mean).epsilon(2e-15));
  CHECK(log.norm == doctest::Approx(pi * pi / 8 + mean * mean).epsilon(4e-15));
}

TEST_CASE("a kink that nobody declared is found by the pieces, or the estimate says so [law]") {
  nke::SampledFunction hidden;
  hidden.values = [](std::span<const double> x, std::span<double> y) {
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = std::abs(x[i] - 0.3);
  };
  hidden.name = "abs(x - 3/10), undeclared";
  nke::SampledFunction declared = hidden;
  declared.cuts = {0.3};
  declared.smooth = false;
  const FastCoefficients got = HermiteRule(hidden, {.degree = 40}).coefficients(1);
  const FastCoefficients want = HermiteRule(declared, {.degree = 40}).coefficients(1);
  CHECK(worst_error(got, [&](int n) { return want.values[static_cast<std::size_t>(n)]; }) <=
        got.error_bound + want.error_bound);
  CHECK(got.error_bound <= 1e-13);
}

TEST_CASE("what is not square-integrable is refused with the variance in the message [fault]") {
  const auto message = [](const char* text, double a) -> std::string {
    try {
      hermite_coefficients(activation(text), 10, a);
    } catch (const nke::Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(message("exp(x^2/2)", 1).find("not square-integrable at variance 1") != std::string::npos);
  CHECK(message("exp(x^2/4)", 1).find("not square-integrable at variance 1") != std::string::npos);
  CHECK(message("exp(x^2/4)", 0.5).empty());
  CHECK(message("exp(x)", 1000).find("variance 1000") != std::string::npos);
  CHECK(message("1/abs(x)^(1/2)", 1).find("variance 1") != std::string::npos);
  CHECK(message("tanh", -1).find("-1") != std::string::npos);
  CHECK(message("tanh", std::numeric_limits<double>::quiet_NaN()).find("nan") != std::string::npos);
  CHECK(message("log(abs(x))", 0).find("no value at 0") != std::string::npos);
  CHECK_THROWS_AS(hermite_coefficients(activation("tanh"), -1, 1), nke::DomainError);
  const HermiteRule rule(activation("tanh"), {.degree = 3, .min_variance = 1, .max_variance = 2});
  std::vector<double> h(5);
  CHECK_THROWS_AS(rule(3, std::span(h).first(4)), nke::DomainError);
  CHECK_THROWS_AS(rule(1, h), nke::ShapeError);
  CHECK_THROWS_AS(HermiteRule(activation("tanh"), {.degree = 3, .min_variance = 2, .max_variance = 1}),
                  nke::DomainError);
}
