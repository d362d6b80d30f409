// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <nke/exact/real/error.hpp>
#include <nke/hermite/dual_fast.hpp>
#include <nke/hermite/mean_field.hpp>
#include <nke/hermite/sampled_function.hpp>

#include "mean_field_state.hpp"

namespace nke {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double epsilon = std::numeric_limits<double>::epsilon();

bool jumps(const Activation& sigma) {
  return std::any_of(sigma.breakpoints().begin(), sigma.breakpoints().end(), [](const Breakpoint& p) {
    return p.smoothness == 0 && !p.removable && p.kind != Breakpoint::Kind::kink;
  });
}

// A singularity of σ' diverges at every variance: one small one decides.
bool square_integrable_slope(const GaussianSquare& derived) {
  return std::isfinite(derived(0.01).value) || std::isfinite(derived(1e-4).value);
}

}  // namespace

std::string_view to_text(Phase phase) {
  switch (phase) {
    case Phase::ordered: return "ordered";
    case Phase::critical: return "critical";
    case Phase::chaotic: break;
  }
  return "chaotic";
}

std::string_view to_text(Stability stability) {
  switch (stability) {
    case Stability::attracting: return "attracting";
    case Stability::marginal: return "marginal";
    case Stability::repelling: break;
  }
  return "repelling";
}

MeanField::State::State(const Activation& s) : sigma(s), value(sampled(s)) {
  if (s.homogeneity() && *s.homogeneity() == Rational(1) && !jumps(s)) {
    const double right = s(1.0), left = s(-1.0);
    linear = (right * right + left * left) / 2;
    return;
  }
  if (jumps(s)) return;
  auto square = std::make_unique<GaussianSquare>(sampled(s.derivative()));
  if (square_integrable_slope(*square)) derived = std::move(square);
}

SquareMoment MeanField::State::moment(double q) const {
  return linear ? SquareMoment{*linear * q, *linear, epsilon, 0} : value(q);
}

SquareMoment MeanField::State::quick_moment(double q) const {
  return linear ? SquareMoment{*linear * q, *linear, epsilon, 0} : value.quickly(q);
}

SquareMoment MeanField::State::slope_moment(double q) const {
  if (linear) return {*linear, 0, epsilon, 0};
  return derived ? (*derived)(q) : SquareMoment{infinite, 0, 0, 0};
}

MeanField::MeanField(const Activation& sigma) : state_(std::make_shared<State>(sigma)) {}

SquareMoment MeanField::second_moment(double q) const {
  return state_->moment(q);
}
double MeanField::derivative_moment(double q) const {
  return state_->slope_moment(q).value;
}
bool MeanField::tears() const {
  return !state_->linear && !state_->derived;
}
const Activation& MeanField::activation() const {
  return state_->sigma;
}

std::optional<CriticalPoint> MeanField::critical_point(double q) const {
  const double slope = derivative_moment(q);
  const SquareMoment moment = state_->moment(q);
  if (!(slope > 0) || !std::isfinite(slope) || !std::isfinite(moment.value)) return std::nullopt;
  const double weight = 1 / slope;
  double bias = q - weight * moment.value;
  if (std::abs(bias) <= 8 * epsilon * q) bias = 0;  // a homogeneous σ needs no bias at all
  return CriticalPoint{.variance = q, .weight = weight, .bias = bias, .slope = weight * moment.slope};
}

double MeanField::variance_map(double q, const FieldScales& scales) const {
  if (q == 0) {
    const double at_zero = sampled(state_->sigma).at_zero;
    return scales.weight * at_zero * at_zero + scales.bias;
  }
  return scales.weight * second_moment(q).value + scales.bias;
}

double MeanField::correlation_map(double c, double q, const FieldScales& scales) const {
  if (!(q > 0)) throw DomainError("correlations have no map at variance 0");
  const Covariance at = Covariance::from_angle(q, q, std::acos(std::clamp(c, -1.0, 1.0)));
  const double K = dual_activation(state_->sigma, c >= 1 ? Covariance(q, q, q) : at).value;
  return (scales.weight * K + scales.bias) / variance_map(q, scales);
}

double root_between(const std::function<double(double)>& f, double low, double high) {
  const bool is_log = low > 0;
  const auto at = [&](double t) { return is_log ? std::exp(t) : t; };
  double a = is_log ? std::log(low) : low, b = is_log ? std::log(high) : high;
  double fa = f(low), fb = f(high);
  // Regula falsi with the Illinois weights; a bisection whenever three steps have not halved the interval.
  double width = std::abs(b - a);
  for (int step = 0; step < 200; ++step) {
    if (fa == 0) return at(a);
    if (fb == 0) return at(b);
    if (std::abs(b - a) <= 2 * epsilon * std::max({std::abs(a), std::abs(b), 1e-300})) break;
    double t = (std::isfinite(fa) && std::isfinite(fb)) ? b - fb * (b - a) / (fb - fa) : (a + b) / 2;
    if (step % 4 == 3) {
      if (std::abs(b - a) > width / 2) t = (a + b) / 2;
      width = std::abs(b - a);
    }
    if (!(t > std::min(a, b) && t < std::max(a, b))) t = (a + b) / 2;
    if (t == a || t == b) break;
    const double ft = f(at(t));
    if (std::isnan(ft)) throw NotCertified("a root was lost: the function is not a number within its bracket");
    if ((ft > 0) == (fb > 0)) {
      fa /= 2;
    } else {
      a = b;
      fa = fb;
    }
    b = t;
    fb = ft;
  }
  return at(b);
}

}  // namespace nke
