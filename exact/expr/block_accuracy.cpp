// SPDX-License-Identifier: Apache-2.0
// What needs no vectors written by hand: a choice, and the table of promises.
#include <cstddef>

#include <nke/exact/expr/block_math.hpp>

namespace nke::block {

void select(In mask, In chosen, In otherwise, Out y) {
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = mask[i] != 0 ? chosen[i] : otherwise[i];
}

std::span<const Accuracy> block_accuracy() {
  static constexpr double everywhere = 1e308;
  static constexpr Accuracy table[] = {
      {"exp", 4, everywhere},
      {"log", 2, everywhere},
      {"sqrt", 0.51, everywhere},
      {"sin", 4, 1e5},
      {"cos", 4, 1e5},
      {"tan", 4, 1e5},
      {"sinh", 3, everywhere},
      {"cosh", 3, everywhere},
      {"tanh", 3, everywhere},
      {"asin", 4, everywhere},
      {"acos", 3, everywhere},
      {"atan", 3, everywhere},
      {"erf", 3, everywhere},
      {"erfc", 4, everywhere},
      {"Phi", 5, everywhere},
      {"phi", 5, everywhere},
      {"sigmoid", 6, everywhere},
      {"softplus", 7, everywhere},
      {"expm1", 4, everywhere},
      {"log1p", 3, everywhere},
      {"square", 0.51, everywhere},
      {"reciprocal", 0.51, everywhere},
  };
  return table;
}

}  // namespace nke::block
