// SPDX-License-Identifier: Apache-2.0
#include "second_opinion.hpp"

#include <nke/hermite/certified_coefficients.hpp>

#include "support.hpp"

namespace nke {
namespace {

TEST_CASE("the balls of the shared rule meet those of Arb's adaptive integration, one by one [law]") {
  for (const char* text : {"tanh", "gelu", "softsign", "hardswish", "max(x^2 - 2, 0)"}) {
    for (const char* variance : {"1/4", "2"}) {
      CAPTURE(text);
      CAPTURE(variance);
      const Activation sigma = activation(text);
      const Rational a = Rational::parse(variance);
      const CertifiedCoefficients found = certified_coefficients(sigma, a, {.degree = 9, .digits = 22});
      for (const int n : {0, 1, 4, 9}) {
        CAPTURE(n);
        const Ball other = test::integrated_coefficient(sigma, a, n, 20);
        REQUIRE(found.values[static_cast<std::size_t>(n)].overlaps(other));
        REQUIRE(other.radius() < 1e-17);
      }
    }
  }
}

}  // namespace
}  // namespace nke
