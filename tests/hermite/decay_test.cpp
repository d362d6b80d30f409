// SPDX-License-Identifier: Apache-2.0
// The fitted decay of Hermite coefficients against rates that are known by hand.
#include <cmath>
#include <string>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/decay.hpp>

#include "support.hpp"

namespace nke {
namespace {

struct Known {
  const char* text;
  double variance;
  DecayKind kind;
  double value;
  double near;  // how close the fit is to come
};

TEST_CASE("kinks, poles and Gaussian growth decay as they should, by fit and by theory [fact]") {
  const double pi = std::acos(-1.0);
  const Known known[] = {
      {"step", 1, DecayKind::algebraic, 1.5, 0.01},         {"relu", 1, DecayKind::algebraic, 2.5, 0.01},
      {"leaky_relu", 4, DecayKind::algebraic, 2.5, 0.01},   {"elu", 1, DecayKind::algebraic, 3.5, 0.01},
      {"softsign", 1, DecayKind::algebraic, 3.5, 0.1},      {"max(x,0)^3", 1, DecayKind::algebraic, 4.5, 0.01},
      {"hardswish", 1, DecayKind::algebraic, 2.5, 0.2},     {"tanh", 1, DecayKind::root, pi / 2, 0.003},
      {"tanh", 4, DecayKind::root, pi / 4, 0.003},          {"sigmoid", 1, DecayKind::root, pi, 0.01},
      {"softplus", 1, DecayKind::root, pi, 0.02},           {"silu", 1, DecayKind::root, pi, 0.01},
      {"mish", 1, DecayKind::root, 0.75 * pi, 0.01},  // 1 + e^x = ±i
      {"1/(1+x^2)", 1, DecayKind::root, 1, 0.003},          {"1/(2+x^2)", 1, DecayKind::root, std::sqrt(2.0), 0.003},
      {"erf", 1, DecayKind::geometric, 2.0 / 3, 0.001},  // the series of asin(2c/(1 + 2a))
      {"gelu", 1, DecayKind::geometric, 0.5, 0.001},        {"gelu", 4, DecayKind::geometric, 0.8, 0.002},
      {"exp(-x^2/2)", 1, DecayKind::geometric, 0.5, 0.001}, {"exp(x^2/8)", 1, DecayKind::geometric, 1.0 / 3, 0.001}};
  for (const Known& k : known) {
    const std::string text = k.text;
    CAPTURE(text);
    const HermiteDecay decay = hermite_decay(activation(text), k.variance);
    CHECK(decay.kind == k.kind);
    REQUIRE(decay.theory.value);
    CHECK(*decay.theory.value == doctest::Approx(k.value).epsilon(1e-6));
    CHECK(std::abs(decay.value - k.value) < k.near);
    CHECK(std::abs(decay.value - k.value) < 3 * decay.uncertainty + 1e-9);
    CHECK(decay.uncertainty < 0.3 * k.value);
  }
}

TEST_CASE("polynomials end, waves fall faster than any geometric sequence, zero has nothing [fact]") {
  const HermiteDecay cubic = hermite_decay(activation("x^3-x"));
  CHECK(cubic.kind == DecayKind::finite);
  CHECK(cubic.last == 3);
  CHECK(hermite_decay(activation("0")).last == -1);
  for (const char* text : {"sin(x)", "exp(x)", "cos(2*x)+x", "sin(x)/x"}) {
    CAPTURE(text);
    CHECK(hermite_decay(activation(text)).kind == DecayKind::faster);
  }
}

TEST_CASE("the kink that counts at these degrees is named, not one far out [fact]") {
  // A jump of height 1 at 12 weighs e^{-72} beside the kink at 0.
  const DecayTheory theory = decay_theory(activation("max(x,0)+step(x-12)"), 1, 24, 2000);
  REQUIRE(theory.value);
  CHECK(*theory.value == 2.5);
  const DecayTheory near = decay_theory(activation("max(x,0)+step(x-1)"), 1, 24, 2000);
  REQUIRE(near.value);
  CHECK(*near.value == 1.5);
}

TEST_CASE("what cannot be decided is said, and impossible requests are refused [fault]") {
  const HermiteDecay waves = hermite_decay(activation("abs(sin(x))"));
  CHECK(waves.theory.kind == DecayKind::undecided);
  CHECK(!waves.theory.reason.empty());
  CHECK_THROWS_AS(hermite_decay(activation("tanh"), 0), DomainError);
  CHECK_THROWS_AS(hermite_decay(activation("exp(x^2)")), Error);
  CHECK(to_text(hermite_decay(activation("relu"))).find("n^-p") != std::string::npos);
}

}  // namespace
}  // namespace nke
