// SPDX-License-Identifier: Apache-2.0
#include "slice_engine.hpp"

#include <algorithm>
#include <cmath>

namespace nke {
namespace {

namespace simd = kernels::simd;

// A row in whole vectors: 1, 2, 4 or 8 of them; 0 if that is not enough.
template <class T>
std::size_t padded(int width) {
  const std::size_t lanes = simd::vector_bytes() / sizeof(T);
  if (lanes == 0) return 0;
  for (std::size_t vectors = 1; vectors <= simd::slice_vectors; vectors *= 2) {
    if (vectors * lanes >= static_cast<std::size_t>(width)) return vectors * lanes;
  }
  return 0;
}

// Rows twice as wide, each followed by itself: any rotation of a row is a part of it.
template <class T>
void repeat_rows(const AlignedVector<T>& from, int width, std::size_t stride, AlignedVector<T>& to) {
  const auto n = static_cast<std::size_t>(width);
  to.assign(2 * from.size(), T{0});
  for (std::size_t row = 0; row < from.size(); row += stride) {
    std::copy_n(from.data() + row, n, to.data() + 2 * row);
    std::copy_n(from.data() + row, n, to.data() + 2 * row + n);
  }
}

template <class T>
void turn(const AlignedVector<T>& repeated, std::size_t stride, int sx, AlignedVector<T>& to) {
  to.resize(repeated.size() / 2);
  simd::turn_rows(repeated.data(), to.size() / stride, stride, sx, to.data());
}

}  // namespace

template <class T>
struct SliceEngine<T>::Buffers {
  using Planes = typename SliceImage<T>::Planes;
  AlignedVector<T> k, m, k_next, m_next, scratch, channels, repeated_channels;
  std::vector<Planes> repeated, turned;
};

template <class T>
bool SliceEngine<T>::prepare(double largest, double tolerance) {
  long exponent = 0;
  Stage* before = nullptr;
  for (std::size_t c = 0; c < shape_->chains.size(); ++c) {
    const SliceChain& chain = shape_->chains[c];
    if (padded<T>(chain.width) == 0) return false;
    stages_.emplace_back(chain.activations.size());
    for (std::size_t l = 0; l < chain.activations.size(); ++l) {
      const double w = scale_value(chain.convolutions[l].w, "w"), b = scale_value(chain.convolutions[l].b, "b");
      const auto in_units = [&](double x) {
        return std::ldexp(x, static_cast<int>(std::clamp(-exponent, -4000L, 4000L)));
      };
      const double a = w * w * largest + in_units(b * b);
      if (!(a < 1e100)) return false;
      const int shift = a > 1e-100 ? std::ilogb(a) : 0;
      exponent += shift;
      Stage& stage = stages_[c][l];
      stage.exponent = exponent;
      stage.scale = std::ldexp(w * w / 9 * (l > 0 ? 1.0 : c == 0 ? 1.0 / shape_->channels : 1.0 / 16), -shift);
      stage.bias = in_units(b * b);
      const bool ordinary = exponent > -60 && exponent < 900;
      const double variance = ordinary && a > 0 ? std::ldexp(a, static_cast<int>(exponent) - shift) : 1;
      std::optional<SliceFunction<T>> f = slice_function<T>(*chain.activations[l], variance, tolerance);
      if (!f || !(ordinary || f->homogeneous())) return false;
      stage.function = std::move(*f);
      largest = 0;
      for (double at = variance; at > variance / 1000; at /= 2) {
        largest = std::max(largest, 1.01 * stage.function.diagonal(at));
      }
      largest = ordinary ? in_units(largest) : largest * std::ldexp(a, -shift);
      if (before != nullptr) before->out = stage.scale;
      before = &stage;
    }
  }
  for (auto& chain : stages_) {
    for (Stage& stage : chain) stage.function.use_units(stage.units());
  }
  return true;
}

template <class T>
std::size_t SliceEngine<T>::series_bytes() const {
  std::size_t bytes = 0;
  for (std::size_t c = 0; c < stages_.size(); ++c) {
    const SliceChain& chain = shape_->chains[c];
    const std::size_t plane = padded<T>(chain.width) * static_cast<std::size_t>(chain.height);
    for (const Stage& stage : stages_[c]) bytes += plane * stage.function.planes() * sizeof(T);
  }
  return bytes;
}

template <class T>
SliceImage<T> SliceEngine<T>::blank(const Images& images, Eigen::Index i) const {
  const SliceChain& first = shape_->chains.front();
  const std::size_t stride = padded<T>(first.width), plane = stride * static_cast<std::size_t>(first.height);
  const double root = std::sqrt(stages_.front().front().scale);
  SliceImage<T> image;
  image.channels.assign(plane * static_cast<std::size_t>(shape_->channels), T{0});
  for (int c = 0; c < shape_->channels; ++c) {
    for (int y = 0; y < first.height; ++y) {
      for (int x = 0; x < first.width; ++x) {
        image.channels[static_cast<std::size_t>(c) * plane + static_cast<std::size_t>(y) * stride +
                       static_cast<std::size_t>(x)] = static_cast<T>(root * images(i, y, x, c));
      }
    }
  }
  image.layers.resize(shape_->chains.size());
  return image;
}

template <class T>
SliceImage<T> SliceEngine<T>::narrowed(const SliceImage<double>& wide, const Images& images, Eigen::Index i) const {
  SliceImage<T> image = blank(images, i);
  for (std::size_t c = 0; c < shape_->chains.size(); ++c) {
    const SliceChain& chain = shape_->chains[c];
    const std::size_t from_stride = padded<double>(chain.width), stride = padded<T>(chain.width);
    const auto height = static_cast<std::size_t>(chain.height);
    const auto copy = [&](const AlignedVector<double>& from, std::size_t planes) {
      AlignedVector<T> to(planes * height * stride, T{0});
      for (std::size_t row = 0; row < planes * height; ++row) {
        for (std::size_t x = 0; x < static_cast<std::size_t>(chain.width); ++x) {
          to[row * stride + x] = static_cast<T>(from[row * from_stride + x]);
        }
      }
      return to;
    };
    for (std::size_t l = 0; l < chain.activations.size(); ++l) {
      const auto& planes = wide.layers[c][l];
      image.layers[c].push_back(
          {copy(planes.inverse, 1), copy(planes.root, 1), copy(planes.series, stages_[c][l].function.planes())});
    }
  }
  return image;
}

// What the activations of one chain need to know of an image, from the diagonal of the chain's input.
template <class T>
void SliceEngine<T>::note_variances(std::size_t number, std::vector<double> diagonal, SliceImage<T>& image) const {
  const SliceChain& chain = shape_->chains[number];
  const std::size_t stride = padded<T>(chain.width), plane = stride * static_cast<std::size_t>(chain.height);
  for (const Stage& stage : stages_[number]) {
    const SliceFunction<T>& f = stage.function;
    const SliceUnits units = stage.units();
    typename SliceImage<T>::Planes planes;
    planes.inverse.assign(plane, T{0});
    planes.root.assign(plane, T{0});
    planes.series.assign(plane * f.planes(), T{0});
    std::vector<double> next(diagonal.size()), h(f.planes());
    for (int y = 0; y < chain.height; ++y) {
      for (int x = 0; x < chain.width; ++x) {
        double a = stage.bias;
        for (int i = std::max(0, y - 1); i <= std::min(chain.height - 1, y + 1); ++i) {
          for (int j = std::max(0, x - 1); j <= std::min(chain.width - 1, x + 1); ++j) {
            a += diagonal[static_cast<std::size_t>(i * chain.width + j)];
          }
        }
        const std::size_t at = static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x);
        SlicePixel pixel{.rest = h};
        f.set_pixel(units, a, pixel);
        image.outside = image.outside || pixel.outside;
        planes.root[at] = static_cast<T>(pixel.root);
        planes.inverse[at] = static_cast<T>(pixel.inverse);
        for (std::size_t n = 0; n < h.size(); ++n) {
          const std::size_t row = static_cast<std::size_t>(y) * h.size() + n;
          planes.series[row * stride + static_cast<std::size_t>(x)] = static_cast<T>(h[n]);
        }
        next[static_cast<std::size_t>(y * chain.width + x)] =
            std::ldexp(f.diagonal(std::ldexp(a, units.exponent)), -units.exponent) * stage.out;
      }
    }
    image.layers[number].push_back(std::move(planes));
    diagonal = std::move(next);
  }
}

// One chain: from slices in b.k, b.m (or channels) to b.k_next, b.m_next, or to sums.
template <class T>
simd::SliceSums SliceEngine<T>::run_chain(std::size_t number, const SliceImage<T>& x, const SliceImage<T>& y,
                                          Buffers& b) const {
  const SliceChain& chain = shape_->chains[number];
  const std::size_t stride = padded<T>(chain.width), layers = chain.activations.size();
  simd::SliceStage<T> stage;
  stage.height = chain.height;
  stage.width = chain.width;
  stage.stride = stride;
  stage.layers = static_cast<int>(layers);
  b.scratch.resize(simd::slice_scratch(chain.height, stride));
  stage.scratch = b.scratch.data();
  if (number + 1 < shape_->chains.size()) {
    const SliceChain& next = shape_->chains[number + 1];
    stage.out_stride = padded<T>(next.width);
    const auto h = static_cast<std::size_t>(next.height), w = static_cast<std::size_t>(next.width);
    b.k_next.assign(h * w * h * stage.out_stride, T{0});
    b.m_next.assign(b.k_next.size(), T{0});
    stage.k_out = b.k_next.data();
    stage.m_out = b.m_next.data();
  }
  if (number == 0) {
    stage.channels = shape_->channels;
    stage.x = x.channels.data();
    repeat_rows(y.channels, chain.width, stride, b.repeated_channels);
  } else {
    stage.k_in = b.k.data();
    stage.m_in = b.m.data();
  }
  b.repeated.resize(std::max(b.repeated.size(), layers));
  b.turned.resize(b.repeated.size());
  for (std::size_t l = 0; l < layers; ++l) {
    simd::SliceLayer<T>& layer = stage.layer[l];
    const auto &mine = x.layers[number][l], &theirs = y.layers[number][l];
    layer.bias = static_cast<T>(stages_[number][l].bias);
    layer.dual = &stages_[number][l].function.numbers;
    layer.x_inverse = mine.inverse.data();
    layer.x_root = mine.root.data();
    layer.x_series = mine.series.data();
    repeat_rows(theirs.inverse, chain.width, stride, b.repeated[l].inverse);
    repeat_rows(theirs.root, chain.width, stride, b.repeated[l].root);
    repeat_rows(theirs.series, chain.width, stride, b.repeated[l].series);
  }
  simd::SliceSums total;
  const int reach = std::min(chain.reach, std::max(chain.height, chain.width));
  for (int sx = 0; sx < chain.width; ++sx) {
    if (sx > reach && chain.width - sx > reach) continue;
    if (number == 0) {
      turn(b.repeated_channels, stride, sx, b.channels);
      stage.y = b.channels.data();
    }
    for (std::size_t l = 0; l < layers; ++l) {
      turn(b.repeated[l].inverse, stride, sx, b.turned[l].inverse);
      turn(b.repeated[l].root, stride, sx, b.turned[l].root);
      turn(b.repeated[l].series, stride, sx, b.turned[l].series);
      stage.layer[l].y_inverse = b.turned[l].inverse.data();
      stage.layer[l].y_root = b.turned[l].root.data();
      stage.layer[l].y_series = b.turned[l].series.data();
    }
    const simd::SliceSums sums = simd::run_slices(stage, sx, std::min(reach, chain.height - 1));
    total.k += sums.k;
    total.m += sums.m;
  }
  return total;
}

template <class T>
PixelKernel SliceEngine<T>::pair(const SliceImage<T>& x, const SliceImage<T>& y) const {
  thread_local Buffers buffers;
  simd::SliceSums sums;
  for (std::size_t c = 0; c < shape_->chains.size(); ++c) {
    sums = run_chain(c, x, y, buffers);
    std::swap(buffers.k, buffers.k_next);
    std::swap(buffers.m, buffers.m_next);
  }
  return finished(sums.k, sums.m);
}

template <class T>
PixelKernel SliceEngine<T>::with_itself(SliceImage<T>& image) const {
  Buffers b;
  simd::SliceSums sums;
  for (std::size_t c = 0; c < shape_->chains.size(); ++c) {
    const SliceChain& chain = shape_->chains[c];
    const std::size_t stride = padded<T>(chain.width), plane = stride * static_cast<std::size_t>(chain.height);
    std::vector<double> diagonal;
    for (std::size_t y = 0; y < static_cast<std::size_t>(chain.height); ++y) {
      for (std::size_t x = 0; x < static_cast<std::size_t>(chain.width); ++x) {
        const std::size_t at = y * stride + x;
        double v = c > 0 ? static_cast<double>(b.k[at]) : 0;
        for (std::size_t ch = 0; c == 0 && ch < static_cast<std::size_t>(shape_->channels); ++ch) {
          const double pixel = static_cast<double>(image.channels[ch * plane + at]);
          v += pixel * pixel;
        }
        diagonal.push_back(v);
      }
    }
    note_variances(c, std::move(diagonal), image);
    sums = run_chain(c, image, image, b);
    std::swap(b.k, b.k_next);
    std::swap(b.m, b.m_next);
  }
  return finished(sums.k, sums.m);
}

template <class T>
PixelKernel SliceEngine<T>::finished(double k, double m) const {
  const SliceChain& last = shape_->chains.back();
  const double pixels = static_cast<double>(last.height) * last.width;
  const double pairs = shape_->flatten ? pixels : pixels * pixels;
  const int exponent = static_cast<int>(std::clamp(stages_.back().back().exponent, -4000L, 4000L));
  PixelKernel out{std::ldexp(k / pairs, exponent), std::ldexp((m - k) / pairs, exponent)};
  for (const Dense& l : shape_->tail) {
    const double w = scale_value(l.w, "w"), b = scale_value(l.b, "b");
    out.nngp = w * w * out.nngp + b * b;
    out.ntk = w * w * out.ntk + out.nngp;
  }
  return out;
}

template class SliceEngine<float>;
template class SliceEngine<double>;

}  // namespace nke
