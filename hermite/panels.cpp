// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/gauss_legendre.hpp>
#include <nke/hermite/panels.hpp>

namespace nke {
namespace {

constexpr int nodes_per_panel = 16;
constexpr int probes = 3;
constexpr std::size_t most_panels = 4000;
// Rounding of σ itself, a few ulp of its largest value on the panel, must not be mistaken for lack of resolution.
constexpr double resolved = 2e-14;

// Legendre polynomials P_0..P_15 at the 16 nodes and at three points between them, once.
struct LegendreTable {
  std::array<std::array<double, nodes_per_panel>, nodes_per_panel + probes> at;
  std::array<double, nodes_per_panel + probes> points;

  LegendreTable() {
    const GaussLegendre& rule = gauss_legendre(nodes_per_panel);
    std::copy(rule.nodes.begin(), rule.nodes.end(), points.begin());
    points[nodes_per_panel] = -0.9731;  // irrational-looking, so that no dyadic structure of σ hides from them
    points[nodes_per_panel + 1] = -0.0417;
    points[nodes_per_panel + 2] = 0.7183;
    for (std::size_t i = 0; i < points.size(); ++i) {
      at[i][0] = 1;
      at[i][1] = points[i];
      for (int k = 2; k < nodes_per_panel; ++k) {
        const auto n = static_cast<std::size_t>(k);
        at[i][n] = ((2 * k - 1) * points[i] * at[i][n - 1] - (k - 1) * at[i][n - 2]) / k;
      }
    }
  }
};

bool is_resolved(const Activation& sigma, double low, double high) {
  static const LegendreTable table;
  const std::vector<double>& weights = gauss_legendre(nodes_per_panel).weights;
  std::array<double, nodes_per_panel + probes> x{};
  std::array<double, nodes_per_panel + probes> y{};
  const double middle = low / 2 + high / 2;
  const double half = high / 2 - low / 2;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = middle + half * table.points[i];
  sigma(x, y);
  double largest = 0;
  for (const double value : y) {
    if (!std::isfinite(value)) return false;
    largest = std::max(largest, std::fabs(value));
  }
  std::array<double, nodes_per_panel> coefficient{};
  for (std::size_t i = 0; i < nodes_per_panel; ++i) {
    for (std::size_t n = 0; n < nodes_per_panel; ++n) coefficient[n] += weights[i] * y[i] * table.at[i][n];
  }
  for (std::size_t n = 0; n < nodes_per_panel; ++n) coefficient[n] *= 0.5 * (2.0 * static_cast<double>(n) + 1);
  const double allowed = resolved * largest;
  if (std::fabs(coefficient[14]) > allowed || std::fabs(coefficient[15]) > allowed) return false;
  for (std::size_t i = nodes_per_panel; i < y.size(); ++i) {
    double interpolated = 0;
    for (std::size_t n = 0; n < nodes_per_panel; ++n) interpolated += coefficient[n] * table.at[i][n];
    if (std::fabs(interpolated - y[i]) > 10 * allowed) return false;
  }
  return true;
}

std::vector<double> first_edges(const Activation& sigma, double reach) {
  std::vector<double> edges{-reach, 0, reach};
  const auto around = [&](double centre, double smallest) {
    edges.push_back(centre);
    for (double distance = smallest; distance < 2 * reach; distance *= 2) {
      edges.push_back(centre - distance);
      edges.push_back(centre + distance);
    }
  };
  around(0, 0.5);
  for (const Breakpoint& point : sigma.breakpoints()) {
    const double at = point.at();
    // A singularity is approached geometrically from the start; bisection alone would take one level for each octave.
    const bool steep = point.kind == Breakpoint::Kind::singular && !point.removable;
    if (std::fabs(at) < reach) around(at, steep ? 1e-13 * std::max(1.0, std::fabs(at)) : 0.5);
  }
  std::erase_if(edges, [&](double edge) { return std::fabs(edge) > reach; });
  std::sort(edges.begin(), edges.end());
  // Edges that differ by rounding only would make a panel of nothing.
  const auto same = [](double x, double y) { return y - x <= 4e-16 * std::max(std::fabs(x), std::fabs(y)); };
  edges.erase(std::unique(edges.begin(), edges.end(), same), edges.end());
  edges.back() = reach;
  return edges;
}

}  // namespace

// The start is finer than most σ need: neighbours are joined again where the union is resolved as well.
std::vector<double> joined(const Activation& sigma, const std::vector<double>& edges) {
  std::vector<double> kept{edges.front()};
  const auto is_breakpoint = [&](double x) {
    const auto here = [x](const Breakpoint& point) { return std::fabs(point.at() - x) <= 1e-15 * std::fabs(x); };
    return std::any_of(sigma.breakpoints().begin(), sigma.breakpoints().end(), here);
  };
  for (std::size_t i = 1; i + 1 < edges.size(); ++i) {
    if (is_breakpoint(edges[i]) || !is_resolved(sigma, kept.back(), edges[i + 1])) kept.push_back(edges[i]);
  }
  kept.push_back(edges.back());
  return kept;
}

std::vector<double> resolved_panels(const Activation& sigma, double reach) {
  const std::vector<double> first = first_edges(sigma, reach);
  std::vector<double> edges{first.front()};
  std::vector<double> pending(first.rbegin(), first.rend() - 1);  // right ends still to reach, the nearest last
  while (!pending.empty()) {
    const double low = edges.back();
    const double high = pending.back();
    const double middle = low / 2 + high / 2;
    const double smallest = 1e-13 * std::max(1e-3, std::max(std::fabs(low), std::fabs(high)));
    if (high - low <= smallest || is_resolved(sigma, low, high)) {
      edges.push_back(high);
      pending.pop_back();
    } else {
      pending.push_back(middle);
    }
    if (edges.size() + pending.size() > most_panels) {
      throw NotCertified("'" + sigma.name() + "' needs more than " + std::to_string(most_panels) +
                         " panels to be resolved on [-" + std::to_string(reach) + ", " + std::to_string(reach) + "]; " +
                         std::to_string(most_panels) + " of them end at " + std::to_string(edges.back()));
    }
  }
  return joined(sigma, edges);
}

}  // namespace nke
