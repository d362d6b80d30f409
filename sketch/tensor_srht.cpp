// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string>

#include <nke/exact/real/error.hpp>
#include <nke/sketch/tensor_srht.hpp>

namespace nke::sketch {

TensorStep::TensorStep(std::size_t left, std::size_t right, std::size_t features, RandomStream& random)
    : features_(features),
      left_(left, whole_blocks(features), random),
      right_(right, whole_blocks(features), random),
      shuffle_(right_.rows(), random) {}

void TensorStep::operator()(std::span<const float> u, std::span<const float> v, float scale, AlignedVector& scratch,
                            std::span<float> out) const {
  const std::size_t needed = left_.rows() + right_.rows();
  if (scratch.size() < needed) scratch.resize(needed);
  const std::span<float> left = std::span(scratch).first(left_.rows());
  const std::span<float> right = std::span(scratch).subspan(left_.rows(), right_.rows());
  left_(u, left);
  right_(v, right);
  shuffle_.multiply(left, right, scale, out.first(whole_blocks(features_)));
}

TensorSrht::TensorSrht(std::size_t left, std::size_t right, std::size_t features, std::uint64_t seed)
    : TensorSrht(left, right, features, RandomStream(seed, substream(0, 2))) {}

TensorSrht::TensorSrht(std::size_t left, std::size_t right, std::size_t features, RandomStream random)
    : place_left_(left, random),
      place_right_(right, random),
      step_(place_left_.padded(), place_right_.padded(), features, random) {
  if (features == 0) throw ShapeError("a TensorSRHT needs at least one feature, got 0");
}

void TensorSrht::operator()(std::span<const float> u, std::span<const float> v, std::span<float> out) const {
  if (out.size() != features()) {
    throw ShapeError("a TensorSRHT of " + std::to_string(features()) + " features cannot fill " +
                     std::to_string(out.size()));
  }
  AlignedVector left(place_left_.padded()), right(place_right_.padded());
  place_left_(u, 1, left);
  place_right_(v, 1, right);
  AlignedVector scratch, product(whole_blocks(features()));
  step_(left, right, 1 / std::sqrt(static_cast<float>(features())), scratch, product);
  std::copy_n(product.begin(), out.size(), out.begin());
}

}  // namespace nke::sketch
