// SPDX-License-Identifier: Apache-2.0
#include "number_text.hpp"

#include <array>
#include <cstdio>

namespace nke {

std::string number_text(double x) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6g", x);
  return text.data();
}

}  // namespace nke
