// SPDX-License-Identifier: Apache-2.0
#include "slice_plan.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <string>

#include <tbb/parallel_for.h>

#include <nke/exact/real/error.hpp>

namespace nke {
namespace {

// The general way keeps no coefficients.
constexpr std::size_t most_series_bytes = std::size_t{4} << 30;

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

}  // namespace

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
    if (chain.convolutions.empty() || chain.convolutions.size() > kernels::simd::slice_layers || at == layers.size()) {
      return false;
    }
    shape_.chains.push_back(std::move(chain));
    if (const auto* pool = std::get_if<AveragePool>(&layers[at])) {
      if (pool->size != 2 || pool->stride != 2 || pool->padding != Padding::valid || h % 2 != 0 || w % 2 != 0) {
        return false;
      }
      h /= 2;
      w /= 2;
      ++at;
      continue;
    }
    shape_.flatten = std::holds_alternative<Flatten>(layers[at]);
    if (!shape_.flatten && !std::holds_alternative<GlobalAveragePool>(layers[at])) return false;
    for (++at; at < layers.size(); ++at) {
      const auto* dense = std::get_if<Dense>(&layers[at]);
      if (dense == nullptr) return false;
      shape_.tail.push_back(*dense);
    }
    // A pool of 2 makes of the offsets up to r those up to 2r + 1.
    int reach = shape_.flatten ? 0 : std::max(height, width);
    for (std::size_t c = shape_.chains.size(); c-- > 0; reach = 2 * reach + 1) shape_.chains[c].reach = reach;
    return true;
  }
  return false;
}

template <class T>
std::unique_ptr<SlicePlan<T>> SlicePlan<T>::make(const Network& network, const Images& x, const Images* y,
                                                 bool for_float) {
  auto plan = std::unique_ptr<SlicePlan>(new SlicePlan());
  if (x.height > 512 || x.width > 512 || !plan->read(network, static_cast<int>(x.height), static_cast<int>(x.width))) {
    return nullptr;
  }
  plan->shape_.channels = static_cast<int>(x.channels);
  require_images(network, x, y);
  double largest = 0;
  for (const Images* images : {&x, y}) {
    for (Eigen::Index i = 0; images != nullptr && i < images->count(); ++i) {
      largest = std::max(largest, largest_window(*images, i));
    }
  }
  if (!(largest > 1e-20 && largest < 1e20)) return nullptr;
  const double tolerance = for_float ? 1e-7 : 1e-13;
  auto engine = std::make_shared<SliceEngine<T>>(plan->shape_);
  if (!engine->prepare(largest, tolerance)) return nullptr;
  const auto count = static_cast<std::size_t>(x.count() + (y != nullptr ? y->count() : 0));
  if (count > most_series_bytes / std::max<std::size_t>(engine->series_bytes(), 1)) return nullptr;
  plan->engine_ = std::move(engine);
  SliceEngine<double> precise(plan->shape_);
  if (!precise.prepare(largest, tolerance)) return nullptr;
  plan->images_.resize(count);
  plan->diagonal_.resize(count);
  std::atomic<bool> outside = false;
  tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) {
    const auto row = static_cast<Eigen::Index>(i);
    const Images& from = row < x.count() ? x : *y;
    const Eigen::Index at = row < x.count() ? row : row - x.count();
    SliceImage<double> image = precise.blank(from, at);
    plan->diagonal_[i] = precise.with_itself(image);
    if (image.outside) outside = true;
    if constexpr (sizeof(T) == 8) {
      plan->images_[i] = std::move(image);
    } else {
      plan->images_[i] = plan->engine_->narrowed(image, from, at);
    }
  });
  if (outside) return nullptr;
  const double most =
      for_float ? static_cast<double>(std::numeric_limits<float>::max()) : std::numeric_limits<double>::max();
  for (std::size_t i = 0; i < count; ++i) {
    if (plan->diagonal_[i].nngp <= most && plan->diagonal_[i].ntk <= most) continue;
    throw DomainError("the kernel of image " + std::to_string(i) + " with itself is beyond " +
                      (for_float ? "3.4e38: use double, or make w smaller" : "1.8e308: make w smaller"));
  }
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
