// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>

#include <nke/exact/expr/block_math.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/gauss_legendre.hpp>
#include <nke/hermite/nested_quadrature.hpp>
#include <nke/hermite/pieces.hpp>

#include "number_text.hpp"

namespace nke {
namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
// The density is resolved by the rules below on panels of this many standard deviations.
constexpr double density_panel = 1.5;
// Towards a singularity of σ pieces shrink to this width; what is left out is of this size times σ there.
constexpr double narrowest_piece = 1e-13;

struct Nodes {
  int outer;
  int inner;
};
constexpr Nodes fine{22, 18};
constexpr Nodes coarse{17, 14};

// Neumaier's sum, and the sum of magnitudes that tells how much rounding it may hold.
struct Sum {
  double total = 0;
  double lost = 0;
  double magnitude = 0;

  void add(double term) {
    const double next = total + term;
    lost += std::fabs(total) >= std::fabs(term) ? (total - next) + term : (term - next) + total;
    total = next;
    magnitude += std::fabs(term);
  }
  double value() const { return total + lost; }
};

Estimate compare(const Sum& good, const Sum& worse) {
  const double value = good.value();
  return {value, std::fabs(value - worse.value()) + 4 * epsilon * good.magnitude};
}

void add_density_panels(std::vector<double>& edges, double reach) {
  for (double at = density_panel; at < reach; at += density_panel) {
    edges.push_back(at);
    edges.push_back(-at);
  }
}

void add_images(std::vector<double>& edges, std::span<const double> sources, double scale) {
  for (const double source : sources) edges.push_back(source / scale);
}

// Where E[σ(v) | u] bends: it is σ smoothed over one conditional standard deviation, so it bends within a few of them
// around the image of every edge of σ, and nothing about it is finer than that.
void add_bends(std::vector<double>& edges, std::span<const double> sources, double slope, double spread, double reach) {
  const double width = spread / std::fabs(slope);
  std::vector<double> bends;
  for (const double source : sources) {
    for (const double deviations : {0.0, 1.0, 2.5, 4.0, 6.0, 8.6}) {
      for (const double side : {-1.0, 1.0}) {
        const double at = source / slope + side * deviations * width;
        if (std::fabs(at) < reach) bends.push_back(at);
      }
    }
  }
  std::sort(bends.begin(), bends.end());
  double last = -std::numeric_limits<double>::infinity();
  for (const double at : bends) {
    if (at - last < 0.5 * width) continue;
    edges.push_back(at);
    last = at;
  }
}

// Sorted, inside [−reach, reach], closed by its ends, without panels too thin to hold a double.
void tidy(std::vector<double>& edges, double reach) {
  edges.push_back(-reach);
  edges.push_back(reach);
  std::erase_if(edges, [reach](double x) { return !(std::fabs(x) <= reach); });
  std::sort(edges.begin(), edges.end());
  const auto same = [](double x, double y) { return y - x <= 4 * epsilon * std::max(std::fabs(x), std::fabs(y)); };
  edges.erase(std::unique(edges.begin(), edges.end(), same), edges.end());
}

// A composite rule for ∫ f(x) φ(x) dx on the panels; reuses its memory.
struct Grid {
  std::vector<double> x;
  std::vector<double> weight;  // density included
  std::vector<double> value;   // for the caller

  void lay(const std::vector<double>& edges, int nodes) {
    const GaussLegendre& rule = gauss_legendre(nodes);
    const auto count = rule.node.size();
    x.resize((edges.size() - 1) * count);
    weight.resize(x.size());
    value.resize(x.size());
    for (std::size_t panel = 0, k = 0; panel + 1 < edges.size(); ++panel) {
      const double width = edges[panel + 1] - edges[panel];
      for (std::size_t i = 0; i < count; ++i, ++k) {
        x[k] = edges[panel] + width * rule.node[i];
        weight[k] = width * rule.weight[i];
      }
    }
    block::phi(x, value);
    for (std::size_t k = 0; k < x.size(); ++k) weight[k] *= value[k];
  }

  // value = σ(shift + scale x)
  void evaluate(const Activation& sigma, double shift, double scale) {
    for (std::size_t k = 0; k < x.size(); ++k) value[k] = shift + scale * x[k];
    sigma(value, value);
  }
};

}  // namespace

double relevant_reach(const Activation& sigma, double variance) {
  constexpr double grid = 0.25;
  constexpr int farthest = 256;  // 64 standard deviations
  constexpr double negligible = 40;
  const double scale = std::sqrt(variance);
  // Both sides in one block: z at 2i, −z at 2i + 1.
  std::vector<double> values(2 * (farthest + 1));
  for (std::size_t i = 0; i <= farthest; ++i) {
    values[2 * i] = scale * grid * static_cast<double>(i);
    values[2 * i + 1] = -values[2 * i];
  }
  sigma(values, values);
  std::vector<double> log_integrand;
  log_integrand.reserve(farthest + 1);
  for (std::size_t i = 0; i <= farthest; ++i) {
    const double z = grid * static_cast<double>(i);
    // The size of σ itself, or its proven bound where doubles overflow.
    const double size = std::max(std::fabs(values[2 * i]), std::fabs(values[2 * i + 1]));
    double log_size = std::log(size);
    if (!std::isfinite(size)) log_size = sigma.growth() ? sigma.growth()->log_at(scale * z) : 709.0;
    log_integrand.push_back(2 * log_size - 0.5 * z * z);
  }
  const double peak = *std::max_element(log_integrand.begin(), log_integrand.end());
  // σ may be 0 beyond a distance that no sample but the first falls short of.
  constexpr double least = 8.75;
  if (peak == -std::numeric_limits<double>::infinity()) return least;
  int last = farthest;
  while (last > 0 && !(log_integrand[static_cast<std::size_t>(last)] >= peak - negligible)) --last;
  if (last == farthest || peak > 700) {
    throw DomainError("'" + sigma.name() + "' has no second moment that fits into a double at variance " +
                      number_text(variance) + (sigma.growth() ? ", though |sigma| is bounded by its growth" : ""));
  }
  return std::max(least, grid * (last + 1));
}

NestedQuadrature::NestedQuadrature(Activation sigma, double largest_variance)
    : sigma_(std::move(sigma)), sampled_(sampled(sigma_)), largest_variance_(largest_variance) {
  if (!(largest_variance >= 0) || std::isinf(largest_variance)) {
    throw DomainError("a variance must be finite and not negative, but it is " + number_text(largest_variance));
  }
  if (largest_variance == 0) return;
  const double reach = relevant_reach(sigma_, largest_variance);
  const double farthest = reach * std::sqrt(largest_variance);
  edges_.push_back(-farthest);
  for (const Piece& piece : line_pieces(sampled_, farthest, narrowest_piece)) edges_.push_back(piece.right);
}

void NestedQuadrature::require_variance(double variance) const {
  if (variance > largest_variance_) {
    throw DomainError("the variance " + number_text(variance) + " is above the largest one planned for, " +
                      number_text(largest_variance_));
  }
}

Estimate NestedQuadrature::operator()(const Covariance& at) const {
  require_variance(at.a);
  require_variance(at.b);
  if (at.a == 0 || at.b == 0) {
    const double at_zero = sampled_.at_zero;
    const double other = std::max(at.a, at.b);
    if (other == 0) return {at_zero * at_zero, 2 * epsilon * at_zero * at_zero};
    const Estimate mean = along_the_line(other, 0, 1);
    return {at_zero * mean.value, std::fabs(at_zero) * mean.error_estimate};
  }
  if (at.sine == 0) return along_the_line(at.a, at.b, at.rho);
  const double reach = relevant_reach(sigma_, at.a);
  return in_the_plane(at, at.a == at.b ? reach : std::max(reach, relevant_reach(sigma_, at.b)));
}

Estimate NestedQuadrature::second_moment(double variance) const {
  require_variance(variance);
  if (variance == 0) return {sampled_.at_zero * sampled_.at_zero, 0};
  return along_the_line(variance, variance, 1);
}

// E[σ(√a x) σ(±√b x)]; b = 0 stands for E σ(√a x) alone.
Estimate NestedQuadrature::along_the_line(double a, double b, double sign) const {
  double reach = relevant_reach(sigma_, a);
  if (b != 0 && b != a) reach = std::max(reach, relevant_reach(sigma_, b));
  std::vector<double> edges;
  add_density_panels(edges, reach);
  add_images(edges, edges_, std::sqrt(a));
  if (b != 0) add_images(edges, edges_, sign * std::sqrt(b));
  tidy(edges, reach);
  const auto integrate = [&](int nodes) {
    Grid grid;
    grid.lay(edges, nodes);
    if (b != 0) {
      grid.evaluate(sigma_, 0, sign * std::sqrt(b));
      for (std::size_t i = 0; i < grid.x.size(); ++i) grid.weight[i] *= grid.value[i];
    }
    grid.evaluate(sigma_, 0, std::sqrt(a));
    Sum sum;
    for (std::size_t i = 0; i < grid.x.size(); ++i) sum.add(grid.weight[i] * grid.value[i]);
    return sum;
  };
  return compare(integrate(fine.inner), integrate(coarse.inner));
}

Estimate NestedQuadrature::in_the_plane(const Covariance& at, double reach) const {
  const double slope = at.rho * std::sqrt(at.b);  // v = slope x + spread z
  const double spread = at.sine * std::sqrt(at.b);
  std::vector<double> outer;
  add_density_panels(outer, reach);
  add_images(outer, edges_, std::sqrt(at.a));
  if (slope != 0) {
    add_bends(outer, edges_, slope, spread, reach);
  }
  tidy(outer, reach);

  std::vector<double> inner;
  Grid inner_grid;
  const auto conditional_mean = [&](double x, int nodes) {
    // Outside the disc x² + z² ≤ reach² nothing is left to add.
    const double rest = std::sqrt(std::max(0.0, reach * reach - x * x));
    inner.clear();
    add_density_panels(inner, rest);
    const double low = slope * x - rest * spread;
    const double high = slope * x + rest * spread;
    const auto first = std::upper_bound(edges_.begin(), edges_.end(), low);
    for (auto edge = first; edge != edges_.end() && *edge < high; ++edge) inner.push_back((*edge - slope * x) / spread);
    tidy(inner, rest);
    inner_grid.lay(inner, nodes);
    inner_grid.evaluate(sigma_, slope * x, spread);
    return std::inner_product(inner_grid.weight.begin(), inner_grid.weight.end(), inner_grid.value.begin(), 0.0);
  };
  const auto integrate = [&](Nodes nodes) {
    Grid grid;
    grid.lay(outer, nodes.outer);
    grid.evaluate(sigma_, 0, std::sqrt(at.a));
    Sum sum;
    for (std::size_t i = 0; i < grid.x.size(); ++i) {
      sum.add(grid.weight[i] * grid.value[i] * conditional_mean(grid.x[i], nodes.inner));
    }
    return sum;
  };
  return compare(integrate(fine), integrate(coarse));
}

}  // namespace nke
