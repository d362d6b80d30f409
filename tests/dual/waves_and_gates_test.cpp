// SPDX-License-Identifier: Apache-2.0
// Waves times gates: the normal distribution functions at complex arguments, held to the certified integral, which has
// neither of them.
#include <array>
#include <string>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/dual/exact_value.hpp>

#include "support.hpp"

using namespace nke;

TEST_CASE("the dual of a wave times a gate is the certified integral [law]") {
  struct At {
    const char *a, *b, *c;
  };
  constexpr std::array<At, 3> points{At{"1", "1", "0.5"}, At{"4", "0.01", "-0.15"}, At{"1", "1", "0.999999"}};
  for (const char* name : {"step(x)*sin(x)", "max(x, 0) + sin(x)", "cos(2*x)*erf(x)", "x*Phi(x)*cos(x)"}) {
    for (const At& at : points) {
      for (const DualPart part : {DualPart::value, DualPart::derivative}) {
        CAPTURE(std::string(name));
        CAPTURE(std::string(at.c));
        const ExactValue value = exact_dual(activation(name), Rational::parse(at.a), Rational::parse(at.b),
                                            Rational::parse(at.c), {.digits = 25, .part = part, .cross_check = true});
        CHECK(value.method.find("closed form") == 0);
        CHECK(value.agrees());
        CHECK(value.value.radius() < 1e-24);
        CHECK(value.cross_check->radius() < 1e-24);
      }
    }
  }
}

TEST_CASE("the derivative of a cut wave has a scale where one variance is tiny and the other huge [fact]") {
  // E sigma'(u)^2 is e^(-5e11), and the form of the derivative on the diagonal does not say so at any precision.
  const Ball value = exact_dual(activation("sin(x)*step(x - 1)"), Rational::parse("1e-12"), Rational::parse("1e12"), 1,
                                {.digits = 25, .part = DualPart::derivative})
                         .value;
  CHECK(certainly_less(abs(value), exp(Ball(Rational::parse("-2.5e11"), Precision::digits(40)))));
}
