// SPDX-License-Identifier: Apache-2.0
// Kernels of images by offset slices: the fast way for chains of 3×3 convolutions, pools and gap or flatten. Private to
// kernels.
//
// Definition  the network is [conv(3) ACT]…, avgpool(2) and again, then gap or flatten, then dense layers; other networks
//             have no slice plan. Each image is prepared once: √Σ(x,x)_pp before every activation, found by the pair
//             (x, x) in double.
// Error       float: sums over slices in double, 1e-6 of the kernel; double: 1e-12 (tests hold both to pixel_plan.hpp).
// Cost        bench/kernels_images_bench.cpp.
#pragma once

#include <memory>
#include <vector>

#include <nke/data/array.hpp>
#include <nke/kernels/network.hpp>

#include "slice_engine.hpp"

namespace nke {

template <class T>
class SlicePlan {
 public:
  /// Null if the network is no such chain, or an activation has no slice function at the variances of these images. Float
  /// results need not be exact beyond float, nor larger.
  static std::unique_ptr<SlicePlan> make(const Network& network, const Images& x, const Images* y,
                                         bool for_float = sizeof(T) == 4);

  std::size_t images() const { return images_.size(); }
  const PixelKernel& with_itself(std::size_t image) const { return diagonal_[image]; }
  PixelKernel pair(std::size_t i, std::size_t j) const;
  std::size_t bytes() const;

 private:
  SlicePlan() = default;
  bool read(const Network& network, int height, int width);

  Network network_;
  SliceShape shape_;
  std::shared_ptr<const SliceEngine<T>> engine_;
  std::vector<SliceImage<T>> images_;
  std::vector<PixelKernel> diagonal_;
};

}  // namespace nke
