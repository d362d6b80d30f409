// SPDX-License-Identifier: Apache-2.0
#include "slice_block.hpp"

#include <cmath>
#include <deque>
#include <mutex>
#include <utility>

namespace nke {

std::optional<SliceBlock> SliceBlock::make(const Activation& sigma, double largest, double tolerance) {
  std::optional<SliceBlock> found = derived(sigma);
  if (!found) return std::nullopt;
  SliceBlock& block = *found;
  block.trusted_ = block.dual_.trusted<double>(tolerance);
  if (!std::isfinite(block.mean_at_zero_) || !block.trusted_.contains(largest)) return std::nullopt;
  return found;
}

// Networks have one activation many times, and forms take long to derive.
std::optional<SliceBlock> SliceBlock::derived(const Activation& sigma) {
  struct Known {
    Activation sigma;
    std::optional<SliceBlock> block;
  };
  static std::mutex mutex;
  static std::deque<Known> known;
  const std::scoped_lock lock(mutex);
  for (const Known& k : known) {
    if (k.sigma == sigma) return k.block;
  }
  std::optional<SliceBlock> block;
  const std::optional<ClosedForm> form = try_closed_form_dual(sigma);
  if (form && form->integrable_where_positive.empty()) block = SliceBlock(*form);
  constexpr std::size_t kept = 16;
  if (known.size() == kept) known.pop_front();
  known.push_back({sigma, block});
  return block;
}

// At 0 it is the mean of both sides of σ: seen from a variance at which nothing else is.
SliceBlock::SliceBlock(const ClosedForm& form)
    : dual_(form), mean_(form.mean, "a", Precision::of_double()), mean_at_zero_(mean_(1e-30)) {}

double SliceBlock::mean(double a) const {
  return a > 0 ? mean_(a) : mean_at_zero_;
}

double SliceBlock::diagonal(double a) const {
  if (!(a > 0)) return mean_at_zero_ * mean_at_zero_;
  const double zero = 0;
  double K = 0, Kdot = 0;
  dual_({&a, 1}, {&a, 1}, {&a, 1}, {&zero, 1}, {&K, 1}, {&Kdot, 1});
  return K;
}

void SliceBlock::set_pixel(const SliceUnits& units, double a, SlicePixel& pixel) const {
  const double variance = std::ldexp(a, units.exponent);
  pixel.outside = a > 0 && !trusted_.contains(variance);
  pixel.inverse = a > 0 ? 1 / std::sqrt(a) : 0;
  pixel.root = std::sqrt(variance);
  pixel.rest[0] = std::ldexp(units.out, -units.exponent) * mean_at_zero_ * mean(variance);
  pixel.outside = pixel.outside || !std::isfinite(pixel.rest[0]);
}

void SliceBlock::evaluate(const void* block, std::size_t n, const double* const* inputs, double* K, double* Kdot) {
  static_cast<const SliceBlock*>(block)->dual_({inputs[0], n}, {inputs[1], n}, {inputs[2], n}, {inputs[3], n}, {K, n},
                                               {Kdot, n});
}

}  // namespace nke
