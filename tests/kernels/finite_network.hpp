// SPDX-License-Identifier: Apache-2.0
// Finite networks with random weights, in the ntk parameterisation: what kernels of infinite ones are the limit of.
//
// Definition  a dense layer is w/√n Wx + b·β with W, β of unit normals; a conv the same on patches, over √(k²) too; pools,
//             gap, flatten and layernorm are what they are on numbers. A layer of pixels sees zeros, or the other side
//             of the image, beyond the border.
// Tangent     with the weights a direction u of random signs is drawn in the space of all weights, and f and ∂_u f are
//             computed forwards: E_u ∂_u f(x) ∂_u f(x') = <∇f(x), ∇f(x')>.
#pragma once

#include <cstdint>

#include <nke/data/array.hpp>
#include <nke/kernels/network.hpp>

namespace nke::test {

/// An image, or a point: one pixel.
struct Signal {
  int height, width;
  Eigen::MatrixXd value;    // (pixels, channels)
  Eigen::MatrixXd tangent;  // its derivative along the drawn direction
};

/// Both inputs through one network whose dense and conv layers have `width` outputs. No dual("…").
void pass_random_network(const Network& network, int width, std::uint64_t seed, Signal& x, Signal& y);

}  // namespace nke::test
