// SPDX-License-Identifier: Apache-2.0
// The kernel of one pair of images by the plain recursion over all pairs of their pixels: any layer, double precision.
// Private to kernels.
//
// Definition  Σ and Θ are matrices over pixels p of x and q of x'; every layer of network.hpp acts on them as its comment
//             says. Activations need Σ(x,x)_pp and Σ(x',x')_qq: the diagonals of the images with themselves, found once
//             an image by the same recursion on the pair (x, x).
// Cost        P² numbers for each of Σ and Θ and as much scratch; a dual, and k² or k⁴ additions (pools: 2k²), a pair of
//             pixels and layer.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <nke/data/array.hpp>
#include <nke/kernels/network.hpp>

#include "row_dual.hpp"

namespace nke {

/// Σ(x,x)_pp of one image before each layer that asks for it, in the order of the layers.
using PixelVariances = std::vector<std::vector<double>>;

struct PixelKernel {
  double nngp = 0, ntk = 0;
};

/// DomainError or ShapeError unless the network covers these images, and all of them are finite.
void require_images(const Network& network, const Images& x, const Images* y);

class PixelPlan {
 public:
  /// The images' variances decide for which the duals of activations are made ready.
  PixelPlan(const Network& network, const Images& x, const Images* y);

  std::size_t images() const { return variances_.size(); }
  /// Images are numbered through x, then y.
  const PixelVariances& variances(std::size_t image) const { return variances_[image]; }
  const PixelKernel& with_itself(std::size_t image) const { return diagonal_[image]; }
  PixelKernel pair(std::size_t i, std::size_t j) const;
  std::size_t bytes_per_pair() const;

 private:
  struct State;
  struct Walk;
  std::span<const double> pixels(std::size_t image) const;

  Network network_;
  const Images& x_;
  const Images* y_;
  std::vector<RowDual> duals_;  // of the activations in order
  std::vector<PixelVariances> variances_;
  std::vector<PixelKernel> diagonal_;
};

}  // namespace nke
