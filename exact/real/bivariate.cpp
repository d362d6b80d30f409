// SPDX-License-Identifier: Apache-2.0
// Phi2 over doubles: the sectors of bivariate.hpp by Gauss-Legendre rules.
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include <boost/math/quadrature/gauss.hpp>

#include <nke/exact/real/bivariate.hpp>

namespace nke {
namespace {

constexpr double pi_double = std::numbers::pi;
constexpr double root_half = 0.70710678118654752440;

struct Node {
  double at;
  double weight;
};

// Gauss-Legendre on [0, 1] with `n` nodes, n even.
template <unsigned n>
std::array<Node, n> legendre() {
  const auto& x = boost::math::quadrature::gauss<double, n>::abscissa();
  const auto& w = boost::math::quadrature::gauss<double, n>::weights();
  std::array<Node, n> nodes;
  for (std::size_t i = 0; i < n / 2; ++i) {
    nodes[2 * i] = {0.5 - 0.5 * x[i], 0.5 * w[i]};
    nodes[2 * i + 1] = {0.5 + 0.5 * x[i], 0.5 * w[i]};
  }
  return nodes;
}

// For even functions of t on [0, 1] with poles beyond ±i: t = tan(π u/4), the positive half of a rule in u.
std::array<Node, 10> tangent_rule() {
  const auto& x = boost::math::quadrature::gauss<double, 20>::abscissa();
  const auto& w = boost::math::quadrature::gauss<double, 20>::weights();
  std::array<Node, 10> nodes;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const double t = std::tan(pi_double / 4 * x[i]);
    nodes[i] = {t, w[i] * pi_double / 4 * (1 + t * t)};
  }
  return nodes;
}

// exp(−h²/2) to a few units however large h is: h² is split into what is exact and a small rest.
double gaussian(double h) {
  if (std::abs(h) > 40) return 0;
  const double head = static_cast<double>(static_cast<float>(h));
  return std::exp(-0.5 * head * head) * std::exp(-0.5 * (h - head) * (h + head));
}

// T(large, small/large) for 0 ≤ small ≤ large, small ≤ 1.
double owens_t(double large, double small) {
  static const std::array<Node, 10> rule = tangent_rule();
  const double a = small / large, s = 0.5 * small * small;
  double total = 0;
  for (const Node& node : rule) {
    const double square = node.at * node.at;
    total += node.weight * std::exp(-s * square) / (1 + a * a * square);
  }
  return gaussian(large) * a * total / (2 * pi_double);
}

// V(h, −w) for w ≥ 1: (1/2π) exp(−R²/2) ∫_0^∞ exp(−w t − t²/2) h/(h² + (w+t)²) dt, cut off where it is exp(−40).
double far_sector(double h, double w) {
  static const std::array<Node, 30> rule = legendre<30>();
  const double end = 80 / (std::sqrt(w * w + 80) + w);
  double total = 0;
  for (const Node& node : rule) {
    const double t = end * node.at, from_foot = w + t;
    total += node.weight * std::exp(-t * (w + 0.5 * t)) * h / (h * h + from_foot * from_foot);
  }
  return gaussian(h) * gaussian(w) * end * total / (2 * pi_double);
}

// V(h, w) for 0 ≤ h ≤ 40, any w.
double sector(double h, double w) {
  const double size = std::abs(w);
  double near = 0;
  if (size >= 1) {
    near = size < 40 ? far_sector(h, size) : 0;
  } else if (size <= h) {
    near = 0.5 * Phi(-h) - owens_t(h, size);
  } else {
    near = owens_t(size, h) - Phi(-size) * 0.5 * std::erf(h * root_half);
  }
  return w < 0 ? near : Phi(-h) - near;
}

// exp(−R²/2) (1 − s Q(s)/φ(s)) with R² = s² + t²: the mass of a ray from the apex, at an angle of cosine s/R to the
// outward direction. For s ≥ 2 by the continued fraction of Mills' ratio, in which 1 − s Q/φ does not cancel.
double ray(double s, double t) {
  if (s < 2) return gaussian(t) * (gaussian(s) - s * std::sqrt(2 * pi_double) * Phi(-s));
  double fraction = s;
  for (int n = s < 4 ? 70 : 30; n >= 2; --n) fraction = s + n / fraction;
  return gaussian(t) * gaussian(s) / (1 + s * fraction);
}

// The wedge whose first side lies on the line at distance h, with its apex at w there, and which opens by `width`: exact
// digits where the difference of two sectors has none. Turned from the first side, by sums of what is known of it: the
// direction itself would be too coarse where the apex is far away.
double narrow_wedge(double h, double w, double width) {
  static const std::array<Node, 20> rule = legendre<20>();
  double total = 0;
  for (const Node& node : rule) {
    const double c = std::cos(width * node.at), s = std::sin(width * node.at);
    total += node.weight * ray(-w * c - h * s, h * c - w * s);
  }
  return width * total / (2 * pi_double);
}

}  // namespace

double Phi2(double h, double k, double x, double y) {
  constexpr double far = 39;  // Φ(−39) is no double any more
  const double s = std::hypot(x, y);
  if (!(y >= 0) || !(s > 0) || !std::isfinite(s) || h != h || k != k) return std::numeric_limits<double>::quiet_NaN();
  if (h < -far || k < -far) return 0;
  if (h > far) return Phi(k);
  if (k > far) return Phi(h);
  if (h == 0 && k == 0) return std::atan2(y, -x) / (2 * pi_double);
  const double q = y / s;
  if (q == 0 && x > 0) return Phi(min(h, k));
  if (q == 0 && h + k <= 0) return 0;
  // (k − r h)/q and (h − r k)/q, without the cancellation near r = ±1.
  const double sense = x >= 0 ? 1 : -1;
  const double apart = k - sense * h;
  const double shift = sense * q / (1 + std::abs(x) / s);
  const double along_h = (apart == 0 ? 0 : apart / q) + shift * h;
  const double along_k = (apart == 0 ? 0 : -sense * apart / q) + shift * k;
  if (h <= 0 && k <= 0) return sector(-h, along_h) + sector(-k, along_k);
  if (h >= 0 && k >= 0) {
    return 0.5 * (std::erf(h * root_half) + std::erf(k * root_half)) + sector(h, -along_h) + sector(k, -along_k);
  }
  // One threshold on each side of 0.
  const double below = min(h, k), above = max(h, k);
  const double along_below = h < k ? along_h : along_k, along_above = h < k ? along_k : along_h;
  const double width = std::atan2(y, -x);
  if (width < 0.5 && std::hypot(above, along_above) * width < 1) return narrow_wedge(above, along_above, width);
  return max(0, sector(-below, along_below) - sector(above, along_above));
}

}  // namespace nke
