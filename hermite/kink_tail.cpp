// SPDX-License-Identifier: Apache-2.0
#include "kink_tail.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <vector>

#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_coefficients.hpp>

namespace nke {
namespace {

constexpr int most_order = 4;       // q
constexpr double part_ratio = 1.2;  // of variances
constexpr int part_limit = 400;
constexpr double up = 1 + 0x1p-30;
constexpr double most_degree = 1e15;

struct Hinge {
  double place_low = 0;  // |t|, from both sides
  double place_high = 0;
  double size = 0;  // |J|
  int order = 0;    // j
};

class KinkTail {
 public:
  explicit KinkTail(const Activation& sigma) : sigma_(sigma) {
    if (!sigma.breakpoints_proven()) throw NotCertified("the breakpoints of " + sigma.name() + " are not proven");
    for (const Breakpoint& point : sigma.breakpoints()) {
      if (point.kind == Breakpoint::Kind::singular) {
        throw NotCertified(sigma.name() + " has a " + to_text(point) + ": its tails are not certified");
      }
    }
    std::vector<Expr> pieces = sigma.breakpoint_analysis().pieces;
    Activation derivative = sigma;
    for (int order = 0; order < most_order; ++order) {
      if (!add_jumps(pieces, order)) break;
      for (Expr& piece : pieces) piece = simplify(differentiate(piece, "x"));
      derivative = derivative.derivative();
      derivatives_.push_back(derivative);
    }
  }

  // The degree for one part of the range.
  double degree(double epsilon, double low, double high) const {
    const double norm = lower_norm(low) * std::sqrt(low / high) / up;
    if (!(norm > 0)) throw NotCertified("E sigma^2 of " + sigma_.name() + " is not known to be positive");
    const double allowed = std::sqrt(epsilon * norm) / up;
    double best = most_degree;
    for (int q = 1; q <= static_cast<int>(derivatives_.size()); ++q) {
      const std::optional<double> of_derivative = upper_norm(derivatives_[static_cast<std::size_t>(q) - 1], high);
      if (!of_derivative) continue;
      const double smooth = std::pow(high, q) * *of_derivative * std::sqrt(high / low) * up;
      best = std::min(best, least([&](double n) { return bound(n, q, smooth, low, high) <= allowed; }, q));
    }
    return best;
  }

 private:
  // False if a limit at a breakpoint is not finite.
  bool add_jumps(const std::vector<Expr>& pieces, int order) {
    const auto& points = sigma_.breakpoints();
    const Precision precision = Precision::bits(128);
    std::vector<Hinge> found;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Ball at = points[i].exact ? Ball(*points[i].exact, precision) : points[i].location;
      const Ball jump =
          evaluate<Ball>(pieces[i + 1], "x", at, precision) - evaluate<Ball>(pieces[i], "x", at, precision);
      if (!jump.is_finite()) return false;
      if (jump == Ball(0)) continue;
      if (points[i].kind == Breakpoint::Kind::kink && points[i].smoothness_proven && order < points[i].smoothness) {
        continue;  // continuous, though the ball is not a point
      }
      found.push_back({abs(at).lower(), abs(at).upper(), abs(jump).upper(), order});
    }
    hinges_.insert(hinges_.end(), found.begin(), found.end());
    return true;
  }

  double lower_norm(double variance) const {
    return certified_norm(sigma_, Ball::from_double_exactly(variance, Precision::bits(64)), {.degree = 0, .digits = 4})
        .lower();
  }
  static std::optional<double> upper_norm(const Activation& f, double variance) {
    if (f.expression().is_zero()) return 0.0;
    try {
      return certified_norm(f, Ball::from_double_exactly(variance, Precision::bits(64)), {.degree = 0, .digits = 3})
          .upper();
    } catch (const NotCertified&) {
      return std::nullopt;
    } catch (const DomainError&) {  // σ^(q) is not square-integrable
      return std::nullopt;
    }
  }

  // √T_N on the part.
  double bound(double n, int q, double smooth, double low, double high) const {
    double falling = 1;
    for (int i = 0; i < q; ++i) falling *= n + 1 - i;
    double total = std::sqrt(smooth / falling);
    for (const Hinge& hinge : hinges_) {
      if (hinge.order >= q) continue;
      const int m = hinge.order + 1;
      const double k = n + 1 - m;
      const double widest = hinge.place_high * hinge.place_high / low;  // ξ²
      if (!(k >= 2) || !(4 * k + 2 > 1.001 * widest)) return std::numeric_limits<double>::infinity();
      const double narrowest = hinge.place_low * hinge.place_low / high;
      const double shape = std::sqrt(2 / std::numbers::pi) / (2 * std::numbers::pi) / std::sqrt(1 - 1 / (4 * k * k)) /
                           (1 - widest / (4 * k + 2));
      const double tail =
          std::pow(high, hinge.order) * std::exp(-narrowest / 2) * shape * std::pow(k, 0.5 - m) / (m - 0.5);
      total += hinge.size * std::sqrt(tail);
    }
    return total * up;
  }

  template <class Enough>
  static double least(const Enough& enough, int q) {
    double high = q + 2;
    while (!enough(high)) {
      high *= 2;
      if (high > most_degree) return most_degree;
    }
    double low = q + 1;
    while (high - low > 1) {
      const double middle = std::floor((low + high) / 2);
      (enough(middle) ? high : low) = middle;
    }
    return high;
  }

  const Activation& sigma_;
  std::vector<Activation> derivatives_;  // from the first
  std::vector<Hinge> hinges_;
};

}  // namespace

KinkDegree kink_degree(const Activation& sigma, double epsilon, double min_variance, double max_variance) {
  const KinkTail tail(sigma);
  const double log_ratio = std::log(max_variance / min_variance);
  const int parts = std::max(1, static_cast<int>(std::ceil(std::min(log_ratio / std::log(part_ratio), 1e6) - 1e-9)));
  if (parts > part_limit) {
    throw NotCertified("the range of variances spans more than a factor 1e31; give a narrower one");
  }
  KinkDegree result;
  result.parts = parts;
  for (int i = 0; i < parts; ++i) {
    // Overlapping by rounding, so that nothing lies between two parts.
    const double low = min_variance * std::exp(log_ratio * i / parts) * (1 - 0x1p-40);
    const double high = min_variance * std::exp(log_ratio * (i + 1) / parts) * (1 + 0x1p-40);
    result.degree = std::max(result.degree, tail.degree(epsilon, low, high));
  }
  if (result.degree >= most_degree) {
    throw NotCertified("no degree below 1e15 is proven to be enough for " + sigma.name() + " on this range");
  }
  return result;
}

}  // namespace nke
