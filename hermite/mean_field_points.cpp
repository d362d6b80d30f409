// SPDX-License-Identifier: Apache-2.0
// The search for the fixed points of the variance map.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <nke/exact/real/error.hpp>
#include <nke/hermite/mean_field.hpp>
#include <nke/hermite/sampled_function.hpp>

#include "mean_field_state.hpp"

namespace nke {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr int lowest_octave = -20, highest_octave = 30, points_an_octave = 2;
constexpr std::size_t more_nodes = 12000;  // of an integral than at the first q: σ oscillates too fast to go on
constexpr double largest_scale = 1e60;     // squares of variances stay within doubles
constexpr double smallest = 1e-18;         // of a fixed point above 0
constexpr double marginal_by = 1e-10;      // how close to 1 a slope is taken for 1
constexpr double touching = 1e-11;         // |V/q − 1| at an extremum that is taken for a double root

// −1/log(slope): by how many layers a distance shrinks by e.
double depth_scale(double slope) {
  const double size = std::abs(slope);
  if (size == 0) return 0;
  if (std::abs(size - 1) <= marginal_by) return infinite;
  return size < 1 ? -1 / std::log(size) : nothing;
}

bool jumps_at_zero(const Activation& sigma) {
  return std::any_of(sigma.breakpoints().begin(), sigma.breakpoints().end(),
                     [](const Breakpoint& p) { return p.at() == 0 && p.kind == Breakpoint::Kind::jump; });
}

bool singular_at_zero(const Activation& sigma) {
  return std::any_of(sigma.breakpoints().begin(), sigma.breakpoints().end(),
                     [](const Breakpoint& p) { return p.at() == 0 && p.kind == Breakpoint::Kind::singular; });
}

// A singular point that is not square-integrable is so at every variance; it is seen where it is within reach.
bool has_pole(const Activation& sigma, const GaussianSquare& square) {
  return std::any_of(sigma.breakpoints().begin(), sigma.breakpoints().end(), [&](const Breakpoint& p) {
    if (p.kind != Breakpoint::Kind::singular || p.removable || p.smoothness > 0) return false;
    return square(std::max(p.at() * p.at(), 1e-2)).value == infinite;
  });
}

// lim E σ(√q z)²/q as q → 0, for σ(0) = 0.
double slope_at_zero(const Activation& sigma, const GaussianSquare& square) {
  if (!singular_at_zero(sigma)) {
    constexpr double beside = 1e-30;
    const Activation derivative = sigma.derivative();
    const double right = derivative(beside), left = derivative(-beside);
    const double slope = (right * right + left * left) / 2;
    if (std::isfinite(slope)) return slope < 1e-24 ? 0 : slope;
  }
  const double near = square(1e-10).value / 1e-10, far = square(1e-8).value / 1e-8;
  if (!std::isfinite(near) || near > 1.01 * far) return infinite;
  return near < 0.99 * far ? 0 : near;
}

class Search {
 public:
  Search(const MeanField::State& state, const FieldScales& scales) : state_(state), scales_(scales) {}

  // V(q)/q − 1.
  double excess(double q) const { return excess(q, state_.quick_moment(q)); }

  // Roots of excess between the ends of the grid and at touching extrema, by growing q.
  std::vector<double> roots(double slope_below) {
    make_grid(slope_below);
    std::vector<double> found;
    for (std::size_t i = 0; i < q_.size(); ++i) {
      if (g_[i] == 0) found.push_back(q_[i]);
      if (i + 1 < q_.size() && g_[i] * g_[i + 1] < 0) found.push_back(root(q_[i], q_[i + 1]));
      if (i > 0 && i + 1 < q_.size()) look_at_extremum(i, found);
    }
    std::sort(found.begin(), found.end());
    return found;
  }
  bool ends_above() const { return g_.back() > 0; }
  double searched_to() const { return bounded_ ? infinite : q_.back(); }

 private:
  double excess(double q, const SquareMoment& moment) const {
    return (scales_.weight * moment.value + scales_.bias) / q - 1;
  }

  // Above this no fixed point can be: for |σ| ≤ A (1+|x|)^p with p < 1, V(q) ≤ 4 σ_w² A² (1 + q^p) + σ_b² < q.
  double bound() const {
    const auto& growth = state_.sigma.growth();
    if (!growth || growth->linear.sign() > 0 || growth->quadratic.sign() > 0) return infinite;
    const double p = growth->power.to_double(), a = growth->amplitude.to_double();
    if (!(p < 1)) return infinite;
    double q = 1;
    while (q < 1e300 && 4 * scales_.weight * a * a * (1 + std::pow(q, p)) + scales_.bias >= q) q *= 2;
    return q;
  }
  double root(double low, double high) const {
    return root_between([this](double q) { return excess(q); }, low, high);
  }

  void make_grid(double slope_below) {
    // Every fixed point is at least σ_b².
    double low = std::ldexp(1.0, lowest_octave);
    if (scales_.bias > 0) low = std::max(smallest, scales_.bias * (1 - 1e-12));
    if (low == std::ldexp(1.0, lowest_octave) && (slope_below > 1) != (excess(low) > 0)) {
      q_ = {smallest};  // the excess changes its sign further down; the slope at 0 is its value there
      g_ = {slope_below - 1};
    }
    const double high = std::max(std::ldexp(1.0, highest_octave), 4 * low), limit = bound();
    const double step = std::exp2(1.0 / points_an_octave);
    std::size_t most_nodes = 0;
    for (double q = low; q <= high; q *= step) {
      const SquareMoment moment = state_.quick_moment(q);
      q_.push_back(q);
      g_.push_back(excess(q, moment));
      bounded_ = g_.back() == infinite || q >= limit;  // V(q) stays infinite, or below q
      if (most_nodes == 0) most_nodes = 3 * moment.nodes + more_nodes;
      if (bounded_ || moment.nodes > most_nodes) break;
    }
  }

  // Three values of one sign, the middle one nearest to zero: do two roots hide there, or one double one?
  void look_at_extremum(std::size_t i, std::vector<double>& found) const {
    const double sign = g_[i] > 0 ? 1 : -1;
    if (!(sign * g_[i - 1] >= sign * g_[i] && sign * g_[i + 1] >= sign * g_[i]) || std::abs(g_[i]) > 0.5) return;
    if (g_[i] == 0 || !std::isfinite(g_[i - 1])) return;
    constexpr double golden = 0.6180339887498949;
    double a = std::log(q_[i - 1]), b = std::log(q_[i + 1]);
    double t = b - golden * (b - a), u = a + golden * (b - a);
    const auto f = [&](double s) { return sign * excess(std::exp(s)); };
    double ft = f(t), fu = f(u);
    for (int step = 0; step < 50 && b - a > 1e-9 && ft > 0 && fu > 0; ++step) {
      if (ft < fu) {
        b = u;
        u = t;
        fu = ft;
        ft = f(t = b - golden * (b - a));
      } else {
        a = t;
        t = u;
        ft = fu;
        fu = f(u = a + golden * (b - a));
      }
    }
    const double lowest = std::min(ft, fu), place = std::exp(ft < fu ? t : u);
    if (lowest < -touching) {
      found.push_back(root(q_[i - 1], place));
      found.push_back(root(place, q_[i + 1]));
    } else if (lowest <= touching) {
      found.push_back(place);
    }
  }

  const MeanField::State& state_;
  FieldScales scales_;
  std::vector<double> q_, g_;
  bool bounded_ = false;
};

Stability stability_of(double slope) {
  if (std::abs(std::abs(slope) - 1) <= marginal_by) return Stability::marginal;
  return std::abs(slope) < 1 ? Stability::attracting : Stability::repelling;
}

Phase phase_of(double chi, double error) {
  if (std::abs(chi - 1) <= std::max(1e-12, 4 * error)) return Phase::critical;
  return chi < 1 ? Phase::ordered : Phase::chaotic;
}

FieldFixedPoint point_at_zero(double slope) {
  FieldFixedPoint point;
  point.slope = point.chi = slope;
  point.stability = stability_of(slope);
  point.phase = phase_of(slope, 0);
  point.correlation = point.correlation_slope = point.depth_correlation = nothing;
  point.depth_variance = depth_scale(slope);
  return point;
}

void check(const FieldScales& scales) {
  if (!(scales.weight >= 0) || !(scales.bias >= 0) || !std::isfinite(scales.weight) || !std::isfinite(scales.bias)) {
    throw DomainError("the variances of weights and biases are finite and not negative");
  }
  if (scales.weight > largest_scale || scales.bias > largest_scale) {
    throw DomainError("the variances of weights and biases are at most 1e60");
  }
}

}  // namespace

FieldFixedPoints MeanField::fixed_points(const FieldScales& scales) const {
  check(scales);
  FieldFixedPoints result;
  result.searched_to = infinite;
  const auto add = [&](double q) {
    const SquareMoment moment = state_->moment(q);
    if (!std::isfinite(moment.value)) return;  // a divergence that one resolution does not show
    FieldFixedPoint point;
    point.variance = q;
    point.slope = scales.weight * moment.slope;
    point.error = scales.weight * moment.value * moment.error / std::max(std::abs(1 - point.slope), 1e-8);
    point.stability = stability_of(point.slope);
    const SquareMoment derived = state_->slope_moment(q);
    point.chi = scales.weight == 0 ? 0 : scales.weight * derived.value;
    point.phase = phase_of(point.chi, derived.error);
    point.depth_variance = depth_scale(point.slope);
    find_correlation(*this, tears(), scales, point);
    point.depth_correlation = point.identity ? infinite : depth_scale(point.correlation_slope);
    result.points.push_back(point);
  };
  const Activation& sigma = state_->sigma;
  const double at_zero = sampled(sigma).at_zero;
  const bool fixed_at_zero = scales.bias == 0 && std::abs(at_zero) < 1e-15 && !jumps_at_zero(sigma);
  double below = infinite;  // V(q)/q as q → 0
  if (scales.weight == 0) {
    if (scales.bias > 0) {
      add(scales.bias);
    } else {
      result.points.push_back(point_at_zero(0));
    }
    return result;
  }
  if (fixed_at_zero) {
    below = scales.weight * (state_->linear ? *state_->linear : slope_at_zero(sigma, state_->value));
  } else if (scales.bias == 0 && std::isfinite(state_->quick_moment(smallest).value) &&
             state_->quick_moment(smallest).value == 0) {
    below = 0;  // σ vanishes near 0 although nothing is known of it at 0
  }
  if (state_->linear) {
    const double slope = scales.weight * *state_->linear;
    const bool one = std::abs(slope - 1) <= 8 * std::numeric_limits<double>::epsilon();
    result.everywhere = one && scales.bias == 0;
    result.grows = scales.bias > 0 ? slope > 1 || one : slope > 1 && !one;
    if (result.everywhere) {
      add(1);
      result.points.front().error = 0;
    } else if (scales.bias == 0) {
      result.points.push_back(point_at_zero(slope));
    } else if (slope < 1 && !one) {
      add(scales.bias / (1 - slope));
    }
    return result;
  }
  if (has_pole(sigma, state_->value)) {
    result.grows = true;
    return result;
  }
  if (fixed_at_zero) result.points.push_back(point_at_zero(below));
  Search search(*state_, scales);
  for (const double q : search.roots(below)) add(q);
  result.grows = search.ends_above();
  result.searched_to = search.searched_to();
  return result;
}

}  // namespace nke
