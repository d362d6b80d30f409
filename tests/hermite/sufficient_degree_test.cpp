// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_coefficients.hpp>
#include <nke/hermite/sufficient_degree.hpp>

#include "support.hpp"

namespace nke {
namespace {

SufficientDegree asked(const char* sigma, const char* epsilon, const char* low, const char* high) {
  return sufficient_degree(activation(sigma), {.epsilon = Rational::parse(epsilon),
                                               .min_variance = Rational::parse(low),
                                               .max_variance = Rational::parse(high)});
}

// (T_N / norm) at one variance.
Ball relative_tail(const char* sigma, const Rational& variance, int degree) {
  const CertifiedCoefficients found = certified_coefficients(activation(sigma), variance, {.degree = degree});
  return found.tail / found.norm;
}

TEST_CASE("the degree found is enough at variances all over the range, and one less is not at some [law]") {
  for (const char* sigma : {"tanh", "gelu", "silu"}) {
    for (const char* epsilon : {"1e-3", "1e-6"}) {
      CAPTURE(sigma);
      CAPTURE(epsilon);
      const SufficientDegree found = asked(sigma, epsilon, "1/2", "2");
      const Ball allowed(Rational::parse(epsilon), Precision::bits(100));
      for (const char* variance : {"1/2", "0.6", "0.83", "1", "1.3", "1.77", "2"}) {
        CAPTURE(variance);
        CHECK(certainly_less_equal(relative_tail(sigma, Rational::parse(variance), found.degree), allowed));
      }
      CHECK(found.necessary <= found.degree);
      CHECK(found.necessary >= found.degree - 1);
      // The tails of these grow with the variance.
      CHECK(certainly_greater(relative_tail(sigma, Rational(2), found.necessary - 1), allowed));
    }
  }
}

TEST_CASE("a homogeneous activation needs one variance, a polynomial its degree [fact]") {
  const SufficientDegree relu = asked("relu", "1e-2", "1/1000", "1000");
  CHECK(relu.variances == 1);
  CHECK(relu.degree == 4);  // T_N of relu: 1/2 − 1/(2π) − 1/4 − 1/(4π) = 0.0113 after 2, 0.0047 after 4; norm 1/2
  CHECK(asked("square", "1e-9", "1/10", "10").degree == 2);
}

TEST_CASE("with kinks or jumps and a small epsilon the degree by formula is enough, and of the right order [law]") {
  struct Case {
    const char *sigma, *epsilon, *low, *high;
    int at_most;  // times what is needed
  };
  for (const Case& at : {Case{"hardswish", "1e-5", "1/2", "2", 4},
                         {"elu", "1e-5", "1", "2", 4},
                         {"threshold", "1/20", "1/2", "2", 8},
                         {"step(x - 1/2)", "1/20", "1", "1", 8},
                         {"hardtanh", "3e-4", "1/2", "3", 6}}) {
    CAPTURE(at.sigma);
    const SufficientDegree found = asked(at.sigma, at.epsilon, at.low, at.high);
    CAPTURE(found.degree);
    CAPTURE(found.necessary);
    CHECK(found.necessary <= found.degree);
    CHECK(found.degree <= at.at_most * found.necessary + 8);
    REQUIRE(found.degree <= 2000);
    const Ball allowed(Rational::parse(at.epsilon), Precision::bits(100));
    for (const char* variance : {at.low, at.high}) {
      CAPTURE(variance);
      CHECK(certainly_less_equal(relative_tail(at.sigma, Rational::parse(variance), static_cast<int>(found.degree)),
                                 allowed));
    }
  }
  // Beyond what coefficients can be computed for: T_N of relu is near 0.0846 N^(-3/2) times the norm, so 1e-9 needs 193 000.
  const SufficientDegree far = asked("relu", "1e-9", "1/2", "2");
  CHECK(far.degree > 193000);
  CHECK(far.degree < 400000);
}

TEST_CASE("a range that is empty, a vertical tangent and an epsilon of zero are refused [fault]") {
  CHECK_THROWS_AS(asked("tanh", "0", "1", "2"), DomainError);
  CHECK_THROWS_AS(asked("tanh", "1e-3", "2", "1"), DomainError);
  CHECK_THROWS_AS(asked("tanh", "1e-3", "0", "1"), DomainError);
  CHECK_THROWS_AS(asked("threshold", "1e-9", "1", "2"), NotCertified);  // more than 1e15
  CHECK_THROWS_AS(asked("signed_sqrt", "1e-3", "1", "2"), NotCertified);
}

}  // namespace
}  // namespace nke
