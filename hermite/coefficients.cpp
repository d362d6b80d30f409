// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/coefficients.hpp>
#include <nke/hermite/pieces.hpp>
#include <nke/hermite/polynomials.hpp>
#include <nke/hermite/sampled_function.hpp>

#include "half_line.hpp"
#include "number_text.hpp"

namespace nke {

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double target = 2.5e-16;        // planning stops when two resolutions differ by this much of the norm
constexpr double rounding = 2 * epsilon;  // of the sums and of σ itself, of the norm; measured 0.5 … 1.5e-16
constexpr double hopeless = 1e-3;         // worse than this is no number at all
constexpr int first_count = 24;
constexpr int last_count = 1536;
constexpr double acceptable_noise = 1e-11;

struct Segment {
  double upper = 0;  // serves variances up to here
  double cutoff = 0;
  int count = 0;  // nodes of the trapezoid; 0: panels
  PanelRefinement refinement;
  double error = 0;  // seen between two resolutions, relative to √norm
};

struct Sums {
  std::vector<double> h;
  double norm = 0;
};

}  // namespace

struct HermiteRule::Plan {
  SampledFunction sigma;
  HermiteRecurrence recurrence;
  HermiteRange range;
  std::vector<Piece> pieces;
  std::vector<Segment> segments;

  Plan(SampledFunction f, const HermiteRange& r) : sigma(std::move(f)), recurrence(r.degree), range(r) { make(); }

  const Segment& segment(double variance) const {
    const auto at = std::lower_bound(segments.begin(), segments.end(), variance,
                                     [](const Segment& s, double a) { return s.upper < a; });
    return at == segments.end() ? segments.back() : *at;
  }

  void nodes(const Segment& s, double variance, HalfLine& out) const {
    if (s.count > 0) {
      trapezoid_nodes(s.cutoff / s.count, s.count, out);
    } else {
      panel_nodes(pieces, std::sqrt(variance), s.cutoff, range.degree, s.refinement, out);
    }
  }

 private:
  void make() {
    const double ratio = range.max_variance / range.min_variance;
    const int count = std::max(1, static_cast<int>(std::ceil(std::log2(ratio) - 1e-9)));
    std::vector<double> ends{range.min_variance};
    for (int i = 1; i <= count; ++i) {
      ends.push_back(i == count ? range.max_variance : range.min_variance * std::pow(ratio, double(i) / count));
    }
    double reach = 0;
    std::vector<double> cutoffs;
    for (const double a : ends) {
      cutoffs.push_back(cutoff_of(sigma, a));
      reach = std::max(reach, cutoffs.back() * std::sqrt(a) * 1.2);
    }
    for (int i = 0; i < count; ++i) {
      const auto at = static_cast<std::size_t>(i);
      plan_segment(ends[at], ends[at + 1], std::max(cutoffs[at], cutoffs[at + 1]), reach);
    }
  }

  void plan_segment(double lower, double upper, double cutoff, double reach) {
    std::vector<double> probes{upper};
    if (lower < upper) probes.insert(probes.end(), {lower, std::sqrt(lower * upper)});
    std::optional<Segment> best;
    if (sigma.smooth) best = trapezoid(probes, upper, cutoff);
    if (!best) {
      if (pieces.empty()) pieces = folded_pieces(sigma, reach, 1e-18 * std::sqrt(range.min_variance));
      best = panels(probes, upper, cutoff);
    }
    if (!(best->error < hopeless)) {
      throw NotCertified("the Hermite coefficients of " + sigma.name + " at variance " + number_text(upper) +
                         " could not be computed: two resolutions differ by " + number_text(best->error) +
                         " of the norm, which may be infinite");
    }
    segments.push_back(*best);
  }

  Sums sums(const Segment& s, double variance) const {
    HalfLine nodes_used;
    nodes(s, variance, nodes_used);
    return sums(nodes_used, variance);
  }

  Sums sums(const HalfLine& nodes_used, double variance) const {
    Sums result{std::vector<double>(static_cast<std::size_t>(range.degree) + 1), 0};
    result.norm = sum_over(nodes_used, sigma, std::sqrt(variance), recurrence, result.h);
    return result;
  }

  // The largest difference of a coefficient, and half the difference of the norms, relative to the norm.
  static double difference(const Sums& a, const Sums& b) {
    if (!std::isfinite(a.norm) || !std::isfinite(b.norm)) return std::numeric_limits<double>::infinity();
    const double root = std::sqrt(b.norm);
    if (root == 0) return std::sqrt(a.norm);
    double largest = 0.5 * std::abs(a.norm - b.norm) / b.norm;
    for (std::size_t n = 0; n < a.h.size(); ++n) largest = std::max(largest, std::abs(a.h[n] - b.h[n]) / root);
    return largest;
  }

  std::vector<Sums> trapezoid_sums(int count, double cutoff, std::span<const double> probes) const {
    std::vector<Sums> list;
    HalfLine nodes_used;
    trapezoid_nodes(cutoff / count, count, nodes_used);
    for (const double a : probes) list.push_back(sums(nodes_used, a));
    return list;
  }

  static double difference(const std::vector<Sums>& a, const std::vector<Sums>& b) {
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, difference(a[i], b[i]));
    return largest;
  }

  // Doubles the number of nodes until nothing changes any more, then looks for the least number that gives the same.
  // The finest sums reach a little beyond the cutoff, so that the cutoff is tested with them.
  std::optional<Segment> trapezoid(std::span<const double> probes, double upper, double cutoff) const {
    int count = first_count;
    double before = std::numeric_limits<double>::infinity(), level = target;
    std::vector<Sums> coarse = trapezoid_sums(count, cutoff, probes), fine;
    for (;; count *= 2) {
      if (2 * count > last_count) return std::nullopt;
      fine = trapezoid_sums(2 * count + count / 5, 1.1 * cutoff, probes);
      const double now = difference(coarse, fine);
      if (now <= target) break;
      if (now <= acceptable_noise && now > 0.3 * before) {  // no longer falling: the rounding noise of σ
        level = 2 * now;
        break;
      }
      before = now;
      coarse = trapezoid_sums(2 * count, cutoff, probes);
    }
    int enough = count, too_few = count / 2;
    while (enough - too_few > 8) {
      const int middle = (enough + too_few) / 16 * 8;
      if (middle <= too_few || middle >= enough) break;
      (difference(trapezoid_sums(middle, cutoff, probes), fine) <= level ? enough : too_few) = middle;
    }
    // 5 % more nodes make the discretisation error, e^(−2π d/step), six times smaller: what is left is rounding.
    Segment s{upper, cutoff, (enough + enough / 20 + 7) / 8 * 8, {}, 0};
    s.error = difference(trapezoid_sums(s.count, cutoff, probes), fine);
    return s;
  }

  // The estimate of panel_nodes is nearly always right at once; where it is not, higher frequencies are tried.
  Segment panels(std::span<const double> probes, double upper, double cutoff) const {
    std::optional<Segment> best;
    for (const double frequency : {1.0, 1.4, 2.0, 2.8}) {
      Segment s{upper, cutoff, 0, {frequency, 0}, 0};
      const Segment finer{upper, 1.1 * cutoff, 0, {2 * frequency, 1}, 0};
      for (const double a : probes) s.error = std::max(s.error, difference(sums(s, a), sums(finer, a)));
      if (!best || s.error < 0.5 * best->error) best = s;
      if (best->error <= 2 * target) break;
    }
    return *best;
  }
};

HermiteRule::HermiteRule(SampledFunction sigma, const HermiteRange& range) {
  const bool ordered = range.min_variance > 0 && range.min_variance <= range.max_variance;
  if (!ordered || !std::isfinite(range.max_variance)) {
    throw DomainError("a range of variances needs 0 < min <= max < infinity, not " + number_text(range.min_variance) +
                      " ... " + number_text(range.max_variance));
  }
  plan_ = std::make_shared<const Plan>(std::move(sigma), range);
}

HermiteRule::HermiteRule(const Activation& sigma, const HermiteRange& range) : HermiteRule(sampled(sigma), range) {}

HermiteRule::Moments HermiteRule::operator()(double variance, std::span<double> h) const {
  if (!covers(variance)) {
    throw DomainError("variance " + number_text(variance) + " is outside the planned range " +
                      number_text(min_variance()) + " ... " + number_text(max_variance()));
  }
  if (h.size() > static_cast<std::size_t>(degree()) + 1) {
    throw ShapeError("room for " + std::to_string(h.size()) + " coefficients, but the rule ends at degree " +
                     std::to_string(degree()));
  }
  const Plan& plan = *plan_;
  if (variance == 0) {
    if (std::isnan(plan.sigma.at_zero)) throw DomainError(plan.sigma.name + " has no value at 0, variance 0 needs it");
    std::fill(h.begin(), h.end(), 0.0);
    if (!h.empty()) h[0] = plan.sigma.at_zero;
    return {plan.sigma.at_zero * plan.sigma.at_zero, 0};
  }
  const Segment& s = plan.segment(variance);
  thread_local HalfLine nodes;
  plan.nodes(s, variance, nodes);
  const double norm = sum_over(nodes, plan.sigma, std::sqrt(variance), plan.recurrence, h);
  if (!std::isfinite(norm)) {
    throw DomainError(plan.sigma.name + " is not finite on the nodes of the rule at variance " + number_text(variance));
  }
  return {norm, (s.error + rounding) * std::sqrt(norm)};
}

FastCoefficients HermiteRule::coefficients(double variance) const {
  FastCoefficients c;
  c.values.resize(static_cast<std::size_t>(degree()) + 1);
  const Moments moments = (*this)(variance, c.values);
  c.norm = moments.norm;
  c.error_bound = moments.error_bound;
  // Small terms first, so that the rounding of the sum is that of its last steps.
  double sum = 0;
  for (std::size_t n = c.values.size(); n-- > 0;) sum += c.values[n] * c.values[n];
  // d(Σ h²) ≤ 2 √(Σ h²) ‖dh‖, with independent errors of each coefficient, plus the norm's own.
  c.tail_noise = c.norm == 0 ? 0 : (8 * epsilon * c.norm + 4 * std::sqrt(c.norm) * c.error_bound);
  const double tail = c.norm - sum;
  c.tail = tail > c.tail_noise ? tail : 0;
  return c;
}

int HermiteRule::degree() const {
  return plan_->range.degree;
}

double HermiteRule::min_variance() const {
  return plan_->range.min_variance;
}

double HermiteRule::max_variance() const {
  return plan_->range.max_variance;
}

// A few units of rounding beyond the ends belong to the range: variances are often computed twice.
bool HermiteRule::covers(double variance) const {
  return variance == 0 ||
         (variance >= min_variance() * (1 - 4 * epsilon) && variance <= max_variance() * (1 + 4 * epsilon));
}

std::string_view HermiteRule::method(double variance) const {
  return plan_->segment(variance).count > 0 ? "trapezoid" : "panels";
}

int HermiteRule::nodes(double variance) const {
  HalfLine nodes;
  plan_->nodes(plan_->segment(variance), variance, nodes);
  return static_cast<int>(nodes.z.size());
}

FastCoefficients hermite_coefficients(const Activation& sigma, int degree, double variance) {
  if (std::isnan(variance) || variance < 0) {
    throw DomainError("a variance is 0 or more, not " + number_text(variance));
  }
  if (variance == 0) return HermiteRule(sigma, {degree, 1, 1}).coefficients(0);
  return HermiteRule(sigma, {degree, variance, variance}).coefficients(variance);
}

}  // namespace nke
