// SPDX-License-Identifier: Apache-2.0
#include "pixels_oracle.hpp"

#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <stdexcept>

#include <nke/hermite/nested_quadrature.hpp>

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
  Definition(const Network& network, const Images& images) : net_(network), images_(images) {
    sizes_.push_back({static_cast<int>(images.height), static_cast<int>(images.width)});
    for (const Layer& layer : net_.layers) sizes_.push_back(size_after(layer, sizes_.back()));
  }

  // Σ and Θ after `depth` layers at pixel p of image i and q of image j.
  Both at(std::size_t depth, Eigen::Index i, Pixel p, Eigen::Index j, Pixel q) {
    const auto key = std::tuple(depth, i, p, j, q);
    if (const auto known = memory_.find(key); known != memory_.end()) return known->second;
    const Both value = depth == 0 ? input(i, p, j, q) : after(net_.layers[depth - 1], depth, i, p, j, q);
    memory_.emplace(key, value);
    return value;
  }

 private:
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

  Both after(const Layer& layer, std::size_t depth, Eigen::Index i, Pixel p, Eigen::Index j, Pixel q) {
    const Pixel n = sizes_[depth - 1];
    if (const auto* l = std::get_if<Dense>(&layer)) return affine(l->w, l->b, at(depth - 1, i, p, j, q));
    if (const auto* l = std::get_if<Conv>(&layer)) {
      Both mean{0, 0};
      for (int a = 0; a < l->size; ++a) {
        for (int b = 0; b < l->size; ++b) {
          Pixel s{}, t{};
          if (!tap(*l, n, p, a, b, s) || !tap(*l, n, q, a, b, t)) continue;
          const Both v = at(depth - 1, i, s, j, t);
          mean.sigma += v.sigma / (l->size * l->size);
          mean.theta += v.theta / (l->size * l->size);
        }
      }
      return affine(l->w, l->b, mean);
    }
    if (const auto* l = std::get_if<AveragePool>(&layer)) {
      const Both sum = window_sum(*l, depth, n, i, p, j, q);
      const double pairs = std::pow(l->size, 4);
      return {sum.sigma / pairs, sum.theta / pairs};
    }
    if (const auto* l = std::get_if<SumPool>(&layer)) return window_sum(*l, depth, n, i, p, j, q);
    if (std::holds_alternative<GlobalAveragePool>(layer) || std::holds_alternative<Flatten>(layer)) {
      const bool all = std::holds_alternative<GlobalAveragePool>(layer);
      Both sum{0, 0};
      double count = 0;
      for (int k = 0; k < n.y * n.x; ++k) {
        for (int m = all ? 0 : k; m < (all ? n.y * n.x : k + 1); ++m, ++count) {
          const Both v = at(depth - 1, i, {k / n.x, k % n.x}, j, {m / n.x, m % n.x});
          sum.sigma += v.sigma;
          sum.theta += v.theta;
        }
      }
      return {sum.sigma / count, sum.theta / count};
    }
    const Both v = at(depth - 1, i, p, j, q);
    const double a = at(depth - 1, i, p, i, p).sigma, b = at(depth - 1, j, q, j, q).sigma;
    if (std::holds_alternative<LayerNorm>(layer)) {
      const double scale = std::sqrt(a + 1e-12) * std::sqrt(b + 1e-12);
      return {v.sigma / scale, v.theta / scale};
    }
    if (const auto* l = std::get_if<Nonlinearity>(&layer)) {
      return {dual(l->activation, a, b, v.sigma), v.theta * dual(l->activation.derivative(), a, b, v.sigma)};
    }
    throw std::logic_error("the plain kernels know no such layer");
  }

  template <class Window>
  Both window_sum(const Window& l, std::size_t depth, Pixel n, Eigen::Index i, Pixel p, Eigen::Index j, Pixel q) {
    Both sum{0, 0};
    for (int k = 0; k < l.size * l.size; ++k) {
      for (int m = 0; m < l.size * l.size; ++m) {
        Pixel s{}, t{};
        if (!tap(l, n, p, k / l.size, k % l.size, s) || !tap(l, n, q, m / l.size, m % l.size, t)) continue;
        const Both v = at(depth - 1, i, s, j, t);
        sum.sigma += v.sigma;
        sum.theta += v.theta;
      }
    }
    return sum;
  }

  double dual(const Activation& sigma, double a, double b, double c) {
    if (sigma.expression().is_zero()) return 0;
    const double most = std::sqrt(a) * std::sqrt(b);
    const NestedQuadrature rule(sigma, std::max({a, b, 1e-300}));
    if (most > 0 && std::abs(c) > (1 - 1e-13) * most) {
      return rule(Covariance::from_angle(a, b, c > 0 ? 0.0 : std::numbers::pi)).value;
    }
    return rule(Covariance(a, b, c)).value;
  }

  const Network& net_;
  const Images& images_;
  std::vector<Pixel> sizes_;
  std::map<std::tuple<std::size_t, Eigen::Index, Pixel, Eigen::Index, Pixel>, Both> memory_;
};

}  // namespace

PixelPair plain_image_pair(const Network& network, const Images& images, Eigen::Index i, Eigen::Index j) {
  Definition definition(network, images);
  const Both value = definition.at(network.layers.size(), i, {0, 0}, j, {0, 0});
  return {value.sigma, value.theta};
}

}  // namespace nke::test
