// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <nke/exact/real/error.hpp>
#include <nke/sketch/fold.hpp>
#include <nke/sketch/rotation.hpp>

#include "product_simd.hpp"

namespace nke::sketch {
namespace {

std::size_t groups(std::size_t from, std::size_t to) {
  return (from + to - 1) / to;
}

}  // namespace

Fold::Fold(std::size_t from, std::size_t to, RandomStream& random) : from_(from), to_(to) {
  if (to == 0 || to > from) {
    throw ShapeError("cannot fold " + std::to_string(from) + " features into " + std::to_string(to));
  }
  signs_ = random_signs(random, (groups(from, to) - 1) * whole_blocks(to));
}

std::size_t Fold::readable() const {
  return groups(from_, to_) * to_;
}

void Fold::operator()(std::span<const float> t, float scale, std::span<float> out) const {
  if (t.size() < readable() || out.size() != to_) {
    throw ShapeError("a fold of " + std::to_string(readable()) + " readable entries into " + std::to_string(to_) +
                     " cannot map " + std::to_string(t.size()) + " into " + std::to_string(out.size()));
  }
  simd::fold(t.data(), to_, groups(from_, to_), signs_.data(), scale, out.data());
}

}  // namespace nke::sketch
