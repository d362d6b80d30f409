// SPDX-License-Identifier: Apache-2.0
// A covariance over pairs of pixels, and what windows do to it. Private to kernels.
#pragma once

#include <cstddef>
#include <vector>

#include <nke/kernels/network.hpp>

namespace nke {

/// Entry (p, q), pixels numbered by rows.
struct PixelMatrix {
  int height = 0, width = 0;
  std::vector<double> at;
  std::size_t pixels() const { return static_cast<std::size_t>(height) * static_cast<std::size_t>(width); }
  double* row(std::size_t p) { return at.data() + p * pixels(); }
  const double* row(std::size_t p) const { return at.data() + p * pixels(); }
};

struct Window {
  int size, stride;
  Padding padding;
};

/// The mean over the taps (p+δ, q+δ) of a window, padding counting as 0 in a mean over all k² taps.
PixelMatrix tap_mean(const PixelMatrix& in, const Window& window);
/// The sum over all pairs of pixels of two windows, times `factor`.
PixelMatrix pooled(const PixelMatrix& in, const Window& window, double factor);

}  // namespace nke
