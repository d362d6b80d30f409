// SPDX-License-Identifier: Apache-2.0
// Gauss-Legendre nodes and weights, for integrals of smooth functions over an interval.
//
// Definition  on [0, 1]: Σ weight_i p(node_i) = ∫_0^1 p for every polynomial of degree < 2m. Nodes ascend, strictly
//             inside.
// Domain      m in 1 … 512, else LimitError.
// Error       computed in long double by Newton's method on the Legendre recurrence, then rounded to double.
// Cost        m² operations the first time, then a look-up. Thread-safe.
#pragma once

#include <vector>

namespace nke {

struct GaussLegendre {
  std::vector<double> node;
  std::vector<double> weight;
};

const GaussLegendre& gauss_legendre(int m);

}  // namespace nke
