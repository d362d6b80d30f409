// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <string>

#include <nke/exact/real/error.hpp>
#include <nke/sketch/rotation.hpp>

#include "fwht_simd.hpp"
#include "product_simd.hpp"

namespace nke::sketch {
namespace {

void require_length(const char* what, std::size_t wanted, std::size_t got) {
  if (wanted == got) return;
  throw ShapeError(std::string(what) + " has " + std::to_string(got) + " entries, not " + std::to_string(wanted));
}

template <class T>
void place(std::span<const T> x, double factor, const std::vector<std::uint32_t>& places, std::span<float> out) {
  require_length("the vector to be sketched", places.size(), x.size());
  std::fill(out.begin(), out.end(), 0.0f);
  for (std::size_t i = 0; i < x.size(); ++i) out[places[i]] = static_cast<float>(static_cast<double>(x[i]) * factor);
}

}  // namespace

Placement::Placement(std::size_t dimension, RandomStream& random)
    : padded_(std::max(lane_block, std::bit_ceil(dimension))) {
  if (dimension == 0) throw ShapeError("a sketch needs vectors of at least one coordinate, got dimension 0");
  place_ = random_permutation(random, static_cast<std::uint32_t>(padded_));
  place_.resize(dimension);
}

void Placement::operator()(std::span<const float> x, double factor, std::span<float> out) const {
  place(x, factor, place_, out);
}

void Placement::operator()(std::span<const double> x, double factor, std::span<float> out) const {
  place(x, factor, place_, out);
}

Rotation::Rotation(std::size_t padded, std::size_t rows, RandomStream& random)
    : padded_(padded), signs_(random_signs(random, (rows + padded - 1) / padded * padded)) {}

void Rotation::operator()(std::span<const float> v, std::span<float> out) const {
  for (std::size_t row = 0; row < rows(); row += padded_) {
    simd::signed_fwht(v.data(), signs_.data() + row / 8, out.data() + row, padded_);
  }
}

Shuffle::Shuffle(std::size_t size, RandomStream& random)
    : blocks_(random_permutation(random, static_cast<std::uint32_t>(size / lane_block))) {
  lanes_.reserve(size);
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    for (const std::uint32_t lane : random_permutation(random, lane_block)) {
      lanes_.push_back(static_cast<std::uint8_t>(lane));
    }
  }
}

std::size_t Shuffle::source(std::size_t k) const {
  return blocks_[k / lane_block] * lane_block + lanes_[k];
}

void Shuffle::multiply(std::span<const float> a, std::span<const float> b, float scale, std::span<float> out) const {
  simd::multiply_shuffled(a.data(), b.data(), blocks_.data(), lanes_.data(), scale, out.data(),
                          out.size() / lane_block);
}

}  // namespace nke::sketch
