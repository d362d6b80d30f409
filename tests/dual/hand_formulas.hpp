// SPDX-License-Identifier: Apache-2.0
// Duals as the literature prints them, typed by hand over balls: oracles that know nothing of normal forms.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke::test {

/// Precision::bits(n) numbers of the point at which all of them are evaluated.
struct BallPoint {
  BallPoint(const Rational& a_, const Rational& b_, const Rational& c_, Precision precision)
      : a(a_, precision),
        b(b_, precision),
        c(c_, precision),
        d(a_ * b_ - c_ * c_, precision),
        two_pi(2 * pi<Ball>(precision)) {}
  Ball a, b, c, d, two_pi;
};

struct HandFormula {
  std::string activation;
  std::function<Ball(const BallPoint&)> value;
  std::function<Ball(const BallPoint&)> derivative;
};

/// relu (Cho & Saul 2009), erf (Williams 1997), gelu (Tsuchida et al. 2021), sin, snake: for a, b > 0, c² < ab.
inline std::vector<HandFormula> hand_formulas() {
  const auto relu_angle = [](const BallPoint& p) { return atan2(sqrt(p.d), -p.c); };
  const auto erf_root = [](const BallPoint& p) { return sqrt((1 + 2 * p.a) * (1 + 2 * p.b) - 4 * p.c * p.c); };
  return {
      {"relu", [=](const BallPoint& p) { return (sqrt(p.d) + p.c * relu_angle(p)) / p.two_pi; },
       [=](const BallPoint& p) { return relu_angle(p) / p.two_pi; }},
      {"erf", [=](const BallPoint& p) { return 4 * atan2(2 * p.c, erf_root(p)) / p.two_pi; },
       [=](const BallPoint& p) { return 8 / (p.two_pi * erf_root(p)); }},
      {"gelu",
       [](const BallPoint& p) {
         const Ball A = 1 + p.a;
         const Ball B = 1 + p.b;
         const Ball s = sqrt(A * B - p.c * p.c);
         return p.c / 4 + p.c * atan2(p.c, s) / p.two_pi + (p.d + p.c * p.c * (1 / A + 1 / B)) / (p.two_pi * s);
       },
       nullptr},
      {"sin", [](const BallPoint& p) { return exp(-(p.a + p.b) / 2) * sinh(p.c); },
       [](const BallPoint& p) { return exp(-(p.a + p.b) / 2) * cosh(p.c); }},
      {"snake",
       [](const BallPoint& p) {
         return p.c + (1 - exp(-2 * p.a) - exp(-2 * p.b) + exp(-2 * (p.a + p.b)) * cosh(4 * p.c)) / 4;
       },
       nullptr},
  };
}

}  // namespace nke::test
