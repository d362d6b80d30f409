// SPDX-License-Identifier: Apache-2.0
// The dual of a layer, by rows, whatever the layer was given as. Private to kernels.
#pragma once

#include <functional>
#include <span>

#include <nke/kernels/network.hpp>

namespace nke {

/// K[j], Kdot[j] at (a, b[j], c[j]), d[j] = a b[j] − c[j]². Kdot may be empty. May run concurrently. Directions at an angle
/// below 1.5e-8, where c does not know it any more, are taken as parallel.
using RowDual = std::function<void(double a, std::span<const double> b, std::span<const double> c,
                                   std::span<const double> d, std::span<double> k, std::span<double> kdot)>;

/// For variances 0 and least … largest.
RowDual row_dual(const Nonlinearity& layer, double least, double largest);
RowDual row_dual(const FormulaDual& layer);

/// K(a,a,a) and K̇(a,a,a).
struct DiagonalDual {
  double value, derivative;
};
DiagonalDual at_diagonal(const RowDual& dual, double a);

}  // namespace nke
