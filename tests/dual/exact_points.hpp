// SPDX-License-Identifier: Apache-2.0
// Where duals are tried: variances from 10^-12 to 10^12, correlations up to 1 − 10^-30, all of them exact.
#pragma once

#include <array>
#include <random>
#include <string>

#include <nke/exact/real/rational.hpp>

namespace nke::test {

struct ExactPlace {
  Rational a, b, c;
  std::string text() const { return "a = " + a.to_string() + ", b = " + b.to_string() + ", c = " + c.to_string(); }
};

/// Variances a and b = a s² and c = a s ρ, so that √(ab) is a fraction and ρ is exactly what it says.
inline ExactPlace random_place(std::mt19937_64& random) {
  static constexpr std::array variances{"1e-12", "1e-6", "1e-3", "0.3", "1", "2.5", "100", "1e4", "1e12"};
  static constexpr std::array ratios{"1", "1", "2/3", "5", "1e-3", "1e3"};
  static constexpr std::array correlations{"0",
                                           "0.5",
                                           "-0.3",
                                           "0.99",
                                           "-0.9",
                                           "0.999999",
                                           "-0.999999999999",
                                           "0.999999999999",
                                           "0.999999999999999999999999999999",
                                           "-0.999999999999999999999999999999",
                                           "1",
                                           "-1"};
  const auto pick = [&random](const auto& list) { return Rational::parse(list[random() % list.size()]); };
  const Rational a = pick(variances);
  Rational s = pick(ratios);
  if (a * s * s < Rational::parse("1e-12") || a * s * s > Rational::parse("1e12")) s = Rational(1);
  const Rational rho = pick(correlations);
  return {a, a * s * s, a * s * rho};
}

}  // namespace nke::test
