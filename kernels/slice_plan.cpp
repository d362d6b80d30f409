// SPDX-License-Identifier: Apache-2.0
#include "slice_plan.hpp"

#include <algorithm>
#include <cmath>

#include <tbb/parallel_for.h>

#include <nke/exact/real/error.hpp>

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

// Columns moved to the left by sx, those that leave coming back on the right.
template <class T>
void rotate(const AlignedVector<T>& from, int width, std::size_t stride, int sx, AlignedVector<T>& to) {
  to.resize(from.size());
  const auto shift = static_cast<std::size_t>(sx), n = static_cast<std::size_t>(width);
  for (std::size_t row = 0; row < from.size(); row += stride) {
    std::copy_n(from.data() + row + shift, n - shift, to.data() + row);
    std::copy_n(from.data() + row, shift, to.data() + row + n - shift);
    std::fill_n(to.data() + row + n, stride - n, T{0});
  }
}

// The largest mean of <x_p, x_p>/channels over the nine pixels of a window: what the first convolution makes of an image.
double largest_window(const Images& images, Eigen::Index image) {
  const Eigen::Index h = images.height, w = images.width;
  Eigen::MatrixXd padded = Eigen::MatrixXd::Zero(h + 2, w + 2);
  for (Eigen::Index y = 0; y < h; ++y) {
    for (Eigen::Index x = 0; x < w; ++x) {
      padded(y + 1, x + 1) =
          images.pixels.row(image).segment((y * w + x) * images.channels, images.channels).squaredNorm();
    }
  }
  double largest = 0;
  for (Eigen::Index y = 0; y < h; ++y) {
    for (Eigen::Index x = 0; x < w; ++x) largest = std::max(largest, padded.block(y, x, 3, 3).sum());
  }
  return largest / (9 * static_cast<double>(images.channels));
}

template <class T>
struct Buffers {
  AlignedVector<T> k, m, k_next, m_next, scratch, channels;
  std::vector<typename SliceImage<T>::Planes> planes;
};

}  // namespace

// The chain in one number type.
template <class T>
template <class U>
struct SlicePlan<T>::Engine {
  const SlicePlan& plan;
  std::vector<std::vector<SliceFunction<U>>> functions;

  bool prepare(double largest, double tolerance) {
    for (const SliceChain& chain : plan.chains_) {
      functions.emplace_back();
      if (padded<U>(chain.width) == 0) return false;
      for (std::size_t l = 0; l < chain.activations.size(); ++l) {
        const double w = scale_value(chain.convolutions[l].w, "w"), b = scale_value(chain.convolutions[l].b, "b");
        const double a = w * w * largest + b * b;
        if (!(a < 1e30)) return false;  // floats square such numbers
        std::optional<SliceFunction<U>> f = slice_function<U>(*chain.activations[l], a > 0 ? a : 1, tolerance);
        if (!f) return false;
        largest = 0;
        for (double at = a; at > a / 1000; at /= 2) largest = std::max(largest, 1.01 * f->diagonal(at));
        functions.back().push_back(std::move(*f));
      }
    }
    return true;
  }

  SliceImage<U> blank(const Images& images, Eigen::Index i) const {
    const SliceChain& first = plan.chains_.front();
    const std::size_t stride = padded<U>(first.width), plane = stride * static_cast<std::size_t>(first.height);
    SliceImage<U> image;
    image.channels.assign(plane * static_cast<std::size_t>(plan.channels_), U{0});
    for (int c = 0; c < plan.channels_; ++c) {
      for (int y = 0; y < first.height; ++y) {
        for (int x = 0; x < first.width; ++x) {
          image.channels[static_cast<std::size_t>(c) * plane + static_cast<std::size_t>(y) * stride +
                         static_cast<std::size_t>(x)] = static_cast<U>(images(i, y, x, c));
        }
      }
    }
    image.layers.resize(plan.chains_.size());
    return image;
  }

  // The same image in the lanes of U, from the one prepared in double.
  SliceImage<U> narrowed(const SliceImage<double>& wide, const Images& images, Eigen::Index i) const {
    SliceImage<U> image = blank(images, i);
    for (std::size_t c = 0; c < plan.chains_.size(); ++c) {
      const SliceChain& chain = plan.chains_[c];
      const std::size_t from_stride = padded<double>(chain.width), stride = padded<U>(chain.width);
      const auto height = static_cast<std::size_t>(chain.height);
      const auto copy = [&](const AlignedVector<double>& from, std::size_t planes) {
        AlignedVector<U> to(planes * height * stride, U{0});
        for (std::size_t row = 0; row < planes * height; ++row) {
          for (std::size_t x = 0; x < static_cast<std::size_t>(chain.width); ++x) {
            to[row * stride + x] = static_cast<U>(from[row * from_stride + x]);
          }
        }
        return to;
      };
      for (std::size_t l = 0; l < chain.activations.size(); ++l) {
        const auto& planes = wide.layers[c][l];
        image.layers[c].push_back({copy(planes.inverse, 1), copy(planes.root, 1),
                                   copy(planes.series, static_cast<std::size_t>(functions[c][l].planes()))});
      }
    }
    return image;
  }

  // What 9 taps are multiplied by: w²/9, the mean over channels or over the pool before it.
  double scale(std::size_t chain, std::size_t layer) const {
    const double w = scale_value(plan.chains_[chain].convolutions[layer].w, "w");
    return w * w / 9 * (layer > 0 ? 1.0 : chain == 0 ? 1.0 / plan.channels_ : 1.0 / 16);
  }

  // Roots of variances of one chain from the diagonal of its input.
  void note_variances(std::size_t number, std::vector<double> diagonal, SliceImage<U>& image) const {
    const SliceChain& chain = plan.chains_[number];
    const std::size_t stride = padded<U>(chain.width);
    for (std::size_t l = 0; l < chain.activations.size(); ++l) {
      const double b = scale_value(chain.convolutions[l].b, "b"), factor = scale(number, l);
      const SliceFunction<U>& f = functions[number][l];
      typename SliceImage<U>::Planes planes;
      const std::size_t plane = stride * static_cast<std::size_t>(chain.height);
      planes.inverse.assign(plane, U{0});
      planes.root.assign(plane, U{0});
      planes.series.assign(plane * static_cast<std::size_t>(f.planes()), U{0});
      std::vector<double> next(diagonal.size()), h(static_cast<std::size_t>(f.planes()));
      for (int y = 0; y < chain.height; ++y) {
        for (int x = 0; x < chain.width; ++x) {
          double sum = 0;
          for (int i = std::max(0, y - 1); i <= std::min(chain.height - 1, y + 1); ++i) {
            for (int j = std::max(0, x - 1); j <= std::min(chain.width - 1, x + 1); ++j) {
              sum += diagonal[static_cast<std::size_t>(i * chain.width + j)];
            }
          }
          const double a = sum * factor + b * b;
          const std::size_t at = static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x);
          planes.root[at] = static_cast<U>(std::sqrt(a));
          planes.inverse[at] = a > 0 ? static_cast<U>(1 / std::sqrt(a)) : U{0};
          if (f.series != nullptr) f.series->coefficients(a, h);
          for (std::size_t n = 0; n < h.size(); ++n) planes.series[n * plane + at] = static_cast<U>(h[n]);
          next[static_cast<std::size_t>(y * chain.width + x)] = f.diagonal(a);
        }
      }
      image.layers[number].push_back(std::move(planes));
      diagonal = std::move(next);
    }
  }

  // One chain: from slices in b.k, b.m (or channels) to b.k_next, b.m_next, or to sums.
  simd::SliceSums run_chain(std::size_t number, const SliceImage<U>& x, const SliceImage<U>& y, Buffers<U>& b) const {
    const SliceChain& chain = plan.chains_[number];
    const std::size_t stride = padded<U>(chain.width);
    simd::SliceStage<U> stage;
    stage.height = chain.height;
    stage.width = chain.width;
    stage.stride = stride;
    stage.layers = static_cast<int>(chain.activations.size());
    b.scratch.resize(simd::slice_scratch(chain.height, stride));
    stage.scratch = b.scratch.data();
    if (number + 1 < plan.chains_.size()) {
      const SliceChain& next = plan.chains_[number + 1];
      stage.out_stride = padded<U>(next.width);
      const auto h = static_cast<std::size_t>(next.height), w = static_cast<std::size_t>(next.width);
      b.k_next.assign(h * w * h * stage.out_stride, U{0});
      b.m_next.assign(b.k_next.size(), U{0});
      stage.k_out = b.k_next.data();
      stage.m_out = b.m_next.data();
    }
    if (number == 0) {
      stage.channels = plan.channels_;
      stage.x = x.channels.data();
    } else {
      stage.k_in = b.k.data();
      stage.m_in = b.m.data();
    }
    const auto layers = static_cast<std::size_t>(stage.layers);
    b.planes.resize(std::max(b.planes.size(), layers));
    for (std::size_t l = 0; l < layers; ++l) {
      simd::SliceLayer<U>& layer = stage.layer[l];
      const typename SliceImage<U>::Planes& mine = x.layers[number][l];
      const double bias = scale_value(chain.convolutions[l].b, "b");
      layer.scale = static_cast<U>(scale(number, l));
      layer.bias = static_cast<U>(bias * bias);
      layer.dual = &functions[number][l].numbers;
      layer.x_inverse = mine.inverse.data();
      layer.x_root = mine.root.data();
      layer.x_series = mine.series.data();
    }
    simd::SliceSums total;
    const int reach = std::min(chain.reach, std::max(chain.height, chain.width));
    for (int sx = 0; sx < chain.width; ++sx) {
      if (sx > reach && chain.width - sx > reach) continue;
      if (number == 0) {
        rotate(y.channels, chain.width, stride, sx, b.channels);
        stage.y = b.channels.data();
      }
      for (std::size_t l = 0; l < layers; ++l) {
        const typename SliceImage<U>::Planes& theirs = y.layers[number][l];
        typename SliceImage<U>::Planes& turned = b.planes[l];
        rotate(theirs.inverse, chain.width, stride, sx, turned.inverse);
        rotate(theirs.root, chain.width, stride, sx, turned.root);
        rotate(theirs.series, chain.width, stride, sx, turned.series);
        stage.layer[l].y_inverse = turned.inverse.data();
        stage.layer[l].y_root = turned.root.data();
        stage.layer[l].y_series = turned.series.data();
      }
      const simd::SliceSums sums = simd::run_slices(stage, sx, std::min(reach, chain.height - 1));
      total.k += sums.k;
      total.m += sums.m;
    }
    return total;
  }

  PixelKernel pair(const SliceImage<U>& x, const SliceImage<U>& y) const {
    thread_local Buffers<U> buffers;
    simd::SliceSums sums;
    for (std::size_t c = 0; c < plan.chains_.size(); ++c) {
      sums = run_chain(c, x, y, buffers);
      std::swap(buffers.k, buffers.k_next);
      std::swap(buffers.m, buffers.m_next);
    }
    return plan.finished(sums.k, sums.m);
  }

  // The pair (x, x), noting variances before each chain needs them.
  PixelKernel with_itself(SliceImage<U>& image) const {
    Buffers<U> b;
    simd::SliceSums sums;
    for (std::size_t c = 0; c < plan.chains_.size(); ++c) {
      const SliceChain& chain = plan.chains_[c];
      const std::size_t stride = padded<U>(chain.width), plane = stride * static_cast<std::size_t>(chain.height);
      std::vector<double> diagonal;
      for (std::size_t y = 0; y < static_cast<std::size_t>(chain.height); ++y) {
        for (std::size_t x = 0; x < static_cast<std::size_t>(chain.width); ++x) {
          const std::size_t at = y * stride + x;
          double v = c > 0 ? static_cast<double>(b.k[at]) : 0;
          for (std::size_t ch = 0; c == 0 && ch < static_cast<std::size_t>(plan.channels_); ++ch) {
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
    return plan.finished(sums.k, sums.m);
  }
};

template <class T>
bool SlicePlan<T>::read(const Network& network, int height, int width) {
  network_ = network;
  std::size_t at = 0;
  const std::vector<Layer>& layers = network_.layers;
  int h = height, w = width;
  while (at < layers.size()) {
    SliceChain chain;
    chain.height = h;
    chain.width = w;
    while (at + 1 < layers.size()) {
      const auto* conv = std::get_if<Conv>(&layers[at]);
      const Layer& next = layers[at + 1];
      const bool activation = std::holds_alternative<Nonlinearity>(next) || std::holds_alternative<FormulaDual>(next);
      if (conv == nullptr || !activation) break;
      if (conv->size != 3 || conv->stride != 1 || conv->padding != Padding::same) return false;
      chain.convolutions.push_back(*conv);
      chain.activations.push_back(&next);
      at += 2;
    }
    if (chain.convolutions.empty() || chain.convolutions.size() > simd::slice_layers || at == layers.size()) {
      return false;
    }
    chains_.push_back(std::move(chain));
    if (const auto* pool = std::get_if<AveragePool>(&layers[at])) {
      if (pool->size != 2 || pool->stride != 2 || pool->padding != Padding::valid || h % 2 != 0 || w % 2 != 0) {
        return false;
      }
      h /= 2;
      w /= 2;
      ++at;
      continue;
    }
    flatten_ = std::holds_alternative<Flatten>(layers[at]);
    if (!flatten_ && !std::holds_alternative<GlobalAveragePool>(layers[at])) return false;
    for (++at; at < layers.size(); ++at) {
      const auto* dense = std::get_if<Dense>(&layers[at]);
      if (dense == nullptr) return false;
      tail_.push_back(*dense);
    }
    // A pool of 2 makes of the offsets up to r those up to 2r + 1.
    int reach = flatten_ ? 0 : std::max(height, width);
    for (std::size_t c = chains_.size(); c-- > 0; reach = 2 * reach + 1) chains_[c].reach = reach;
    return true;
  }
  return false;
}

template <class T>
PixelKernel SlicePlan<T>::finished(double k, double m) const {
  const SliceChain& last = chains_.back();
  const double pixels = static_cast<double>(last.height) * last.width;
  const double pairs = flatten_ ? pixels : pixels * pixels;
  PixelKernel out{k / pairs, (m - k) / pairs};
  for (const Dense& l : tail_) {
    const double w = scale_value(l.w, "w"), b = scale_value(l.b, "b");
    out.nngp = w * w * out.nngp + b * b;
    out.ntk = w * w * out.ntk + out.nngp;
  }
  return out;
}

template <class T>
std::unique_ptr<SlicePlan<T>> SlicePlan<T>::make(const Network& network, const Images& x, const Images* y) {
  auto plan = std::unique_ptr<SlicePlan>(new SlicePlan());
  if (x.height > 512 || x.width > 512 || !plan->read(network, static_cast<int>(x.height), static_cast<int>(x.width))) {
    return nullptr;
  }
  plan->channels_ = static_cast<int>(x.channels);
  require_images(network, x, y);
  double largest = 0;
  for (const Images* images : {&x, y}) {
    for (Eigen::Index i = 0; images != nullptr && i < images->count(); ++i) {
      largest = std::max(largest, largest_window(*images, i));
    }
  }
  if (!(largest > 1e-20 && largest < 1e20)) return nullptr;
  const double tolerance = sizeof(T) == 8 ? 1e-13 : 1e-7;
  auto engine = std::make_shared<Engine<T>>(Engine<T>{*plan, {}});
  if (!engine->prepare(largest, tolerance)) return nullptr;
  plan->engine_ = std::move(engine);
  Engine<double> precise{*plan, {}};
  if (!precise.prepare(largest, tolerance)) return nullptr;
  const auto count = static_cast<std::size_t>(x.count() + (y != nullptr ? y->count() : 0));
  plan->images_.resize(count);
  plan->diagonal_.resize(count);
  tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) {
    const auto row = static_cast<Eigen::Index>(i);
    const Images& from = row < x.count() ? x : *y;
    const Eigen::Index at = row < x.count() ? row : row - x.count();
    SliceImage<double> image = precise.blank(from, at);
    plan->diagonal_[i] = precise.with_itself(image);
    if constexpr (sizeof(T) == 8) {
      plan->images_[i] = std::move(image);
    } else {
      plan->images_[i] = plan->engine_->narrowed(image, from, at);
    }
  });
  return plan;
}

template <class T>
PixelKernel SlicePlan<T>::pair(std::size_t i, std::size_t j) const {
  return engine_->pair(images_[i], images_[j]);
}

template <class T>
std::size_t SlicePlan<T>::bytes() const {
  std::size_t bytes = 0;
  for (const SliceImage<T>& image : images_) {
    bytes += image.channels.size() * sizeof(T);
    for (const auto& chain : image.layers) {
      for (const auto& l : chain) bytes += (l.inverse.size() + l.root.size() + l.series.size()) * sizeof(T);
    }
  }
  return bytes;
}

template class SlicePlan<float>;
template class SlicePlan<double>;

}  // namespace nke
