// SPDX-License-Identifier: Apache-2.0
#include "pixels_oracle.hpp"

#include <cmath>
#include <map>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "plain_dual.hpp"

namespace nke::test {
namespace {

struct Pixel {
  int y, x;
  auto operator<=>(const Pixel&) const = default;
};
struct Both {
  double sigma, theta;
};

class Definition {
 public:
  Definition(const Network& network, const Images& images) : images_(images) {
    stages_.push_back({nullptr, 0, 0, {static_cast<int>(images.height), static_cast<int>(images.width)}});
    last_ = add(network, 0);
  }

  Both output(Eigen::Index i, Eigen::Index j) { return at(last_, i, {0, 0}, j, {0, 0}); }

 private:
  // What follows a layer: the layer, the stage before it, and for the sum of two branches the end of the other one.
  struct Stage {
    const Layer* layer;
    std::size_t before, other;
    Pixel size;
  };

  std::size_t add(const Network& network, std::size_t before) {
    for (const Layer& layer : network.layers) {
      std::size_t from = before, other = 0;
      if (const auto* l = std::get_if<Residual>(&layer)) {
        from = add(l->main, before);
        other = add(l->shortcut, before);
      }
      stages_.push_back({&layer, from, other, size_after(layer, stages_[from].size)});
      before = stages_.size() - 1;
    }
    return before;
  }

  static Pixel size_after(const Layer& layer, Pixel n) {
    const auto windowed = [&](const auto& l) {
      const auto side = [&](int m) {
        return l.padding == Padding::valid ? (m - l.size) / l.stride + 1 : (m + l.stride - 1) / l.stride;
      };
      return Pixel{side(n.y), side(n.x)};
    };
    if (const auto* l = std::get_if<Conv>(&layer)) return windowed(*l);
    if (const auto* l = std::get_if<AveragePool>(&layer)) return windowed(*l);
    if (const auto* l = std::get_if<SumPool>(&layer)) return windowed(*l);
    if (std::holds_alternative<GlobalAveragePool>(layer) || std::holds_alternative<Flatten>(layer)) return {1, 1};
    return n;
  }

  // Σ and Θ at pixel p of image i and q of image j.
  Both at(std::size_t stage, Eigen::Index i, Pixel p, Eigen::Index j, Pixel q) {
    const auto key = std::tuple(stage, i, p, j, q);
    if (const auto known = memory_.find(key); known != memory_.end()) return known->second;
    const Both value = stage == 0 ? input(i, p, j, q) : after(stages_[stage], i, p, j, q);
    memory_.emplace(key, value);
    return value;
  }

  Both input(Eigen::Index i, Pixel p, Eigen::Index j, Pixel q) const {
    double sum = 0;
    for (Eigen::Index c = 0; c < images_.channels; ++c) sum += images_(i, p.y, p.x, c) * images_(j, q.y, q.x, c);
    return {sum / static_cast<double>(images_.channels), 0};
  }

  static Both affine(const Expr& w, const Expr& b, Both in) {
    const double ww = std::pow(scale_value(w, "w"), 2), bb = std::pow(scale_value(b, "b"), 2);
    const double sigma = ww * in.sigma + bb;
    return {sigma, ww * in.theta + sigma};
  }

  // The input pixel under tap (a, b) of output pixel o, if there is one.
  template <class Window>
  bool tap(const Window& l, Pixel n, Pixel o, int a, int b, Pixel& to) const {
    const auto along = [&](int m, int out, int t, int& at) {
      const int sides = l.padding == Padding::valid ? (m - l.size) / l.stride + 1 : (m + l.stride - 1) / l.stride;
      const int missing = std::max(0, (sides - 1) * l.stride + l.size - m);
      at = out * l.stride + t - (l.padding == Padding::valid ? 0 : missing / 2);
      if (l.padding == Padding::circular) at = (at + m) % m;
      return at >= 0 && at < m;
    };
    return along(n.y, o.y, a, to.y) && along(n.x, o.x, b, to.x);
  }

  Both after(const Stage& stage, Eigen::Index i, Pixel p, Eigen::Index j, Pixel q) {
    const Layer& layer = *stage.layer;
    const std::size_t before = stage.before;
    if (const auto* l = std::get_if<Dense>(&layer)) return affine(l->w, l->b, at(before, i, p, j, q));
    if (const auto* l = std::get_if<Conv>(&layer)) return affine(l->w, l->b, tap_mean(*l, before, i, p, j, q));
    if (const auto* l = std::get_if<AveragePool>(&layer)) {
      const Both sum = window_sum(*l, before, i, p, j, q);
      const double pairs = std::pow(l->size, 4);
      return {sum.sigma / pairs, sum.theta / pairs};
    }
    if (const auto* l = std::get_if<SumPool>(&layer)) return window_sum(*l, before, i, p, j, q);
    if (std::holds_alternative<GlobalAveragePool>(layer)) return pixel_mean(true, before, i, j);
    if (std::holds_alternative<Flatten>(layer)) return pixel_mean(false, before, i, j);
    const Both v = at(before, i, p, j, q);
    if (std::holds_alternative<Residual>(layer)) {
      const Both other = at(stage.other, i, p, j, q);
      return {v.sigma + other.sigma, v.theta + other.theta};
    }
    const double a = at(before, i, p, i, p).sigma, b = at(before, j, q, j, q).sigma;
    if (std::holds_alternative<LayerNorm>(layer)) {
      const double scale = std::sqrt(a + 1e-12) * std::sqrt(b + 1e-12);
      return {v.sigma / scale, v.theta / scale};
    }
    const auto* named = std::get_if<Nonlinearity>(&layer);
    const PlainDual dual =
        named != nullptr ? plain_dual(*named, a, b, v.sigma) : plain_dual(std::get<FormulaDual>(layer), a, b, v.sigma);
    return {dual.k, v.theta * dual.kdot};
  }

  Both tap_mean(const Conv& l, std::size_t before, Eigen::Index i, Pixel p, Eigen::Index j, Pixel q) {
    const Pixel n = stages_[before].size;
    Both mean{0, 0};
    for (int a = 0; a < l.size; ++a) {
      for (int b = 0; b < l.size; ++b) {
        Pixel s{}, t{};
        if (!tap(l, n, p, a, b, s) || !tap(l, n, q, a, b, t)) continue;
        const Both v = at(before, i, s, j, t);
        mean.sigma += v.sigma / (l.size * l.size);
        mean.theta += v.theta / (l.size * l.size);
      }
    }
    return mean;
  }

  template <class Window>
  Both window_sum(const Window& l, std::size_t before, Eigen::Index i, Pixel p, Eigen::Index j, Pixel q) {
    const Pixel n = stages_[before].size;
    Both sum{0, 0};
    for (int k = 0; k < l.size * l.size; ++k) {
      for (int m = 0; m < l.size * l.size; ++m) {
        Pixel s{}, t{};
        if (!tap(l, n, p, k / l.size, k % l.size, s) || !tap(l, n, q, m / l.size, m % l.size, t)) continue;
        const Both v = at(before, i, s, j, t);
        sum.sigma += v.sigma;
        sum.theta += v.theta;
      }
    }
    return sum;
  }

  Both pixel_mean(bool all_pairs, std::size_t before, Eigen::Index i, Eigen::Index j) {
    const Pixel n = stages_[before].size;
    Both sum{0, 0};
    double count = 0;
    for (int k = 0; k < n.y * n.x; ++k) {
      for (int m = all_pairs ? 0 : k; m < (all_pairs ? n.y * n.x : k + 1); ++m, ++count) {
        const Both v = at(before, i, {k / n.x, k % n.x}, j, {m / n.x, m % n.x});
        sum.sigma += v.sigma;
        sum.theta += v.theta;
      }
    }
    return {sum.sigma / count, sum.theta / count};
  }

  const Images& images_;
  std::vector<Stage> stages_;
  std::size_t last_ = 0;
  std::map<std::tuple<std::size_t, Eigen::Index, Pixel, Eigen::Index, Pixel>, Both> memory_;
};

}  // namespace

PixelPair plain_image_pair(const Network& network, const Images& images, Eigen::Index i, Eigen::Index j) {
  const Both value = Definition(network, images).output(i, j);
  return {value.sigma, value.theta};
}

}  // namespace nke::test
