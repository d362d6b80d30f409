// SPDX-License-Identifier: Apache-2.0
// The main of every test program. NKE_SEED sets the seed of random tests, NKE_TEST_MULTIPLIER scales their iterations.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <algorithm>
#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

#include "support.hpp"

namespace nke::test {

std::uint64_t seed() {
  const char* text = std::getenv("NKE_SEED");
  return text == nullptr ? 20220904ULL : std::stoull(text);
}

int iterations(int base) {
  const char* text = std::getenv("NKE_TEST_MULTIPLIER");
  return text == nullptr ? base : std::max(1, static_cast<int>(base * std::stod(text)));
}

}  // namespace nke::test
