// SPDX-License-Identifier: Apache-2.0
#include "pixel_matrix.hpp"

#include "theory.hpp"

namespace nke {
namespace {

// Which pixel of the input a tap of a window falls on; −1 for padding.
struct Axis {
  int n, out, before, stride;
  bool wraps;
  Axis(int length, const Window& w)
      : n(length),
        out(output_side(length, w.size, w.stride, w.padding)),
        before(padding_before(length, w.size, w.stride, w.padding)),
        stride(w.stride),
        wraps(w.padding == Padding::circular) {}
  int tap(int o, int k) const {
    const int i = o * stride - before + k;
    if (i >= 0 && i < n) return i;
    return wraps ? (i % n + n) % n : -1;
  }
};

PixelMatrix blank(const Axis& y, const Axis& x) {
  PixelMatrix out{y.out, x.out, {}};
  out.at.assign(out.pixels() * out.pixels(), 0);
  return out;
}

}  // namespace

PixelMatrix tap_mean(const PixelMatrix& in, const Window& w) {
  const Axis y(in.height, w), x(in.width, w);
  PixelMatrix out = blank(y, x);
  const double scale = 1.0 / (static_cast<double>(w.size) * w.size);
  for (int pi = 0; pi < out.height; ++pi) {
    for (int pj = 0; pj < out.width; ++pj) {
      double* to =
          out.row(static_cast<std::size_t>(pi) * static_cast<std::size_t>(out.width) + static_cast<std::size_t>(pj));
      for (int a = 0; a < w.size; ++a) {
        for (int b = 0; b < w.size; ++b) {
          const int i = y.tap(pi, a), j = x.tap(pj, b);
          if (i < 0 || j < 0) continue;
          const double* from = in.row(static_cast<std::size_t>(i * in.width + j));
          for (int qi = 0; qi < out.height; ++qi) {
            const int k = y.tap(qi, a);
            if (k < 0) continue;
            for (int qj = 0; qj < out.width; ++qj) {
              const int l = x.tap(qj, b);
              if (l >= 0) to[qi * out.width + qj] += from[k * in.width + l];
            }
          }
        }
      }
      for (std::size_t q = 0; q < out.pixels(); ++q) to[q] *= scale;
    }
  }
  return out;
}

PixelMatrix pooled(const PixelMatrix& in, const Window& w, double factor) {
  const Axis y(in.height, w), x(in.width, w);
  PixelMatrix out = blank(y, x);
  std::vector<double> sum(in.pixels());
  for (int pi = 0; pi < out.height; ++pi) {
    for (int pj = 0; pj < out.width; ++pj) {
      // Over the window of p first, then over that of each q.
      std::fill(sum.begin(), sum.end(), 0.0);
      for (int a = 0; a < w.size; ++a) {
        for (int b = 0; b < w.size; ++b) {
          const int i = y.tap(pi, a), j = x.tap(pj, b);
          if (i < 0 || j < 0) continue;
          const double* from = in.row(static_cast<std::size_t>(i * in.width + j));
          for (std::size_t q = 0; q < sum.size(); ++q) sum[q] += from[q];
        }
      }
      double* to = out.row(static_cast<std::size_t>(pi * out.width + pj));
      for (int qi = 0; qi < out.height; ++qi) {
        for (int qj = 0; qj < out.width; ++qj) {
          double total = 0;
          for (int a = 0; a < w.size; ++a) {
            for (int b = 0; b < w.size; ++b) {
              const int k = y.tap(qi, a), l = x.tap(qj, b);
              if (k >= 0 && l >= 0) total += sum[static_cast<std::size_t>(k * in.width + l)];
            }
          }
          to[qi * out.width + qj] = factor * total;
        }
      }
    }
  }
  return out;
}

}  // namespace nke
