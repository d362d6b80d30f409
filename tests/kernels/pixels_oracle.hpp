// SPDX-License-Identifier: Apache-2.0
// The kernel of two images from its definition, tap by tap: every value of Σ and Θ at a pair of pixels is asked for by
// recursion from the output, with a memory. Each dual is an integral inside an integral (plain_dual.hpp).
#pragma once

#include <nke/data/array.hpp>
#include <nke/kernels/network.hpp>

namespace nke::test {

struct PixelPair {
  double nngp, ntk;
};
PixelPair plain_image_pair(const Network& network, const Images& images, Eigen::Index i, Eigen::Index j);

}  // namespace nke::test
