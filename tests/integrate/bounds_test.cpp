// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <complex>
#include <random>

#include <nke/exact/expr/parse.hpp>
#include <nke/exact/integrate/bounds.hpp>

#include "support.hpp"

namespace nke {
namespace {

using Complex = std::complex<double>;

TEST_CASE("a bound on a box is above the function at every point of it, and not far above [law]") {
  CAPTURE(test::seed());
  std::mt19937_64 random(test::seed());
  std::uniform_real_distribution<double> uniform(0, 1);
  const HolomorphicBound of_tanh(parse_expression("tanh(x)"));
  const HolomorphicBound of_sigmoid(parse_expression("x*sigmoid(x)"));
  const HolomorphicBound of_root(parse_expression("sqrt(x^2 + 4)"));
  for (int i = 0; i < test::iterations(200); ++i) {
    Box box{-10 + 20 * uniform(random), 0, 0, 1.4 * uniform(random)};
    box.right = box.left + 0.5 * uniform(random);
    const Complex z(box.left + (box.right - box.left) * uniform(random), box.high * uniform(random));
    CAPTURE(z);
    CAPTURE(box.right - box.left);
    REQUIRE(of_tanh(box) >= std::log(std::abs(std::tanh(z))) - 1e-12);
    REQUIRE(of_sigmoid(box) >= std::log(std::abs(z / (1.0 + std::exp(-z)))) - 1e-12);
    REQUIRE(of_root(box) >= std::log(std::abs(std::sqrt(z * z + 4.0))) - 1e-12);
    REQUIRE(of_root(box) <= std::log(std::abs(z) + 4.5));
  }
}

TEST_CASE("a box with a pole or a branch point in it has no bound [law]") {
  const double pole = std::acos(0.0);
  const HolomorphicBound of_tanh(parse_expression("tanh(x)"));
  CHECK(of_tanh({-0.5, 0.5, 0, pole - 0.05}) < no_bound);
  CHECK(of_tanh({-0.5, 0.5, 0, pole + 0.001}) == no_bound);
  const HolomorphicBound of_root(parse_expression("sqrt(x^2 + 4)"));
  CHECK(of_root({-0.5, 0.5, 0, 1.9}) < no_bound);
  CHECK(of_root({-0.5, 0.5, 0, 2.1}) == no_bound);
  CHECK(HolomorphicBound(parse_expression("0"))({-1, 1, 0, 5}) == -no_bound);
}

TEST_CASE("sums of logarithms are rounded upwards [law]") {
  CHECK(log_sum(0, 0) >= std::log(2.0));
  CHECK(log_sum(0, 0) <= std::log(2.0) + 1e-8);
  CHECK(log_sum(-no_bound, 3) == 3);
  CHECK(log_sum(no_bound, 3) == no_bound);
  CHECK(log_sum(1000, -1000) >= 1000);
}

}  // namespace
}  // namespace nke
