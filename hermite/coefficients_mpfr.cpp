// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/exact/real/mpfr.hpp>
#include <nke/hermite/coefficients_mpfr.hpp>

#include "reference_quadrature.hpp"

namespace nke {
namespace {

constexpr int degree_limit = 2000;
constexpr int digit_limit = 200;
constexpr double reach_limit = 400;

void check(const ReferenceOptions& options) {
  if (options.degree < 0 || options.degree > degree_limit) {
    throw LimitError("reference coefficients are computed for degrees 0 ... " + std::to_string(degree_limit) +
                     ", not " + std::to_string(options.degree));
  }
  if (options.digits < 1 || options.digits > digit_limit) {
    throw LimitError("reference coefficients are computed to 1 ... " + std::to_string(digit_limit) + " digits, not " +
                     std::to_string(options.digits));
  }
  if (options.variance.sign() < 0) throw DomainError("the variance " + options.variance.to_string() + " is negative");
}

PlainFunction plain(const Expr& piece, Precision precision) {
  return [evaluate = Evaluator<Mpfr>(piece, "x", precision)](const Mpfr& x) { return evaluate(x); };
}

PiecewiseFunction pieces_of(const Activation& sigma, Precision precision) {
  const Breakpoints& analysis = sigma.breakpoint_analysis();
  PiecewiseFunction result;
  result.smooth = analysis.points.empty() && analysis.proven;
  if (analysis.pieces.empty()) {
    result.pieces.push_back(plain(sigma.expression(), precision));
    return result;
  }
  for (const Expr& piece : analysis.pieces) result.pieces.push_back(plain(piece, precision));
  for (const Breakpoint& point : analysis.points) {
    result.cuts.push_back(point.exact ? Mpfr(*point.exact, precision) : Mpfr::from_center(point.location, precision));
    if (!point.exact) result.cut_error = std::max(result.cut_error, point.location.radius());
  }
  return result;
}

// log of √norm, roughly: enough to know where the integrand no longer matters.
double log_scale(const Activation& sigma, double root_variance) {
  double norm = 0;
  for (double z = -8; z <= 8; z += 0.0625) {
    const double value = sigma(root_variance * z);
    if (std::isfinite(value)) norm += value * value * phi(z) * 0.0625;
  }
  return norm > 0 ? 0.5 * std::log(norm) : 0;
}

// |p_n(z)| ≤ exp(z²/4) for every n, so σ(√a z) p_n(z) φ(z) and the square root of σ² φ are both below
// exp(log|σ| − z²/4). With the growth bound its logarithm is concave: once it falls, it falls for good.
double reach_of(const Activation& sigma, const ReferenceOptions& options) {
  const auto& growth = sigma.growth();
  if (!growth) {
    throw DomainError("no growth bound of " + sigma.name() +
                      " is known, so its integrals cannot be cut off: " + sigma.growth_reason());
  }
  if (!growth->square_integrable(options.variance)) {
    throw DomainError(sigma.name() + " is not known to be square integrable at variance " +
                      options.variance.to_string() + ": " + to_text(*growth));
  }
  const double root_variance = std::sqrt(options.variance.to_double());
  const auto log_integrand = [&](double z) { return growth->log_at(root_variance * z) - z * z / 4; };
  const double negligible = log_scale(sigma, root_variance) - (options.digits + 8) * std::log(10.0);
  for (double z = 4; z <= reach_limit; z += 0.5) {
    if (log_integrand(z) < negligible && log_integrand(z + 0.5) <= log_integrand(z)) return z;
  }
  throw NotCertified("the integrals of " + sigma.name() + " at variance " + options.variance.to_string() +
                     " reach beyond " + std::to_string(static_cast<int>(reach_limit)) + " standard deviations");
}

// The decimal exponent of the first digit, give or take one at the powers of ten.
long leading_exponent(const Mpfr& x) {
  long exponent = 0;
  const double mantissa = mpfr_get_d_2exp(&exponent, x.data(), MPFR_RNDN);
  return static_cast<long>(
      std::floor(std::log10(std::fabs(mantissa)) + static_cast<double>(exponent) * 0.30102999566398120));
}

// All digits down to 10^−digits of the scale, and "0" for what is less.
std::string decimal(const Mpfr& x, const Mpfr& scale, double error_estimate, int digits) {
  if (x.sign() == 0 || scale.sign() == 0 || std::fabs(x.to_double()) <= error_estimate) return "0";
  const long last = leading_exponent(scale) - digits;
  const long count = leading_exponent(x) - last + 1;
  return count < 1 ? "0" : x.to_string(static_cast<int>(count));
}

ReferenceCoefficients at_zero_variance(const Activation& sigma, const ReferenceOptions& options) {
  const Precision precision = working_precision(options.digits);
  const Mpfr value = evaluate(sigma.expression(), "x", Mpfr(0, precision), precision);
  if (!value.is_finite()) throw DomainError(sigma.name() + " has no value at 0, so none at variance 0");
  const auto size = static_cast<std::size_t>(options.degree) + 1;
  ReferenceCoefficients result;
  result.values.assign(size, "0");
  result.error_estimates.assign(size, 0.0);
  result.values.front() = value.to_string(options.digits);
  result.norm = (value * value).to_string(options.digits);
  result.tail = '0';  // a letter: GCC 12 sees an overlap in the assignment of "0" that is not there
  result.method = "value at 0";
  result.nodes = 1;
  return result;
}

}  // namespace

ReferenceCoefficients reference_coefficients(const Activation& sigma, const ReferenceOptions& options) {
  check(options);
  if (options.variance.is_zero()) return at_zero_variance(sigma, options);
  const Precision precision = working_precision(options.digits);
  const Moments moments = gaussian_moments(pieces_of(sigma, precision), {.degree = options.degree,
                                                                         .variance = options.variance,
                                                                         .digits = options.digits,
                                                                         .reach = reach_of(sigma, options)});

  ReferenceCoefficients result;
  result.method = moments.method;
  result.nodes = moments.nodes;
  const Mpfr& norm = moments.values.back();
  const Mpfr scale = sqrt(abs(norm));
  Mpfr tail = norm;
  result.norm_error_estimate = moments.error_estimates.back();
  result.tail_error_estimate = result.norm_error_estimate;
  for (std::size_t n = 0; n + 1 < moments.values.size(); ++n) {
    const Mpfr& h = moments.values[n];
    const double error = moments.error_estimates[n];
    if (!h.is_finite())
      throw NotCertified("coefficient " + std::to_string(n) + " of " + sigma.name() + " is not finite");
    result.values.push_back(decimal(h, scale, error, options.digits));
    result.error_estimates.push_back(error);
    tail -= h * h;
    result.tail_error_estimate += 2 * std::fabs(h.to_double()) * error;
  }
  result.norm = decimal(norm, norm, result.norm_error_estimate, options.digits);
  result.tail = decimal(tail, norm, result.tail_error_estimate, options.digits);
  return result;
}

}  // namespace nke
