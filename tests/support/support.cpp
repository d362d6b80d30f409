// SPDX-License-Identifier: Apache-2.0
#include "support.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

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
