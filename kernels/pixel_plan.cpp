// SPDX-License-Identifier: Apache-2.0
#include "pixel_plan.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <tbb/parallel_for.h>

#include <nke/exact/real/error.hpp>

#include "pixel_matrix.hpp"
#include "theory.hpp"

namespace nke {
namespace {

constexpr double layernorm_epsilon = 1e-12;
constexpr double least_variance = 1e-300;  // below it numbers have fewer digits, and pixels count as black

void refuse_bad_pixels(const Images& images, const char* name) {
  for (Eigen::Index i = 0; i < images.count(); ++i) {
    for (Eigen::Index k = 0; k < images.pixels.cols(); ++k) {
      const double v = images.pixels(i, k);
      if (std::isfinite(v)) continue;
      throw DomainError(std::string(name) + ": image " + std::to_string(i) + ", value " + std::to_string(k) + " is " +
                        (std::isnan(v) ? "NaN" : "infinite") + "; a kernel needs finite data");
    }
  }
}

// Below this part of ab, ab − c² is what the rounding of sums left of parallel windows, and a kinked σ would feel its root.
// Parallel windows are common, as those with one pixel that is not black; angles of 8e-8 are not.
constexpr double parallel = 0x1p-47;

// ab − c² without cancellation.
double determinant(double a, double b, double c) {
  const double product = c * c, rest = std::fma(c, c, -product);
  const double d = std::fma(a, b, -product) - rest;
  return d > parallel * a * b ? d : 0;
}

}  // namespace

struct PixelPlan::State {
  PixelMatrix sigma, theta;
};

// One pass through the layers. Where variances are not known yet, the pair is an image with itself and notes them.
struct PixelPlan::Walk {
  const std::vector<RowDual>& duals;
  const PixelVariances* left;   // of x; null: the pair is (x, x) and `noted` grows
  const PixelVariances* right;  // of x'
  PixelVariances* noted;
  std::size_t stop = static_cast<std::size_t>(-1);  // give up before this activation
  State s;
  std::size_t asked = 0, activation = 0;
  bool stopped = false;

  void through(const Network& network) {
    for (const Layer& layer : network.layers) {
      std::visit([this](const auto& l) { apply(l); }, layer);
      if (stopped) return;
    }
  }

  // The diagonals before this layer.
  std::pair<const std::vector<double>*, const std::vector<double>*> variances() {
    const std::size_t here = asked++;
    if (left != nullptr) return {&(*left)[here], &(*right)[here]};
    std::vector<double> diagonal(s.sigma.pixels());
    for (std::size_t p = 0; p < diagonal.size(); ++p) {
      const double a = s.sigma.row(p)[p];
      diagonal[p] = a < least_variance ? 0 : a;
    }
    if (noted->size() == here) noted->push_back(std::move(diagonal));
    return {&(*noted)[here], &(*noted)[here]};
  }

  void affine(const Expr& w_text, const Expr& b_text) {
    const double w = scale_value(w_text, "w"), b = scale_value(b_text, "b");
    for (std::size_t k = 0; k < s.sigma.at.size(); ++k) {
      s.sigma.at[k] = w * w * s.sigma.at[k] + b * b;
      s.theta.at[k] = w * w * s.theta.at[k] + s.sigma.at[k];
    }
  }
  void both(auto&& work) {
    s.sigma = work(s.sigma);
    s.theta = work(s.theta);
  }

  void apply(const Dense& l) { affine(l.w, l.b); }
  void apply(const Conv& l) {
    both([&](const PixelMatrix& m) { return tap_mean(m, {l.size, l.stride, l.padding}); });
    affine(l.w, l.b);
  }
  void apply(const AveragePool& l) {
    const double factor = std::pow(static_cast<double>(l.size), -4);
    both([&](const PixelMatrix& m) { return pooled(m, {l.size, l.stride, l.padding}, factor); });
  }
  void apply(const SumPool& l) {
    both([&](const PixelMatrix& m) { return pooled(m, {l.size, l.stride, l.padding}, 1); });
  }
  void apply(const GlobalAveragePool&) {
    both([](const PixelMatrix& m) {
      double sum = 0;
      for (const double v : m.at) sum += v;
      return PixelMatrix{1, 1, {sum / static_cast<double>(m.at.size())}};
    });
  }
  void apply(const Flatten&) {
    both([](const PixelMatrix& m) {
      double sum = 0;
      for (std::size_t p = 0; p < m.pixels(); ++p) sum += m.row(p)[p];
      return PixelMatrix{1, 1, {sum / static_cast<double>(m.pixels())}};
    });
  }
  void apply(const LayerNorm&) {
    const auto [a, b] = variances();
    for (std::size_t p = 0; p < s.sigma.pixels(); ++p) {
      for (std::size_t q = 0; q < s.sigma.pixels(); ++q) {
        const double scale = std::sqrt((*a)[p] + layernorm_epsilon) * std::sqrt((*b)[q] + layernorm_epsilon);
        s.sigma.row(p)[q] /= scale;
        s.theta.row(p)[q] /= scale;
      }
    }
  }
  void apply(const Nonlinearity&) { activate(); }
  void apply(const FormulaDual&) { activate(); }
  void activate() {
    const auto [a, b] = variances();
    if (activation == stop) {
      stopped = true;
      return;
    }
    const RowDual& dual = duals[activation++];
    const std::size_t n = s.sigma.pixels();
    std::vector<double> d(n), kdot(n);
    for (std::size_t p = 0; p < n; ++p) {
      double* c = s.sigma.row(p);
      for (std::size_t q = 0; q < n; ++q) {
        if ((*a)[p] == 0 || (*b)[q] == 0) c[q] = 0;
        d[q] = determinant((*a)[p], (*b)[q], c[q]);
      }
      dual((*a)[p], *b, {c, n}, d, {c, n}, kdot);
      for (std::size_t q = 0; q < n; ++q) s.theta.row(p)[q] *= kdot[q];
    }
  }
  void apply(const Residual& l) {
    const State begin = s;
    through(l.main);
    if (stopped) return;
    const State main = std::exchange(s, begin);
    through(l.shortcut);
    for (std::size_t k = 0; k < s.sigma.at.size(); ++k) {
      s.sigma.at[k] += main.sigma.at[k];
      s.theta.at[k] += main.theta.at[k];
    }
  }
};

namespace {

void collect(const Network& network, std::vector<const Layer*>& activations) {
  for (const Layer& layer : network.layers) {
    if (std::holds_alternative<Nonlinearity>(layer) || std::holds_alternative<FormulaDual>(layer)) {
      activations.push_back(&layer);
    }
    if (const auto* block = std::get_if<Residual>(&layer)) {
      collect(block->main, activations);
      collect(block->shortcut, activations);
    }
  }
}

PixelMatrix input_covariance(std::span<const double> x, std::span<const double> y, const Images& shape) {
  PixelMatrix m{static_cast<int>(shape.height), static_cast<int>(shape.width), {}};
  const std::size_t n = m.pixels();
  const auto channels = static_cast<std::size_t>(shape.channels);
  m.at.resize(n * n);
  for (std::size_t p = 0; p < n; ++p) {
    for (std::size_t q = 0; q < n; ++q) {
      double sum = 0;
      for (std::size_t c = 0; c < channels; ++c) sum += x[p * channels + c] * y[q * channels + c];
      m.row(p)[q] = sum / static_cast<double>(channels);
    }
  }
  return m;
}

}  // namespace

void require_images(const Network& network, const Images& x, const Images* y) {
  require_covered(network, {static_cast<int>(x.height), static_cast<int>(x.width)});
  if (x.channels < 1 || x.height < 1 || x.width < 1) throw ShapeError("images without pixels or channels");
  if (y != nullptr && (y->height != x.height || y->width != x.width || y->channels != x.channels)) {
    throw ShapeError("images of different height, width or channels have no kernel together");
  }
  refuse_bad_pixels(x, "X");
  if (y != nullptr) refuse_bad_pixels(*y, "Y");
}

std::span<const double> PixelPlan::pixels(std::size_t image) const {
  const auto first = static_cast<std::size_t>(x_.count());
  const Images& from = image < first ? x_ : *y_;
  const auto row = static_cast<Eigen::Index>(image < first ? image : image - first);
  return {from.pixels.row(row).data(), static_cast<std::size_t>(from.pixels.cols())};
}

PixelPlan::PixelPlan(const Network& network, const Images& x, const Images* y) : network_(network), x_(x), y_(y) {
  require_images(network, x, y);
  const auto count = static_cast<std::size_t>(x.count()) + (y != nullptr ? static_cast<std::size_t>(y->count()) : 0);
  variances_.resize(count);
  diagonal_.resize(count);
  std::vector<const Layer*> activations;
  collect(network_, activations);
  // Layer by layer: the dual of an activation is made ready for the variances that arrive at it.
  for (std::size_t ready = 0; ready <= activations.size(); ++ready) {
    std::vector<std::vector<double>> arrived(count);
    tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) {
      const PixelMatrix input = input_covariance(pixels(i), pixels(i), x_);
      PixelVariances noted;
      Walk walk{duals_, nullptr, nullptr, &noted, ready, {input, input}};
      std::fill(walk.s.theta.at.begin(), walk.s.theta.at.end(), 0.0);
      walk.through(network_);
      if (walk.stopped) {
        arrived[i] = noted.back();
      } else {
        diagonal_[i] = {walk.s.sigma.at[0], walk.s.theta.at[0]};
        variances_[i] = std::move(noted);
      }
    });
    if (ready == activations.size()) break;
    double least = 0, largest = 0;
    for (const auto& values : arrived) {
      for (const double a : values) {
        if (a > 0 && (least == 0 || a < least)) least = a;
        largest = std::max(largest, a);
      }
    }
    if (largest > 1e150) throw DomainError("an activation meets a variance above 1e150: make w smaller");
    if (largest == 0) least = largest = 1;
    const auto* named = std::get_if<Nonlinearity>(activations[ready]);
    duals_.push_back(named != nullptr ? row_dual(*named, least, largest)
                                      : row_dual(std::get<FormulaDual>(*activations[ready])));
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!std::isfinite(diagonal_[i].nngp) || !std::isfinite(diagonal_[i].ntk)) {
      throw DomainError("the kernel of image " + std::to_string(i) + " with itself is beyond 1.8e308: make w smaller");
    }
  }
}

PixelKernel PixelPlan::pair(std::size_t i, std::size_t j) const {
  const PixelMatrix input = input_covariance(pixels(i), pixels(j), x_);
  Walk walk{duals_, &variances_[i], &variances_[j], nullptr, static_cast<std::size_t>(-1), {input, input}};
  std::fill(walk.s.theta.at.begin(), walk.s.theta.at.end(), 0.0);
  walk.through(network_);
  return {walk.s.sigma.at[0], walk.s.theta.at[0]};
}

std::size_t PixelPlan::bytes_per_pair() const {
  const auto pixels = static_cast<std::size_t>(x_.height) * static_cast<std::size_t>(x_.width);
  return 6 * pixels * pixels * sizeof(double);
}

}  // namespace nke
