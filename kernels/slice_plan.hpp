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

#include <tbb/cache_aligned_allocator.h>

#include <nke/data/array.hpp>
#include <nke/kernels/network.hpp>

#include "pixel_plan.hpp"
#include "slice_activation.hpp"

namespace nke {

template <class T>
using AlignedVector = std::vector<T, tbb::cache_aligned_allocator<T>>;

/// One chain of convolutions between pools.
struct SliceChain {
  int height = 0, width = 0;
  std::vector<Conv> convolutions;
  std::vector<const Layer*> activations;
  int reach = 0;  // offsets |dy|, |dx| ≤ reach matter for the output
};

/// An image as the slices want it: planes with padded rows.
template <class T>
struct SliceImage {
  AlignedVector<T> channels;
  struct Planes {
    AlignedVector<T> inverse, root, series;
  };
  std::vector<std::vector<Planes>> layers;  // of each chain
};

template <class T>
class SlicePlan {
 public:
  /// Null if the network is no such chain, or an activation has no slice function.
  static std::unique_ptr<SlicePlan> make(const Network& network, const Images& x, const Images* y);

  std::size_t images() const { return images_.size(); }
  const PixelKernel& with_itself(std::size_t image) const { return diagonal_[image]; }
  PixelKernel pair(std::size_t i, std::size_t j) const;
  std::size_t bytes() const;

 private:
  template <class U>
  struct Engine;
  SlicePlan() = default;
  bool read(const Network& network, int height, int width);
  PixelKernel finished(double k, double m) const;

  Network network_;
  std::vector<SliceChain> chains_;
  bool flatten_ = false;
  std::vector<Dense> tail_;
  int channels_ = 0;
  std::shared_ptr<const Engine<T>> engine_;
  std::vector<SliceImage<T>> images_;
  std::vector<PixelKernel> diagonal_;
};

}  // namespace nke
