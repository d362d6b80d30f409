// SPDX-License-Identifier: Apache-2.0
#include "certified_change.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_coefficients.hpp>

namespace nke {
namespace {

constexpr int rough_digits = 3;  // of the norms that bound derivatives
constexpr double up = 1 + 0x1p-40;
constexpr double inverse_root_two_pi = 0.39894228040143276;  // rounded up

double bounded_by(const GrowthBound& growth) {
  const bool bounded = growth.power.is_zero() && growth.linear.is_zero() && growth.quadratic.sign() <= 0;
  return bounded ? growth.amplitude.to_double() * up : std::numeric_limits<double>::infinity();
}

}  // namespace

// One of the two arguments: what is known of it over its ball.
struct CertifiedChange::Side {
  double root_norm = 0;    // ‖f‖
  double root_moment = 0;  // ‖x σ'(√a x)‖
  double smooth = 0;       // A
  double rough = 0;        // B
  double step = 0;         // Δ√a
  double low = 0;          // of a
  double high = 0;
};

CertifiedChange::CertifiedChange(const Activation& sigma, const CertifiedPieces& pieces)
    : sigma_(sigma),
      slope_(sigma.derivative()),
      moment_(symbol("x") * slope_.expression()),
      supremum_(bounded_by(pieces.growth)) {
  if (!sigma.breakpoints_proven()) {
    throw NotCertified("the breakpoints of " + sigma.name() +
                       " are not proven: K of uncertain arguments is not certified");
  }
  if (pieces.singular) {
    throw NotCertified(sigma.name() + " is singular at 0: K of uncertain arguments is not certified");
  }
  const auto& points = sigma.breakpoints();
  for (std::size_t i = 0; i < points.size() && i < pieces.points.size(); ++i) {
    if (points[i].kind == Breakpoint::Kind::kink) continue;
    const Precision precision = Precision::bits(std::max(pieces.points[i].bits(), 64L));
    const auto limit = [&](std::size_t piece) {
      return evaluate<Ball>(pieces.pieces[piece], "x", pieces.points[i], precision);
    };
    const Ball left = limit(i);
    const Ball right = limit(i + 1);
    const double size = abs(right - left).upper();
    const double of_square = abs(right * right - left * left).upper();
    if (!std::isfinite(size)) {
      throw NotCertified(sigma.name() + " has a " + to_text(points[i]) +
                         " that is not bounded: K of uncertain arguments is not certified");
    }
    jumps_.push_back({pieces.points[i], size, of_square, points[i].exact && points[i].exact->is_zero()});
  }
}

CertifiedChange::Side CertifiedChange::side(const Ball& variance, const Ball& at) const {
  const Ball all = hull(variance, at);
  Side result;
  result.low = all.lower();
  result.high = all.upper();
  if (!(result.low > 0)) throw NotCertified("uncertain variances must be positive for certain");
  // The densities compare: E f(√a z)² ≤ √(a₁/a) E f(√a₁ z)² for a ≤ a₁. So one variance answers for a wide ball.
  const Ball largest = Ball::from_double_exactly(result.high, Precision::bits(64));
  const double spread = std::sqrt(std::sqrt(result.high / result.low)) * up;
  const auto root_norm = [&](const Activation& f) {
    if (f.expression().is_zero()) return 0.0;
    return std::sqrt(certified_norm(f, largest, {.degree = 0, .digits = rough_digits}).upper()) * spread;
  };
  const double root = std::sqrt(result.high) * up;
  result.root_norm = root_norm(sigma_);
  result.smooth = root * root_norm(slope_);
  result.root_moment = root_norm(moment_) / std::sqrt(result.low) * up;
  result.step = abs(sqrt(variance) - sqrt(at)).upper();
  for (const Jump& jump : jumps_) {
    const double nearest = jump.at_zero ? 0 : abs(jump.place).lower();
    result.rough += jump.size * inverse_root_two_pi * std::exp(-nearest * nearest / (4 * result.high)) * up;
  }
  return result;
}

// `gap` is a lower bound of 1 − ρ², or not positive.
double CertifiedChange::by_variance(const Side& moving, const Side& fixed, double gap) const {
  double total = moving.step * moving.root_moment * fixed.root_norm;
  for (const Jump& jump : jumps_) {
    if (jump.at_zero) continue;
    const double nearest = abs(jump.place).lower();
    const double square = nearest * nearest / moving.high;
    const double shift = abs(jump.place).upper() / moving.low * moving.step * up;  // Δξ
    const double height = inverse_root_two_pi * std::exp(-square / 2) * up;        // φ(ξ)
    double least = fixed.root_norm * std::sqrt(height * shift);
    least = std::min(least, shift * height * supremum_);
    if (gap > 0) {
      // (1 − ρ⁴)^{−1/4} ≤ (1 − ρ²)^{−1/4}, and ρ²/(1 + ρ²) ≤ 1/2.
      const double conditional = fixed.root_norm / std::sqrt(std::sqrt(gap));
      least = std::min(least, shift * inverse_root_two_pi * std::exp(-square / 4) * conditional);
    }
    total += jump.size * least * up;
  }
  return total;
}

double CertifiedChange::of_norm(const Ball& variance, const Ball& at) const {
  const Side f = side(variance, at);
  double total = 2 * f.step * f.root_moment * f.root_norm;
  for (const Jump& jump : jumps_) {
    if (jump.at_zero) continue;
    const double nearest = abs(jump.place).lower();
    const double shift = abs(jump.place).upper() / f.low * f.step;
    total += jump.size_of_square * shift * inverse_root_two_pi * std::exp(-nearest * nearest / (2 * f.high)) * up;
  }
  return total * up;
}

double CertifiedChange::operator()(const CovarianceOf<Ball>& balls, const CovarianceOf<Ball>& at) const {
  const Side of_a = side(balls.a, at.a);
  const Side of_b = balls.a == balls.b && at.a == at.b ? of_a : side(balls.b, at.b);
  const double by_rho = abs(balls.c / sqrt(balls.a * balls.b) - at.c / sqrt(at.a * at.b)).upper();
  const Ball ab = hull(balls.a, at.a) * hull(balls.b, at.b);
  const Ball c = hull(balls.c, at.c);
  const double gap = ((ab - c * c) / ab).lower();
  // Δθ by its derivative, or by arccos 1 − arccos(1 − Δρ), the most that any step of that size can make.
  double by_angle = std::numbers::pi * std::sqrt(by_rho / 2);
  if (gap > 0) by_angle = std::min(by_angle, by_rho / std::sqrt(gap));
  const double mixed = of_a.smooth * of_b.rough + of_b.smooth * of_a.rough;
  double total = of_a.smooth * of_b.smooth * by_rho + of_a.rough * of_b.rough * by_angle;
  if (mixed > 0) total += mixed * std::sqrt(by_rho * by_angle);
  return (total + by_variance(of_a, of_b, gap) + by_variance(of_b, of_a, gap)) * up;
}

}  // namespace nke
