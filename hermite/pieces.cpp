// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>

#include <nke/hermite/gauss_legendre.hpp>
#include <nke/hermite/pieces.hpp>

namespace nke {

namespace {

constexpr int order = 16;
constexpr double tolerance = 1e-14;  // of the scale; the transform itself is noisy at 2e-15
// σ that has become smaller than this share of its largest value nearer to 0 is resolved only as well as that.
constexpr double local_share = 1e-2;
constexpr double noise_level = 1e-12;  // a tail below this which no longer falls is rounding noise of σ
constexpr double unresolved = std::numeric_limits<double>::infinity();
constexpr std::size_t piece_limit = 10000;
constexpr double coarsest = 4;  // first cuts every 4 units up to 64, then in geometric progression
constexpr double coarse_until = 64;

using Samples = std::array<double, order>;
using Series = std::array<double, order>;

// P_j at the nodes of the 16-point rule times (2j+1) weight: the matrix from samples to Legendre coefficients.
struct LegendreTransform {
  std::array<Samples, order> rows;

  LegendreTransform() {
    const GaussLegendre& rule = gauss_legendre(order);
    for (std::size_t i = 0; i < order; ++i) {
      const double t = 2 * rule.node[i] - 1;
      double before = 0, now = 1;
      for (std::size_t j = 0; j < order; ++j) {
        const auto degree = static_cast<double>(j);
        rows[j][i] = (2 * degree + 1) * rule.weight[i] * now;
        const double next = ((2 * degree + 1) * t * now - degree * before) / (degree + 1);
        before = now;
        now = next;
      }
    }
  }

  Series operator()(const double* samples) const {
    Series c{};
    for (std::size_t j = 0; j < order; ++j) {
      for (std::size_t i = 0; i < order; ++i) c[j] += rows[j][i] * samples[i];
    }
    return c;
  }
};

double value_of(const Series& c, double t) {
  double before = 0, now = 1, sum = 0;
  for (std::size_t j = 0; j < order; ++j) {
    sum += c[j] * now;
    const auto degree = static_cast<double>(j);
    const double next = ((2 * degree + 1) * t * now - degree * before) / (degree + 1);
    before = now;
    now = next;
  }
  return sum;
}

struct Fit {
  double tail = 0;  // relative to the scale of σ there; infinite where σ is not finite
  int degree = 0;
  double off_nodes = 0;  // relative misfit between the nodes
};

class Cutter {
 public:
  Cutter(const SampledFunction& sigma, bool folded, double reach, double finest)
      : sigma_(sigma), folded_(folded), finest_(finest) {
    // In powers of two from the scale of the finest piece to the reach.
    double largest = 0;
    const double first = std::max(finest, 1e-30 * reach);
    const int steps = static_cast<int>(std::ceil(std::log2(reach / first)));
    for (int k = steps; k >= 0; --k) {
      const double right = std::ldexp(reach, -k), left = k == steps ? 0 : right / 2;
      largest = std::max({largest, largest_value(left, right), largest_value(-right, -left)});
      scales_.push_back({right, largest});
    }
  }

  // Both sides of a folded piece must be resolved: the worse one counts.
  Fit fit(double left, double right) const {
    Fit result = fit_side(left, right, 1);
    if (folded_) {
      const Fit other = fit_side(left, right, -1);
      result.tail = std::max(result.tail, other.tail);
      result.degree = std::max(result.degree, other.degree);
      result.off_nodes = std::max(result.off_nodes, other.off_nodes);
    }
    return result;
  }

  void bisect(double left, double right, double parent_tail, std::vector<Piece>& out) const {
    const Fit here = fit(left, right);
    const bool resolved = here.tail <= tolerance && here.off_nodes <= 10 * tolerance;
    const bool noise = here.tail <= noise_level && here.tail > 0.5 * parent_tail;
    const double middle = left + (right - left) / 2;
    const bool too_narrow = right - left <= finest_ || middle <= left || middle >= right ||
                            right - left <= 1e-15 * std::max(std::abs(left), std::abs(right));
    if (resolved || noise || too_narrow || out.size() >= piece_limit) {
      out.push_back({left, right, resolved ? here.degree : order - 1});
      return;
    }
    bisect(left, middle, here.tail, out);
    bisect(middle, right, here.tail, out);
  }

 private:
  struct Scale {
    double distance;
    double largest;
  };

  double largest_value(double left, double right) const {
    const GaussLegendre& rule = gauss_legendre(order);
    std::array<double, order> x{}, y{};
    for (std::size_t i = 0; i < order; ++i) x[i] = left + (right - left) * rule.node[i];
    sigma_.values(x, y);
    double largest = 0;
    for (const double v : y) {
      if (std::isfinite(v)) largest = std::max(largest, std::abs(v));
    }
    return largest;
  }

  // What an error at this distance is measured by: the largest |σ| met from 0 up to there. No variance sees the tail
  // e^(−x²/2) of a GELU, or the zero of x − 1, without seeing what lies nearer to 0 too.
  double scale_at(double distance) const {
    const auto at = std::lower_bound(scales_.begin(), scales_.end(), distance,
                                     [](const Scale& s, double d) { return s.distance < d; });
    // The octave that holds the distance reaches beyond it; the one before does not.
    return at == scales_.begin() ? 0 : local_share * std::prev(at)->largest;
  }

  Fit fit_side(double left, double right, double side) const {
    static const LegendreTransform transform;
    const GaussLegendre& rule = gauss_legendre(order);
    constexpr std::array<double, 4> between{-0.97, -0.31, 0.42, 0.88};
    std::array<double, order + 4> x{}, y{};
    for (std::size_t i = 0; i < order; ++i) x[i] = side * (left + (right - left) * rule.node[i]);
    for (std::size_t i = 0; i < 4; ++i) x[order + i] = side * (left + (right - left) * (1 + between[i]) / 2);
    sigma_.values(x, y);
    double largest = scale_at(std::max(std::abs(left), std::abs(right)));
    for (const double v : y) {
      if (!std::isfinite(v)) return {unresolved, order - 1, unresolved};
      largest = std::max(largest, std::abs(v));
    }
    if (largest == 0) return {};
    const Series c = transform(y.data());
    Fit result;
    for (std::size_t j = order - 3; j < order; ++j) result.tail += std::abs(c[j]) / largest;
    for (std::size_t j = 0; j < order; ++j) {
      if (std::abs(c[j]) > tolerance * largest) result.degree = static_cast<int>(j);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      result.off_nodes = std::max(result.off_nodes, std::abs(value_of(c, between[i]) - y[order + i]) / largest);
    }
    return result;
  }

  const SampledFunction& sigma_;
  bool folded_;
  double finest_;
  std::vector<Scale> scales_;
};

std::vector<double> coarse_cuts(double reach) {
  std::vector<double> cuts{0};
  while (cuts.back() < reach) {
    cuts.push_back(cuts.back() < coarse_until ? cuts.back() + coarsest : 1.5 * cuts.back());
  }
  cuts.back() = reach;
  return cuts;
}

// Neighbours are joined if together they are still resolved and no breakpoint lies between them. Sixteen nodes on a
// long piece can step over what made a short one necessary (erf on [−900, −1] is −1 at every node), so a joined piece
// is at most a few times as long as the shortest that went into it.
std::vector<Piece> join(const Cutter& cutter, const std::vector<Piece>& pieces, const std::vector<double>& kept) {
  constexpr double longest = 6;
  std::vector<Piece> joined;
  double shortest = 0;  // among those that went into joined.back()
  for (const Piece& piece : pieces) {
    const double width = piece.right - piece.left;
    if (!joined.empty() && !std::binary_search(kept.begin(), kept.end(), piece.left)) {
      const double shortest_of_both = std::min(shortest, width);
      if (piece.right - joined.back().left <= longest * shortest_of_both) {
        const Fit both = cutter.fit(joined.back().left, piece.right);
        if (both.tail <= tolerance && both.off_nodes <= 10 * tolerance) {
          joined.back().right = piece.right;
          joined.back().degree = both.degree;
          shortest = shortest_of_both;
          continue;
        }
      }
    }
    joined.push_back(piece);
    shortest = width;
  }
  return joined;
}

std::vector<Piece> pieces_between(const SampledFunction& sigma, bool folded, std::vector<double> cuts,
                                  std::vector<double> kept, double reach, double finest) {
  cuts.insert(cuts.end(), kept.begin(), kept.end());
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  std::sort(kept.begin(), kept.end());
  const Cutter cutter(sigma, folded, reach, finest);
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    cutter.bisect(cuts[i], cuts[i + 1], unresolved, pieces);
  }
  return join(cutter, pieces, kept);
}

}  // namespace

std::vector<Piece> folded_pieces(const SampledFunction& sigma, double reach, double finest) {
  std::vector<double> kept;
  for (const double t : sigma.cuts) {
    if (std::abs(t) < reach && t != 0) kept.push_back(std::abs(t));
  }
  return pieces_between(sigma, true, coarse_cuts(reach), kept, reach, finest);
}

std::vector<Piece> line_pieces(const SampledFunction& sigma, double reach, double finest) {
  std::vector<double> cuts, kept;
  for (const double t : coarse_cuts(reach)) cuts.insert(cuts.end(), {t, -t});
  for (const double t : sigma.cuts) {
    if (std::abs(t) < reach) kept.push_back(t);
  }
  std::replace(cuts.begin(), cuts.end(), -0.0, 0.0);
  return pieces_between(sigma, false, cuts, kept, reach, finest);
}

}  // namespace nke
