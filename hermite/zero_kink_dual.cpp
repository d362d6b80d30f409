// SPDX-License-Identifier: Apache-2.0
#include "zero_kink_dual.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include <nke/exact/expr/jet.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/error.hpp>

#include "dual_integrals.hpp"

namespace nke {
namespace {

constexpr int last_jump = 8;  // more of them make g larger than σ, and its closed form longer
constexpr int degree = 3071;
constexpr std::size_t step_length = 64;
constexpr double variance_ratio = 256;

// The jumps of σ and its derivatives at 0 over k!, if 0 is the one breakpoint.
std::optional<std::vector<double>> jumps_at_zero(const Activation& sigma) {
  const Breakpoints& analysis = sigma.breakpoint_analysis();
  if (!analysis.proven || analysis.points.size() != 1) return std::nullopt;
  const Breakpoint& point = analysis.points.front();
  if (point.kind == Breakpoint::Kind::singular || !point.exact || !point.exact->is_zero()) return std::nullopt;
  const Precision precision = Precision::digits(30);
  const Ball zero(Rational(0), precision);
  const std::vector<Ball> left = taylor<Ball>(analysis.pieces[0], "x", zero, last_jump, precision);
  const std::vector<Ball> right = taylor<Ball>(analysis.pieces[1], "x", zero, last_jump, precision);
  std::vector<double> jumps;
  for (std::size_t k = 0; k <= last_jump; ++k) {
    const double jump = (right[k] - left[k]).mid();
    if (!std::isfinite(jump)) return std::nullopt;
    jumps.push_back(std::abs(jump) > 1e-25 ? jump : 0);  // where both sides agree, balls leave a trace
  }
  return jumps;
}

// ½ sign(x) P(x) e^{−μx²}: P is the series of the jumps times e^{μx²}.
Activation kink_with(const std::vector<double>& jumps, int narrowness) {
  const Expr x = symbol("x");
  Expr polynomial = 0;
  for (std::size_t k = 0; k < jumps.size(); ++k) {
    double coefficient = 0, weight = 1;  // μ^m/m!, of x^{2m}
    for (std::size_t m = 0; 2 * m <= k; ++m) {
      coefficient += weight * jumps[k - 2 * m];
      weight *= narrowness / static_cast<double>(m + 1);
    }
    if (coefficient == 0) continue;
    polynomial = polynomial + Expr(Rational::from_double_exactly(coefficient)) * pow(x, Expr(static_cast<long>(k)));
  }
  return Activation(Expr(Rational(1, 2)) * sign(x) * polynomial * exp(Expr(-narrowness) * pow(x, 2)));
}

// E f(√a z)², to a few digits.
double rough_second_moment(const Activation& f, double variance) {
  constexpr double step = 1.0 / 64;
  double sum = 0;
  for (double z = step / 2; z < 8; z += step) {
    for (const double side : {-1.0, 1.0}) {
      const double value = f(side * std::sqrt(variance) * z);
      sum += value * value * std::exp(-z * z / 2);
    }
  }
  return sum * step / std::sqrt(2 * 3.141592653589793);
}

// The widest of those that are not much larger than σ: what is larger cancels, what is narrower has a longer series.
std::optional<Activation> kink_of(const Activation& sigma, double variance) {
  const std::optional<std::vector<double>> jumps = jumps_at_zero(sigma);
  if (!jumps) return std::nullopt;
  constexpr double not_much = 4;
  const double moment = rough_second_moment(sigma, variance);
  for (const int narrowness : {1, 2, 4, 8}) {
    Activation kink = kink_with(*jumps, narrowness);
    if (rough_second_moment(kink, variance) <= not_much * not_much * moment) return kink;
  }
  return std::nullopt;
}

}  // namespace

double ZeroKinkDual::sample_variance(std::size_t i) const {
  const double exponent = 1 - static_cast<double>(i) / static_cast<double>(samples - 1);
  return whole_.max_variance() * std::pow(variance_ratio, -exponent);
}

std::unique_ptr<const ZeroKinkDual> ZeroKinkDual::make(const Activation& sigma, double largest_variance) {
  try {
    const std::optional<Activation> kink = kink_of(sigma, largest_variance / 4);
    if (!kink) return nullptr;
    std::shared_ptr<const KnownDual> closed = known_dual(*kink);
    if (!closed) return nullptr;
    const HermiteRange range{degree, largest_variance / variance_ratio, largest_variance};
    return std::unique_ptr<const ZeroKinkDual>(
        new ZeroKinkDual(*kink, std::move(closed), HermiteSeries(sigma, range), HermiteSeries(*kink, range)));
  } catch (const Error&) {
    return nullptr;
  }
}

ZeroKinkDual::ZeroKinkDual(const Activation& kink, std::shared_ptr<const KnownDual> closed, HermiteSeries whole,
                           HermiteSeries kink_series)
    : closed_(std::move(closed)), whole_(std::move(whole)), kink_(std::move(kink_series)) {
  bound_the_rest();
  measure_the_closed_form(kink);
}

void ZeroKinkDual::bound_the_rest() {
  struct Sample {
    std::vector<double> whole = std::vector<double>(degree + 1), kink = whole;
    double scale = 0;
  };
  std::array<Sample, samples> sampled;
  for (std::size_t i = 0; i < samples; ++i) {
    const double variance = sample_variance(i);
    whole_.coefficients(variance, sampled[i].whole);
    kink_.coefficients(variance, sampled[i].kink);
    sampled[i].scale = std::sqrt(whole_.norm(variance));
  }
  rest_.assign((degree + 1) / step_length + 1, {});
  for (std::size_t step = rest_.size() - 1; step-- > 0;) {
    rest_[step] = rest_[step + 1];
    for (std::size_t n = step * step_length; n < (step + 1) * step_length; ++n) {
      double largest = 0;  // of all pairs up to a variance
      for (std::size_t i = 0; i < samples; ++i) {
        const Sample& x = sampled[i];
        for (std::size_t k = 0; k <= i; ++k) {
          const Sample& y = sampled[k];
          const double term = x.whole[n] * y.whole[n] - x.kink[n] * y.kink[n];
          largest = std::max(largest, std::abs(term) / (x.scale * y.scale));
        }
        rest_[step][i] += largest;
      }
    }
  }
}

// The running bound adds up roundings as if all had one sign, which is some hundred times too much here.
void ZeroKinkDual::measure_the_closed_form(const Activation& kink) {
  const DualExactly exact(kink, closed_->form);
  double worst = std::numeric_limits<double>::epsilon();
  for (std::size_t i = 0; i < samples; ++i) {
    const double a = sample_variance(i);
    for (std::size_t k = 0; k <= i; ++k) {
      const double b = sample_variance(k), scale = std::sqrt(kink_.norm(a) * kink_.norm(b));
      for (const double rho : {0.9, 0.99, 0.9999, -0.95}) {
        const double c = rho * std::sqrt(a * b);
        double value = 0;
        closed_->dual(DualRow<double>{a, {&b, 1}, {&c, 1}, {}, {&value, 1}, {}});
        const double right = exact(ExactCovariance(a, b, c, std::nullopt), DualPart::value);
        worst = std::max(worst, std::abs(value - right) / scale);
      }
    }
    rounding_[i] = worst;
  }
}

// What is left out is far below what the others lose.
std::size_t ZeroKinkDual::terms_for(double rho) const {
  const double log_rho = std::log(std::abs(rho));
  for (std::size_t step = 1; step + 1 < rest_.size(); ++step) {
    if (rest_[step].back() * std::exp(log_rho * static_cast<double>(step * step_length)) < 1e-16)
      return step * step_length;
  }
  return degree + 1;
}

std::optional<Estimate> ZeroKinkDual::operator()(const Covariance& at) const {
  for (const double variance : {at.a, at.b}) {
    if (!(variance >= whole_.min_variance() && variance <= whole_.max_variance())) return std::nullopt;
  }
  const std::size_t terms = terms_for(at.rho);
  thread_local std::array<std::vector<double>, 4> h;
  for (std::vector<double>& values : h) values.resize(terms);
  whole_.coefficients(at.a, h[0]);
  whole_.coefficients(at.b, h[1]);
  kink_.coefficients(at.a, h[2]);
  kink_.coefficients(at.b, h[3]);
  // Four Horner's schemes in ρ⁴: one alone waits for itself.
  const double square = at.rho * at.rho, fourth = square * square;
  std::array<double, 4> sums = {};
  for (std::size_t n = terms; n > 0;) {
    n -= 4;
    for (std::size_t i = 0; i < 4; ++i) {
      sums[i] = sums[i] * fourth + (h[0][n + i] * h[1][n + i] - h[2][n + i] * h[3][n + i]);
    }
  }
  const double series = (sums[0] + square * sums[2]) + at.rho * (sums[1] + square * sums[3]);
  const double sine = at.sine;
  const double d = at.a * at.b * sine * sine;
  double value = 0;
  closed_->dual(DualRow<double>{at.a, {&at.b, 1}, {&at.c, 1}, {&d, 1}, {&value, 1}, {}});
  std::size_t sample = 0;
  while (sample + 1 < samples && std::max(at.a, at.b) > sample_variance(sample)) ++sample;
  const double scale = std::sqrt(whole_.norm(at.a) * whole_.norm(at.b));
  const double scale_of_kink = std::sqrt(kink_.norm(at.a) * kink_.norm(at.b));
  const double left_out = rest_[rest_.size() * 3 / 4][sample] * std::pow(std::abs(at.rho), static_cast<double>(degree));
  constexpr double caution = 4;  // the closed form was measured at a few places
  const double of_series = 4 * std::numeric_limits<double>::epsilon() * (scale + scale_of_kink);
  const double lost = left_out * scale + caution * rounding_[sample] * scale_of_kink + of_series;
  if (!(lost <= zero_kink_error * scale)) return std::nullopt;
  return Estimate{value + series, lost};
}

}  // namespace nke
