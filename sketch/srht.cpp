// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <string>
#include <vector>

#include <nke/exact/real/error.hpp>
#include <nke/sketch/srht.hpp>

namespace nke::sketch {

Srht::Srht(std::size_t dimension, std::size_t features, std::uint64_t seed)
    : Srht(dimension, features, RandomStream(seed, substream(0, 1))) {}

Srht::Srht(std::size_t dimension, std::size_t features, RandomStream random)
    : features_(features),
      placement_(dimension, random),
      rotation_(placement_.padded(), features, random),
      shuffle_(rotation_.rows(), random) {
  if (features == 0) throw ShapeError("an SRHT needs at least one feature, got 0");
}

void Srht::operator()(std::span<const float> x, std::span<float> out) const {
  if (out.size() != features_) {
    throw ShapeError("an SRHT of " + std::to_string(features_) + " features cannot fill " + std::to_string(out.size()));
  }
  AlignedVector placed(padded()), rotated(rotation_.rows());
  placement_(x, 1 / std::sqrt(static_cast<double>(features_)), placed);
  rotation_(placed, rotated);
  for (std::size_t k = 0; k < features_; ++k) out[k] = rotated[shuffle_.source(k)];
}

}  // namespace nke::sketch
