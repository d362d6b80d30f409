// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include <nke/exact/real/error.hpp>
#include <nke/sketch/poly_sketch.hpp>

namespace nke::sketch {
namespace {

constexpr std::size_t narrowest_chain = 2048;  // two transforms of this length cost half a microsecond

std::size_t checked_total(const std::vector<std::size_t>& features) {
  const std::size_t total = std::accumulate(features.begin(), features.end(), std::size_t{0});
  if (total == 0) throw ShapeError("a polynomial sketch needs at least one feature of degree 1 or more");
  return total;
}

// c_n for the degrees from 2 to the highest with features.
std::vector<std::size_t> chain_widths(std::size_t padded, const std::vector<std::size_t>& features) {
  std::vector<std::size_t> widths;
  std::size_t widest = std::max(narrowest_chain, padded);
  for (std::size_t n = features.size(); n >= 2; --n) {
    widest = std::max(widest, 2 * std::bit_ceil(features[n - 1]));
    if (features[n - 1] > 0 || !widths.empty()) widths.push_back(widest);
  }
  std::reverse(widths.begin(), widths.end());
  return widths;
}

void require_length(const char* what, std::size_t wanted, std::size_t got) {
  if (wanted == got) return;
  throw ShapeError(std::string(what) + " has " + std::to_string(got) + " entries, not " + std::to_string(wanted));
}

}  // namespace

PolySketch::PolySketch(std::size_t dimension, std::vector<std::size_t> features, std::uint64_t seed)
    : PolySketch(dimension, std::move(features), RandomStream(seed, substream(0, 3))) {}

PolySketch::PolySketch(std::size_t dimension, std::vector<std::size_t> features, RandomStream random)
    : features_(std::move(features)),
      total_(checked_total(features_)),
      placement_(dimension, random),
      first_(placement_.padded(), whole_blocks(features_[0]), random),
      first_shuffle_(first_.rows(), random) {
  std::size_t left = placement_.padded();
  for (const std::size_t width : chain_widths(placement_.padded(), features_)) {
    std::vector<Fold> narrow, block;
    if (!chain_.empty() && left > width) {
      narrow.emplace_back(left, width, random);
      left = width;
    }
    TensorStep step(left, placement_.padded(), width, random);
    const std::size_t m = features_[chain_.size() + 1];
    readable_ = std::max(readable_, width);
    if (m > 0) {
      block.emplace_back(width, m, random);
      readable_ = std::max(readable_, block.front().readable());
    }
    chain_.push_back({std::move(narrow), std::move(step), std::move(block)});
    left = width;
  }
}

void PolySketch::sampled_first_degree(float weight, std::span<float> out, Workspace& workspace) const {
  workspace.scratch.resize(std::max(workspace.scratch.size(), first_.rows()));
  first_(workspace.placed, workspace.scratch);
  const float scale = weight / std::sqrt(static_cast<float>(out.size()));
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = scale * workspace.scratch[first_shuffle_.source(k)];
}

template <class T>
void PolySketch::apply(std::span<const T> x, double factor, std::span<const float> weights, std::span<float> out,
                       Workspace& workspace) const {
  require_length("the vector to be sketched", dimension(), x.size());
  require_length("the list of weights", features_.size(), weights.size());
  require_length("the vector of features", total_, out.size());
  workspace.placed.resize(placement_.padded());
  placement_(x, factor, workspace.placed);

  const std::span<float> first = out.first(features_[0]);
  if (first.size() >= x.size()) {
    const double all = factor * static_cast<double>(weights[0]);
    for (std::size_t i = 0; i < x.size(); ++i) first[i] = static_cast<float>(all * static_cast<double>(x[i]));
    std::fill(first.begin() + static_cast<std::ptrdiff_t>(x.size()), first.end(), 0.0f);
  } else if (!first.empty()) {
    sampled_first_degree(weights[0], first, workspace);
  }

  workspace.chain.resize(readable_);
  std::size_t at = first.size();
  std::span<const float> power = workspace.placed;
  for (std::size_t n = 2; n < chain_.size() + 2; ++n) {
    const Link& link = chain_[n - 2];
    for (const Fold& narrow : link.narrow) {
      workspace.narrowed.resize(narrow.to());
      narrow(power, 1, workspace.narrowed);
      power = workspace.narrowed;
    }
    const std::size_t width = link.step.features();
    const std::span<float> next = std::span(workspace.chain).first(width);
    link.step(power, workspace.placed, 1 / std::sqrt(static_cast<float>(width)), workspace.scratch, next);
    for (const Fold& block : link.block) {
      const std::span<float> readable = std::span(workspace.chain).first(std::max(width, block.readable()));
      std::fill(readable.begin() + static_cast<std::ptrdiff_t>(width), readable.end(), 0.0f);
      block(readable, weights[n - 1], out.subspan(at, block.to()));
    }
    at += features_[n - 1];
    power = next;
  }
}

void PolySketch::operator()(std::span<const float> x, double factor, std::span<const float> weights,
                            std::span<float> out, Workspace& workspace) const {
  apply(x, factor, weights, out, workspace);
}

void PolySketch::operator()(std::span<const double> x, double factor, std::span<const float> weights,
                            std::span<float> out, Workspace& workspace) const {
  apply(x, factor, weights, out, workspace);
}

void PolySketch::operator()(std::span<const float> x, std::span<float> out) const {
  Workspace workspace;
  const std::vector<float> ones(features_.size(), 1.0f);
  apply(x, 1, ones, out, workspace);
}

}  // namespace nke::sketch
