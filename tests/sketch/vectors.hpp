// SPDX-License-Identifier: Apache-2.0
// Vectors on which sketches are tried: generic ones at a chosen angle, and the ones that break careless rows.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <nke/sketch/random.hpp>

#include "support.hpp"

namespace nke::test {

inline double dot(const std::vector<float>& x, const std::vector<float>& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(x[i]) * static_cast<double>(y[i]);
  return sum;
}

inline std::vector<float> unit(std::vector<float> x) {
  const double norm = std::sqrt(dot(x, x));
  for (float& v : x) v = static_cast<float>(static_cast<double>(v) / norm);
  return x;
}

inline std::vector<float> gaussian_direction(std::size_t d, std::uint64_t stream) {
  sketch::RandomStream random(seed(), stream);
  std::vector<float> x(d);
  sketch::fill_gaussian(random, x);
  return unit(std::move(x));
}

using Pair = std::pair<std::vector<float>, std::vector<float>>;

/// Two unit vectors in general position with ⟨x, y⟩ = rho.
inline Pair at_angle(std::size_t d, double rho, std::uint64_t stream) {
  const auto x = gaussian_direction(d, stream);
  auto z = gaussian_direction(d, stream + 1000);
  const double along = dot(x, z);
  for (std::size_t i = 0; i < d; ++i) z[i] -= static_cast<float>(along) * x[i];
  z = unit(std::move(z));
  const double across = std::sqrt((1 - rho) * (1 + rho));
  std::vector<float> y(d);
  for (std::size_t i = 0; i < d; ++i) {
    y[i] = static_cast<float>(rho * static_cast<double>(x[i]) + across * static_cast<double>(z[i]));
  }
  return {x, y};
}

struct NamedPair {
  std::string name;
  Pair pair;
};

/// Constant, alternating, periodic and sparse vectors: all energy in one residue class of coordinates, or in few
/// coordinates.
inline std::vector<NamedPair> structured_pairs(std::size_t d) {
  std::vector<float> constant(d, 1.0f), alternating(d), sixteenth(d, 0.0f), two(d, 0.0f), block(d, 0.0f);
  for (std::size_t i = 0; i < d; ++i) {
    alternating[i] = i % 2 == 0 ? 1.0f : -1.0f;
    if (i % 16 == 0) sixteenth[i] = 1.0f;
    if (i < 16) block[i] = 1.0f;
  }
  two[0] = two[d / 2] = 1.0f;
  return {{"constant, constant", {unit(constant), unit(constant)}},
          {"constant, alternating", {unit(constant), unit(alternating)}},
          {"every 16th, every 16th", {unit(sixteenth), unit(sixteenth)}},
          {"first 16, every 16th", {unit(block), unit(sixteenth)}},
          {"two, two", {unit(two), unit(two)}}};
}

/// |x|²|y|² + ⟨x, y⟩² − 2 Σ x_i² y_i²: the variance of ⟨s, x⟩⟨s, y⟩ over random signs s.
inline double sign_variance(const std::vector<float>& x, const std::vector<float>& y) {
  double fourth = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    fourth += std::pow(static_cast<double>(x[i]) * static_cast<double>(y[i]), 2);
  }
  return dot(x, x) * dot(y, y) + dot(x, y) * dot(x, y) - 2 * fourth;
}

}  // namespace nke::test
