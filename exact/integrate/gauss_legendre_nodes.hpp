// SPDX-License-Identifier: Apache-2.0
// Nodes and weights of the Gauss-Legendre rules, as balls. For .cpp files only: it shows Arb.
//
// Definition  the m nodes on [−1, 1] in increasing order are the roots of the Legendre polynomial P_m, enclosed by Arb.
// Cost        0.3 ms (m = 30, 50 digits) … 15 ms (m = 200, 200 digits) the first time; kept for later calls.
// Source      Johansson & Mezzarobba, Fast and rigorous arbitrary-precision computation of Gauss-Legendre quadrature
//             nodes and weights (2018).
#pragma once

#include <memory>

#include <nke/exact/integrate/arb_vector.hpp>

namespace nke {

struct GaussLegendreNodes {
  ArbVector nodes;
  ArbVector weights;
  long bits = 0;
};

/// At least this many bits. Thread-safe.
std::shared_ptr<const GaussLegendreNodes> gauss_legendre_nodes(int points, long bits);

}  // namespace nke
