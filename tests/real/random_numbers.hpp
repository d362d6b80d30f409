// SPDX-License-Identifier: Apache-2.0
// Random fractions and precisions for the tests of numbers, biased to where numbers go wrong: zero, one, powers of two
// and their neighbours, the tiny and the huge.
#pragma once

#include <random>

#include <nke/exact/real/precision.hpp>
#include <nke/exact/real/rational.hpp>

#include "support.hpp"

namespace nke::test {

class RandomNumbers {
 public:
  /// `stream` tells the tests apart that share one seed.
  explicit RandomNumbers(std::uint64_t stream) : generator_(seed() * 1000003 + stream) {}

  long integer(long low, long high) { return std::uniform_int_distribution<long>(low, high)(generator_); }

  Precision precision() { return Precision::bits(integer(0, 9) == 0 ? integer(2, 12) : integer(20, 400)); }

  /// A fraction of magnitude at most about 2^reach.
  Rational rational(long reach) {
    switch (integer(0, 7)) {
      case 0: return integer(-2, 2);
      case 1: return sign() * power_of_two(integer(-reach, reach));
      case 2: return sign() * (1 + sign() * power_of_two(-integer(1, 60)));
      case 3: return Rational(integer(-100, 100), integer(1, 100));
      case 4: return sign() * power_of_two(-integer(0, 4 * reach + 10)) * Rational(integer(1, 1000), 1000);
      default: return power_of_two(integer(-3, reach)) * Rational(integer(-1'000'000, 1'000'000), 1'000'003);
    }
  }

  /// A double of any finite kind: ordinary, near one, huge, tiny, subnormal.
  double real(double reach) {
    switch (integer(0, 5)) {
      case 0: return static_cast<double>(integer(-3, 3));
      case 1: return std::ldexp(uniform(-1, 1), static_cast<int>(integer(-1074, -900)));
      case 2: return 1 + std::ldexp(uniform(-1, 1), -static_cast<int>(integer(1, 50)));
      case 3: return std::ldexp(uniform(-1, 1), -static_cast<int>(integer(0, 60)));
      default: return uniform(-reach, reach);
    }
  }

  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(generator_); }

 private:
  long sign() { return integer(0, 1) == 0 ? -1 : 1; }
  static Rational power_of_two(long exponent) { return pow(Rational(2), exponent); }

  std::mt19937_64 generator_;
};

}  // namespace nke::test
