// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_coefficients.hpp>
#include <nke/hermite/coefficients.hpp>
#include <nke/hermite/decay.hpp>

namespace nke {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr int kinked_degree = 2000, smooth_degree = 600, proven_degree = 400;
constexpr double above_noise = 30;  // a coefficient this many times its error has a size
constexpr double block = 1.2;       // of an average over neighbouring degrees, algebraic decay
constexpr std::size_t fewest_points = 8;

struct Point {
  double n = 0;
  double log_size = 0;  // log of the root mean square of h near n
  double weight = 1;
};

// Weighted least squares for y = A + B f(n) + C g(n); returns {A, B, C, residual}.
struct Fit {
  double a = 0, b = 0, c = 0, residual = 0;
  double error = 0;  // of b, were the residuals independent
};
using Shape = std::function<double(double)>;

Fit least_squares(const std::vector<Point>& points, const Shape& f, const Shape& g) {
  // Normal equations about the means; two by two.
  double total = 0;
  for (const Point& p : points) total += p.weight;
  double mf = 0, mg = 0, my = 0;
  for (const Point& p : points) {
    mf += p.weight * f(p.n) / total;
    mg += p.weight * g(p.n) / total;
    my += p.weight * p.log_size / total;
  }
  double ff = 0, fg = 0, gg = 0, fy = 0, gy = 0;
  for (const Point& p : points) {
    const double u = f(p.n) - mf, v = g(p.n) - mg, y = p.log_size - my;
    ff += p.weight * u * u;
    fg += p.weight * u * v;
    gg += p.weight * v * v;
    fy += p.weight * u * y;
    gy += p.weight * v * y;
  }
  Fit fit;
  const double det = ff * gg - fg * fg;
  if (gg == 0 || !(std::abs(det) > 1e-14 * ff * gg)) {
    fit.b = fy / ff;
  } else {
    fit.b = (fy * gg - gy * fg) / det;
    fit.c = (gy * ff - fy * fg) / det;
  }
  fit.a = my - fit.b * mf - fit.c * mg;
  for (const Point& p : points) {
    const double e = p.log_size - fit.a - fit.b * f(p.n) - fit.c * g(p.n);
    fit.residual += p.weight * e * e / total;
  }
  fit.residual = std::sqrt(fit.residual);
  const double free = std::max<double>(1, static_cast<double>(points.size()) - 3);
  fit.error = fit.residual * std::sqrt(total / std::max(ff, 1e-300) / free);
  return fit;
}

using Estimate = std::function<double(const std::vector<Point>&)>;

// The estimate of the whole window, and how far those of its halves are from it.
void estimate(const std::vector<Point>& points, const Estimate& of, HermiteDecay& result) {
  result.value = result.uncertainty = nothing;
  if (points.size() < fewest_points) return;
  const auto middle = points.begin() + static_cast<std::ptrdiff_t>(points.size() / 2);
  const double all = of(points);
  const double low = of({points.begin(), middle}), high = of({middle, points.end()});
  result.value = all;
  result.uncertainty = 2 * std::max({std::abs(high - all), std::abs(low - all), 1e-4 * std::abs(all)});
  result.first = static_cast<int>(points.front().n);
  result.last = static_cast<int>(points.back().n);
}

// Averages of h² over blocks of degrees that grow with the degree.
std::vector<Point> blocks(const std::vector<double>& h, double noise) {
  std::vector<Point> points;
  for (double start = 24; start * block < static_cast<double>(h.size()); start *= block) {
    // As many even degrees as odd ones: kinks speak to both in turn.
    const auto first = static_cast<std::size_t>(start / 2) * 2, last = static_cast<std::size_t>(start * block / 2) * 2;
    double sum = 0, log_n = 0;
    for (std::size_t n = first; n < last; ++n) {
      sum += h[n] * h[n];
      log_n += std::log(static_cast<double>(n));
    }
    const auto count = static_cast<double>(last - first);
    const double size = std::sqrt(sum / count);
    if (!(size > noise)) break;
    points.push_back({std::exp(log_n / count), std::log(size), std::sqrt(start)});
  }
  return points;
}

// Two neighbours together: zeros of one parity, and the alternation of cosine and sine between the parities, cancel. A
// window from where the coefficients have begun to fall to where they drown.
std::vector<Point> pairs(const std::vector<double>& h, double noise) {
  std::vector<Point> points;
  double scale = 0;
  for (const double value : h) scale = std::max(scale, std::abs(value));
  std::size_t end = h.size() - 1;
  for (std::size_t n = 0; n + 1 < h.size(); ++n) {
    if (std::hypot(h[n], h[n + 1]) < noise) {
      end = n;
      break;
    }
  }
  const std::size_t begin = std::max<std::size_t>(6, end / 8);
  double next = 0;
  for (std::size_t n = begin; n < end; ++n) {
    const double root = std::sqrt(static_cast<double>(n));
    if (root < next) continue;  // about as many points at small degrees as at large ones
    next = root + 0.12;
    // The pair stands where its weight is: one of the two may vanish.
    const double left = h[n] * h[n], right = h[n + 1] * h[n + 1];
    points.push_back({static_cast<double>(n) + right / (left + right), std::log(left + right) / 2, 1});
  }
  return points;
}

double none(double) {
  return 0;
}
double inverse(double n) {
  return 1 / n;
}
double log_n(double n) {
  return std::log(n);
}
double identity(double n) {
  return n;
}

// With a term 1/n where the coefficients are regular, without it where kinks interfere with each other.
void estimate_algebraic(const std::vector<Point>& points, HermiteDecay& result) {
  HermiteDecay plain;
  estimate(
      points, [](const auto& p) { return -2 * least_squares(p, log_n, inverse).b; }, result);
  estimate(
      points, [](const auto& p) { return -2 * least_squares(p, log_n, none).b; }, plain);
  if (plain.uncertainty < result.uncertainty) result = plain;
  if (!points.empty()) result.uncertainty = std::max(result.uncertainty, 4 * least_squares(points, log_n, none).error);
}

// ∫_0^r √(N + y²/4) dy, N = n + 1/2: how a wave function of the harmonic oscillator grows off the real axis.
double exponent_off_axis(double n, double r) {
  const double N = n + 0.5;
  return r / 2 * std::sqrt(N + r * r / 4) + N * std::asinh(r / (2 * std::sqrt(N)));
}

double root_residual(const std::vector<Point>& points, double r) {
  std::vector<Point> rest = points;
  for (Point& p : rest) p.log_size += exponent_off_axis(p.n, r);
  return least_squares(rest, log_n, none).residual;
}

double root_rate(const std::vector<Point>& points) {
  constexpr double golden = 0.6180339887498949;
  double a = 0, b = 25;
  double t = b - golden * (b - a), u = a + golden * (b - a);
  double ft = root_residual(points, t), fu = root_residual(points, u);
  while (b - a > 1e-7) {
    if (ft < fu) {
      b = u;
      u = t;
      fu = ft;
      ft = root_residual(points, t = b - golden * (b - a));
    } else {
      a = t;
      t = u;
      ft = fu;
      fu = root_residual(points, u = a + golden * (b - a));
    }
  }
  return (a + b) / 2;
}

double geometric_ratio(const std::vector<Point>& points) {
  return std::exp(2 * least_squares(points, log_n, identity).c);
}

// Divides out 1/√n!: is what is left a straighter line?
std::vector<Point> times_root_factorial(std::vector<Point> points) {
  for (Point& p : points) p.log_size += std::lgamma(p.n + 1) / 2;
  return points;
}

int last_nonzero(const std::vector<double>& h, double noise) {
  for (std::size_t n = h.size(); n-- > 0;) {
    if (std::abs(h[n]) > noise) return static_cast<int>(n);
  }
  return -1;
}

HermiteDecay fitted_smooth(const std::vector<double>& h, double noise, DecayKind expected) {
  HermiteDecay result;
  const std::vector<Point> points = pairs(h, noise);
  result.kind = expected;
  if (points.size() < fewest_points) {
    result.value = result.uncertainty = nothing;
    if (expected == DecayKind::undecided) return result;
    result.last = last_nonzero(h, noise);
    if (expected == DecayKind::geometric) result.kind = DecayKind::faster;
    return result;
  }
  if (expected == DecayKind::geometric) {
    const double straight = least_squares(points, log_n, identity).residual;
    if (least_squares(times_root_factorial(points), log_n, identity).residual < straight) {
      result.kind = DecayKind::faster;
      result.value = result.uncertainty = nothing;
      result.first = static_cast<int>(points.front().n);
      result.last = static_cast<int>(points.back().n);
      return result;
    }
    estimate(points, geometric_ratio, result);
    return result;
  }
  estimate(points, root_rate, result);
  return result;
}

}  // namespace

std::string_view to_text(DecayKind kind) {
  switch (kind) {
    case DecayKind::finite: return "finite";
    case DecayKind::algebraic: return "algebraic";
    case DecayKind::root: return "exponential in the root of the degree";
    case DecayKind::geometric: return "geometric";
    case DecayKind::faster: return "faster than geometric";
    case DecayKind::undecided: break;
  }
  return "undecided";
}

namespace {

struct Sizes {
  std::vector<double> h;
  double noise = 0;  // below it a coefficient is not known to differ from 0
};

// Fast decay drowns in the rounding of doubles before its law shows: then balls are worth their price.
Sizes many_digits(const Activation& sigma, double variance) {
  constexpr int digits = 50;
  const auto proven = certified_coefficients(sigma, Rational::from_double_exactly(variance),
                                             {.degree = proven_degree, .digits = digits});
  Sizes sizes;
  for (const Ball& value : proven.values) sizes.h.push_back(value.mid());
  sizes.noise = above_noise * std::pow(10.0, -digits) * std::sqrt(proven.norm.upper());
  return sizes;
}

Sizes in_doubles(const Activation& sigma, double variance, int degree) {
  const FastCoefficients fast = hermite_coefficients(sigma, degree, variance);
  return {fast.values, above_noise * std::max(fast.error_bound, 1e-17 * std::sqrt(fast.norm))};
}

Sizes coefficient_sizes(const Activation& sigma, double variance, DecayKind kind) {
  if (kind == DecayKind::algebraic || kind == DecayKind::undecided) return in_doubles(sigma, variance, kinked_degree);
  if (kind != DecayKind::finite) {
    try {
      return many_digits(sigma, variance);
    } catch (const Error&) {  // then without
    }
  }
  return in_doubles(sigma, variance, smooth_degree);
}

}  // namespace

HermiteDecay hermite_decay(const Activation& sigma, double variance) {
  if (!(variance > 0) || !std::isfinite(variance))
    throw DomainError("the decay is asked for at a variance that is not positive");
  const DecayTheory form = decay_theory(sigma, variance, 24, smooth_degree);
  const Sizes found = coefficient_sizes(sigma, variance, form.kind);
  HermiteDecay result;
  if (form.kind == DecayKind::finite || last_nonzero(found.h, found.noise) < 0) {
    result.kind = DecayKind::finite;
    result.last = last_nonzero(found.h, found.noise);
    result.value = result.last;
    result.theory = form;
    return result;
  }
  if (form.kind == DecayKind::algebraic || form.kind == DecayKind::undecided) {
    estimate_algebraic(blocks(found.h, found.noise), result);
    result.kind = form.kind;
    if (form.kind == DecayKind::undecided && std::isfinite(result.value)) result.kind = DecayKind::algebraic;
  } else {
    result = fitted_smooth(found.h, found.noise, form.kind == DecayKind::faster ? DecayKind::geometric : form.kind);
  }
  result.theory = decay_theory(sigma, variance, std::max(result.first, 1), std::max(result.last, 1));
  return result;
}

std::string to_text(const HermiteDecay& decay) {
  std::array<char, 160> text{};
  const auto print = [&](const char* format, double value, double other) {
    std::snprintf(text.data(), text.size(), format, value, other);
    return std::string(text.data());
  };
  switch (decay.kind) {
    case DecayKind::finite:
      return decay.last < 0 ? "every coefficient vanishes" : print("h_n = 0 for n > %.0f", decay.value, 0);
    case DecayKind::faster: return "faster than every geometric sequence";
    case DecayKind::undecided: return "not decided";
    default: break;
  }
  if (!std::isfinite(decay.value))
    return std::string(to_text(decay.kind)) + ", too few coefficients above rounding for a fit";
  switch (decay.kind) {
    case DecayKind::algebraic: return print("h_n^2 ~ n^-p with p = %.4g +/- %.2g", decay.value, decay.uncertainty);
    case DecayKind::root:
      return print("|h_n| ~ exp(-r sqrt(n)) with r = %.4g +/- %.2g", decay.value, decay.uncertainty);
    default: return print("h_n^2 ~ R^n with R = %.4g +/- %.2g", decay.value, decay.uncertainty);
  }
}

}  // namespace nke
