// SPDX-License-Identifier: Apache-2.0
#include "half_line.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include <nke/exact/real/error.hpp>
#include <nke/hermite/gauss_legendre.hpp>

#include "number_text.hpp"

namespace nke {

namespace {

constexpr std::array<int, 8> panel_sizes{8, 16, 24, 32, 40, 48, 56, 64};

// The largest k·w (frequency times half-width) at which m nodes integrate exp(i k w t) times a polynomial of degree d
// to 1e-17: the Legendre coefficients of the exponential end like (kw/2)^j/j!, and j = 2m − d must be past the end.
double reach_of(int m, int d) {
  const double j = 2.0 * m - d;
  return 2 * std::exp((std::lgamma(j + 1) + std::log(1e-17)) / j);
}

struct ReachTable {
  std::array<std::array<double, 16>, panel_sizes.size()> reach;
  ReachTable() {
    for (std::size_t i = 0; i < panel_sizes.size(); ++i) {
      for (std::size_t d = 0; d < 16; ++d) {
        const int m = panel_sizes[i];
        const int degree = static_cast<int>(d);
        reach[i][d] = 2 * m > degree + 1 ? reach_of(m, degree) : 0;
      }
    }
  }
};

void add_panel(double left, double width, int m, HalfLine& out) {
  const GaussLegendre& rule = gauss_legendre(m);
  for (std::size_t i = 0; i < rule.node.size(); ++i) {
    out.z.push_back(left + width * rule.node[i]);
    out.weight.push_back(width * rule.weight[i]);
  }
}

}  // namespace

void HalfLine::clear() {
  z.clear();
  weight.clear();
}

void HalfLine::pad() {
  const std::size_t full = (z.size() + 7) / 8 * 8;
  // σ is evaluated there too, so the padding stands where σ is surely finite: at a node that is in use.
  const double harmless = z.empty() ? 1.0 : z.front();
  z.resize(full, harmless);
  weight.resize(full, 0.0);
}

void trapezoid_nodes(double step, int count, HalfLine& out) {
  out.clear();
  for (int k = 0; k < count; ++k) {
    out.z.push_back((k + 0.5) * step);
    out.weight.push_back(step);
  }
  out.pad();
}

void panel_nodes(std::span<const Piece> pieces, double root_variance, double cutoff, int degree,
                 const PanelRefinement& refinement, HalfLine& out) {
  static const ReachTable table;
  out.clear();
  // psi_n oscillates with at most √(n + 1/2) around 0; √phi and the Gaussian factor behave like a few units more.
  const double frequency = (std::sqrt(degree + 0.5) + 2.5) * refinement.frequency;
  for (const Piece& piece : pieces) {
    const double left = piece.left / root_variance;
    const double right = std::min(piece.right / root_variance, cutoff);
    if (left >= cutoff) break;
    const double width = right - left;
    const auto d = static_cast<std::size_t>(piece.degree);
    const double phase = frequency * width / 2;
    const int panels = std::max(1, static_cast<int>(std::ceil(phase / table.reach.back()[d])));
    std::size_t size = 0;
    while (size + 1 < panel_sizes.size() && table.reach[size][d] < phase / panels) ++size;
    size = std::min(size + static_cast<std::size_t>(refinement.steps), panel_sizes.size() - 1);
    for (int i = 0; i < panels; ++i) add_panel(left + width * i / panels, width / panels, panel_sizes[size], out);
  }
  out.pad();
}

double sum_over(const HalfLine& nodes, const SampledFunction& sigma, double root_variance,
                const HermiteRecurrence& recurrence, std::span<double> h) {
  const std::size_t count = nodes.z.size();
  thread_local std::vector<double> memory;
  if (memory.size() < 7 * count) memory.resize(7 * count);
  const std::span<double> x(memory.data(), 2 * count), y(memory.data() + 2 * count, 2 * count);
  const std::span<double> root(memory.data() + 4 * count, count);
  const std::span<double> even(memory.data() + 5 * count, count), odd(memory.data() + 6 * count, count);
  for (std::size_t k = 0; k < count; ++k) {
    x[k] = root_variance * nodes.z[k];
    x[count + k] = -x[k];
  }
  sigma.values(x, y);
  root_density(nodes.z, root);
  std::array<double, 4> norm{};
  for (std::size_t k = 0; k < count; ++k) {
    const double factor = nodes.weight[k] * root[k];
    const double right = y[k], left = y[count + k];
    even[k] = factor * (right + left);
    odd[k] = factor * (right - left);
    norm[k % 4] += factor * root[k] * (right * right + left * left);
  }
  project(recurrence, nodes.z, root, even, odd, h);
  return (norm[0] + norm[1]) + (norm[2] + norm[3]);
}

double cutoff_of(const SampledFunction& sigma, double variance) {
  constexpr double step = 0.25, farthest = 52;
  constexpr std::size_t count = static_cast<std::size_t>(farthest / step);
  const double s = std::sqrt(variance);
  std::vector<double> x(2 * count), y(2 * count);
  for (std::size_t j = 0; j < count; ++j) {
    x[j] = s * step * (static_cast<double>(j) + 0.5);
    x[count + j] = -x[j];
  }
  sigma.values(x, y);
  // log of max |σ| √phi at each distance; where σ is no longer finite (overflow) nothing is known and nothing may be
  // needed.
  std::vector<double> size;
  double norm = 0;
  for (std::size_t j = 0; j < count; ++j) {
    const double z = step * (static_cast<double>(j) + 0.5);
    const double largest = std::max(std::abs(y[j]), std::abs(y[count + j]));
    if (!std::isfinite(y[j]) || !std::isfinite(y[count + j])) break;
    const double scaled = largest * std::exp(-z * z / 4);
    norm += step * scaled * scaled;
    size.push_back(std::log(largest) - z * z / 4);
  }
  const double small = 0.5 * std::log(norm) + std::log(1e-18);
  std::size_t first = size.size();
  while (first > 0 && !(size[first - 1] > small)) --first;
  // The last few samples must all be small, or else what lies beyond them is not under control.
  constexpr std::size_t margin = 4;
  if (first + margin > size.size() || !std::isfinite(norm)) {
    const double edge = s * step * (static_cast<double>(size.size()) + 0.5);
    throw DomainError("sigma(x) = " + sigma.name + " is not square-integrable at variance " + number_text(variance) +
                      ", or cannot be told from it in double: sigma(x)^2 exp(-x^2/(2*" + number_text(variance) +
                      ")) does not fall off up to |x| = " + number_text(edge));
  }
  return step * (static_cast<double>(first) + 1);
}

}  // namespace nke
