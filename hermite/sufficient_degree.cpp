// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_coefficients.hpp>
#include <nke/hermite/sufficient_degree.hpp>

#include "kink_tail.hpp"

namespace nke {
namespace {

constexpr int degree_limit = 2048;
constexpr int smooth_order = 3;
constexpr int variance_limit = 200;
constexpr double up = 1 + 0x1p-30;
// With kinks, degrees (by the formula) up to which the smallest one is looked for on a range, or at one variance.
constexpr double search_limit = 150;
constexpr double search_limit_alone = 6000;
constexpr std::int64_t quick_degree = 512;

// √T_N for N = 0 … degree, upwards, and √norm from both sides.
struct Spectrum {
  std::vector<double> root_tails;
  std::vector<double> low_tails;  // T_N, downwards
  double root_norm_low = 0;
  double root_norm_high = 0;
};

class Search {
 public:
  Search(const Activation& sigma, const DegreeRequest& request)
      : request_(request),
        root_epsilon_(std::sqrt(request.epsilon.to_double()) * (1 - 0x1p-40)),
        single_(request.min_variance == request.max_variance || sigma.homogeneity()) {
    digits_ = 8 + std::max(0, static_cast<int>(-std::log10(request.epsilon.to_double())));
    derivatives_.push_back(sigma);
    if (!single_) add_derivatives(sigma);
  }

  SufficientDegree run() {
    result_.degree = result_.necessary = 0;
    if (single_) {
      const Rational& a = request_.min_variance.is_zero() ? request_.max_variance : request_.min_variance;
      look(a, 0);
    } else {
      cover(0.5 * std::log(request_.min_variance.to_double()) - 1e-12,
            0.5 * std::log(request_.max_variance.to_double()) + 1e-12);
    }
    return result_;
  }

 private:
  void add_derivatives(const Activation& sigma) {
    int order = smooth_order;
    for (const Breakpoint& point : sigma.breakpoints()) {
      order = point.kind == Breakpoint::Kind::kink ? std::min(order, point.smoothness - 1) : -1;
    }
    if (order < 0 || !sigma.breakpoints_proven()) {
      throw NotCertified(sigma.name() + " jumps: a range of variances is not certified; give one variance");
    }
    for (int j = 0; j <= order; ++j) {
      // D f = x f′, piece by piece.
      const Expr next = symbol("x") * derivatives_.back().derivative().expression();
      derivatives_.emplace_back(simplify(next), "(x d/dx)^" + std::to_string(j + 1) + " " + sigma.name());
    }
  }

  Spectrum spectrum(const Activation& f, const Rational& variance, int degree) const {
    const CertifiedCoefficients found = certified_coefficients(f, variance, {.degree = degree, .digits = digits_});
    Spectrum result;
    Ball rest = found.norm;
    for (const Ball& h : found.values) {
      rest -= h * h;
      result.root_tails.push_back(std::sqrt(std::max(rest.upper(), 0.0)) * up);
      result.low_tails.push_back(std::max(rest.lower(), 0.0));
    }
    result.root_norm_low = std::sqrt(std::max(found.norm.lower(), 0.0)) / up;
    result.root_norm_high = std::sqrt(found.norm.upper()) * up;
    return result;
  }

  // The degree proven for all variances with |log √(a/center)| ≤ half, while `needed_` learns what the center needs.
  int look(const Rational& center, double half) {
    if (++result_.variances > variance_limit) {
      throw NotCertified("the range of variances would have to be cut into more than " +
                         std::to_string(variance_limit) + " parts; give one variance");
    }
    double rest = 0;   // the remainder of Taylor's formula
    double drift = 0;  // how much ‖s_a‖ changes
    if (half > 0) {
      const Rational high = Rational::from_double_exactly(center.to_double() * std::exp(2 * half) * up);
      const auto largest = [&](const Activation& f) {
        return certified_norm(f, Ball(high, Precision::bits(200)), {.degree = 0, .digits = 6}).upper() *
               std::exp(2 * half) * up;
      };
      rest = std::sqrt(largest(derivatives_.back()));
      for (std::size_t j = 1; j < derivatives_.size(); ++j) rest *= half / static_cast<double>(j) * up;
      drift = half * std::sqrt(largest(derivatives_[1])) * up;
    }
    for (int degree = std::max(32, static_cast<int>(result_.necessary) + 16); degree <= degree_limit; degree *= 2) {
      std::vector<Spectrum> spectra;
      const std::size_t used = half > 0 ? derivatives_.size() - 1 : 1;
      for (std::size_t j = 0; j < used; ++j) spectra.push_back(spectrum(derivatives_[j], center, degree));
      const Spectrum& own = spectra.front();
      const double allowed = root_epsilon_ * (own.root_norm_low - drift);
      if (own.root_norm_high == 0) return 0;
      const double most = root_epsilon_ * own.root_norm_high;
      for (std::size_t n = 0; n < own.root_tails.size(); ++n) {
        if (std::sqrt(own.low_tails[n]) > most * up) {
          result_.necessary = std::max(result_.necessary, static_cast<std::int64_t>(n) + 1);
        }
        double bound = rest;
        double weight = 1;
        for (std::size_t j = 0; j < spectra.size(); ++j) {
          bound += weight * spectra[j].root_tails[n];
          weight *= half / static_cast<double>(j + 1);
        }
        if (bound * up <= allowed) {
          result_.degree = std::max(result_.degree, static_cast<std::int64_t>(n));
          return static_cast<int>(n);
        }
      }
      // Where the center alone would do with less, a narrower interval is cheaper than a higher degree.
      if (half > 0 && (rest * up > allowed || degree >= 2 * result_.necessary + 64)) return degree_limit + 1;
    }
    if (half > 0) return degree_limit + 1;
    throw NotCertified("degree " + std::to_string(degree_limit) +
                       " is not enough for epsilon = " + request_.epsilon.to_string());
  }

  void cover(double low, double high) {
    const double middle = (low + high) / 2;
    const double half = (high - low) / 2 * up + 1e-12;
    const std::int64_t before = result_.degree;
    const int proven = look(Rational::from_double_exactly(std::exp(2 * middle)), half);
    // What the ends need is learnt as the intervals shrink; a degree above all that was needed so far is not believed
    // to be the smallest.
    const bool fine = half < 2e-3 && proven <= degree_limit;
    if (proven <= result_.necessary || fine) return;
    result_.degree = before;
    cover(middle, high);  // the larger variance needs more, as a rule
    cover(low, middle);
  }

  const DegreeRequest& request_;
  double root_epsilon_;
  bool single_;
  int digits_ = 15;
  std::vector<Activation> derivatives_;
  SufficientDegree result_;
};

// What a variance is proven to need, up to a degree that is quick to look at.
int proven_need(const Activation& sigma, double epsilon, const Rational& variance, std::int64_t degree) {
  const int most = static_cast<int>(std::min<std::int64_t>(degree, quick_degree));
  const int digits = 8 + std::max(0, static_cast<int>(-std::log10(epsilon)));
  const CertifiedCoefficients found = certified_coefficients(sigma, variance, {.degree = most, .digits = digits});
  const double allowed = epsilon * found.norm.upper() * up;
  Ball rest = found.norm;
  int needed = 0;
  for (std::size_t n = 0; n < found.values.size(); ++n) {
    rest -= found.values[n] * found.values[n];
    if (rest.lower() > allowed) needed = static_cast<int>(n) + 1;
  }
  return needed;
}

// Where Taylor's formula has few terms and the degree is high, a formula answers; it may ask for a little more.
SufficientDegree with_kinks(const Activation& sigma, const DegreeRequest& request) {
  const bool single = request.min_variance == request.max_variance || sigma.homogeneity();
  const Rational low = single && request.min_variance.is_zero() ? request.max_variance : request.min_variance;
  const Rational high = single ? low : request.max_variance;
  if (low.is_zero()) return Search(sigma, request).run();
  const double epsilon = request.epsilon.to_double() * (1 - 0x1p-50);
  const bool jumps = std::ranges::any_of(sigma.breakpoints(),
                                         [](const Breakpoint& point) { return point.kind != Breakpoint::Kind::kink; });
  std::optional<KinkDegree> by_formula;
  try {
    by_formula = kink_degree(sigma, epsilon, low.to_double(), high.to_double());
  } catch (const NotCertified&) {
    if (jumps && !single) throw;
    // The search may know more.
    return Search(sigma, request).run();
  }
  if (by_formula->degree <= (single ? search_limit_alone : search_limit) && (single || !jumps)) {
    try {
      return Search(sigma, request).run();
    } catch (const NotCertified&) {  // cut too finely
    }
  }
  SufficientDegree result;
  result.degree = static_cast<std::int64_t>(by_formula->degree);
  result.variances = by_formula->parts;
  for (const Rational& variance : {low, high}) {
    result.necessary = std::max<std::int64_t>(result.necessary, proven_need(sigma, epsilon, variance, result.degree));
  }
  return result;
}

}  // namespace

SufficientDegree sufficient_degree(const Activation& sigma, const DegreeRequest& request) {
  if (request.epsilon.sign() <= 0) throw DomainError("epsilon must be positive; it is " + request.epsilon.to_string());
  if (request.min_variance.sign() < 0 || request.max_variance < request.min_variance) {
    throw DomainError("the range of variances is empty or negative");
  }
  if (request.min_variance.is_zero() && request.max_variance.sign() > 0 && !sigma.homogeneity()) {
    throw DomainError("a range of variances must begin above 0");
  }
  if (sigma.breakpoints().empty() || !sigma.breakpoints_proven()) return Search(sigma, request).run();
  return with_kinks(sigma, request);
}

}  // namespace nke
