// SPDX-License-Identifier: Apache-2.0
// The kernels of points written down once more, as slowly and plainly as they can be: one pair at a time, covariances
// as they are, each dual by an integral inside an integral (plain_dual.hpp).
#pragma once

#include <nke/data/array.hpp>
#include <nke/kernels/network.hpp>

namespace nke::test {

struct PlainPair {
  double nngp, ntk;
};
/// The kernels of two points. The network has no layers of pixels.
PlainPair plain_pair(const Network& network, const double* x, const double* y, std::size_t d);

struct PlainMatrices {
  Matrix nngp, ntk;
};
PlainMatrices plain_matrices(const Network& network, const Matrix& x, const Matrix& y);

}  // namespace nke::test
