// SPDX-License-Identifier: Apache-2.0
// The arithmetic of a slice plan in one number type: images prepared, pairs of them summed up. Private to kernels.
//
// Units   every convolution has its own: its covariances are those of the theory times 2^−E, so that neither depth nor
//         scale takes them out of the range of the type; the w²/9 of a convolution, and the mean over channels or a pool
//         before it, are in the numbers that enter it.
#pragma once

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

struct SliceShape {
  std::vector<SliceChain> chains;
  bool flatten = false;
  std::vector<Dense> tail;
  int channels = 0;
};

/// An image as the slices want it: planes with padded rows.
template <class T>
struct SliceImage {
  AlignedVector<T> channels;
  struct Planes {
    AlignedVector<T> inverse, root, series;
  };
  std::vector<std::vector<Planes>> layers;  // of each chain
  bool outside = false;                     // of what some activation is right for: slices have no entry
};

template <class T>
class SliceEngine {
 public:
  explicit SliceEngine(const SliceShape& shape) : shape_(&shape) {}
  /// `largest` bounds the means of a window of the input. False if an activation has no slice function.
  bool prepare(double largest, double tolerance);

  /// What the coefficients of one image take.
  std::size_t series_bytes() const;

  SliceImage<T> blank(const Images& images, Eigen::Index i) const;
  /// The same image in the lanes of T, from the one prepared in double.
  SliceImage<T> narrowed(const SliceImage<double>& wide, const Images& images, Eigen::Index i) const;
  PixelKernel pair(const SliceImage<T>& x, const SliceImage<T>& y) const;
  /// The pair (x, x), noting variances before each chain needs them.
  PixelKernel with_itself(SliceImage<T>& image) const;

 private:
  struct Buffers;
  // A convolution and its activation.
  struct Stage {
    double scale = 1, bias = 0;  // what its input was multiplied by, what is added
    double out = 1;              // what its output is to be multiplied by
    long exponent = 0;           // variances are these times 2^exponent
    SliceFunction<T> function;
    /// What is homogeneous has no need of an exponent; nothing else has one of more than three digits.
    SliceUnits units() const { return {function.homogeneous() ? 0 : static_cast<int>(exponent), out}; }
  };
  kernels::simd::SliceSums run_chain(std::size_t number, const SliceImage<T>& x, const SliceImage<T>& y,
                                     Buffers& b) const;
  void note_variances(std::size_t number, std::vector<double> diagonal, SliceImage<T>& image) const;
  PixelKernel finished(double k, double m) const;

  const SliceShape* shape_;
  std::vector<std::vector<Stage>> stages_;  // of each chain
};

}  // namespace nke
