// SPDX-License-Identifier: Apache-2.0
#include "one_dimensional_intervals.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include <nke/exact/real/arb_access.hpp>

#include "exact_radius.hpp"

namespace nke::detail {
namespace {

using Gated = ConditionalExpectation::Gated;

constexpr double wide_region = 0.2;  // of the line: a turn so long needs no cut
constexpr double same_place = 0.15;  // of a region's half-width: cuts so close are one

// A threshold, at which intervals must end, or a point at which it is merely good to end.
struct Cut {
  Ball at;
  bool is_threshold;
  double scale;  // of what turns here
};

double distance(const Ball& a, const Ball& b) {
  return std::fabs((a - b).mid());
}

std::vector<Cut> sorted_and_merged(std::vector<Cut> cuts) {
  std::sort(cuts.begin(), cuts.end(),
            [](const Cut& a, const Cut& b) { return arf_cmp(arb_midref(arb_of(a.at)), arb_midref(arb_of(b.at))) < 0; });
  std::vector<Cut> result;
  for (Cut& cut : cuts) {
    const bool apart =
        result.empty() || (!result.back().at.overlaps(cut.at) &&
                           (cut.is_threshold || distance(cut.at, result.back().at) > same_place * cut.scale));
    if (apart) {
      result.push_back(std::move(cut));
    } else if (cut.is_threshold) {  // a threshold not told from its neighbour: one inexact point, which may be either
      result.back().at = result.back().is_threshold ? hull(result.back().at, cut.at) : cut.at;
      result.back().is_threshold = true;
    }
  }
  return result;
}

// Terms that the side never sees make no tail: relu on the left.
bool silent(const std::vector<NumericTerm>& sigma, int side) {
  return std::all_of(sigma.begin(), sigma.end(), [side](const NumericTerm& term) {
    return term.gate && term.gate->sharp && term.gate->side != side;
  });
}

// Where e^(that) is above e^(−decay).
struct Region {
  Ball left;
  Ball right;
  double half_width;
  double fall;  ///< within which it falls from its greatest value on the line to e^(−decay), roughly
};

std::optional<Region> region_above(const CenteredExponent& e, double decay) {
  const double q = e.quadratic.mid();
  const double slope = e.slope.re().mid();
  const double root = slope * slope - 4 * q * (e.constant.re().mid() + decay);
  if (!(root > 0) || !std::isfinite(root) || !(q < 0)) return std::nullopt;
  const double middle = -slope / (2 * q);
  const double half_width = std::sqrt(root) / (-2 * q);
  const auto at = [&](double r) { return (e.at + Ball::from_double_exactly(r)).center(); };
  return Region{at(middle - half_width), at(middle + half_width), half_width,
                (e.constant.re().mid() + decay) / std::sqrt(root)};
}

// Each edge's exponent with every exponent of the other factor.
template <class Each>
void for_each_edge(const Integrand& integrand, const Each& each) {
  for (const Gated& gated : integrand.inner().gated()) {
    if (gated.indicator) continue;
    for (std::size_t i = 0; i < integrand.outer().exponents().size(); ++i) each(gated, integrand.sum(i, gated.edge));
  }
  for (const Gated& gated : integrand.outer().gated()) {
    if (gated.indicator) continue;
    for (std::size_t j = 0; j < integrand.inner().exponents().size(); ++j) each(gated, integrand.sum(gated.edge, j));
  }
}

int greatest_power(const ConditionalExpectation& factor) {
  std::size_t power = 0;
  for (const Polynomial& p : factor.free_part()) power = std::max(power, p.empty() ? 0 : p.size() - 1);
  for (const Gated& gated : factor.gated()) power = std::max(power, static_cast<std::size_t>(gated.power));
  return static_cast<int>(power);
}

std::vector<Cut> cuts_of(const Integrand& fine, const Integrand& integrand, const Line& line, const Ball& tolerance) {
  std::vector<Cut> cuts;
  for (const ConditionalExpectation* factor : {&fine.outer(), &fine.inner()}) {
    for (const Gated& gated : factor->gated()) {
      if (gated.indicator) cuts.push_back({gated.indicator->at, true, 0});
    }
  }
  const double length = distance(line.left, line.right);
  // e^(−decay) is below the tolerance even after the powers of x have been at work.
  const double furthest = std::max({std::fabs(line.left.mid()), std::fabs(line.right.mid()), 1.0});
  const double decay = -std::numbers::ln2 * static_cast<double>(binary_exponent(tolerance)) + std::log(length) + 20 +
                       (greatest_power(integrand.outer()) + greatest_power(integrand.inner())) * std::log(furthest);
  for_each_edge(integrand, [&](const Gated& gated, const CenteredExponent& sum) {
    const auto region = region_above(sum, decay);
    if (!region || region->half_width > wide_region * length) return;
    cuts.push_back({region->left, false, region->fall});
    cuts.push_back({region->right, false, region->fall});
    const Ball turn = (-gated.y_0.re() / gated.y_1).center();  // an interval must not straddle it
    if (turn.is_finite() && (certainly_less(turn, region->left) || certainly_greater(turn, region->right))) {
      cuts.push_back({turn, false, region->fall});
    }
  });
  return sorted_and_merged(std::move(cuts));
}

std::vector<Ball> end_points(const std::vector<Cut>& cuts, const Line& line) {
  std::vector<Ball> result{line.left};
  Ball last = line.right;
  for (const Cut& cut : cuts) {
    if (cut.is_threshold && cut.at.overlaps(result.front())) {
      result.front() = hull(result.front(), cut.at);
    } else if (cut.is_threshold && cut.at.overlaps(last)) {
      last = hull(last, cut.at);
    } else if (certainly_less(result.back(), cut.at) && certainly_less(cut.at, last)) {
      result.push_back(cut.at);
    }
  }
  if (certainly_less(result.back(), last)) result.push_back(last);
  return result;
}

// An indicator is on in an interval if the interval lies, as a whole, on its side; thresholds are ends of intervals or
// beyond them.
GateState indicator_state(const ConditionalExpectation::Indicator& indicator, const Ball& left, const Ball& right) {
  const bool to_the_right = indicator.at.overlaps(left) || certainly_less(indicator.at, left);
  const bool to_the_left = indicator.at.overlaps(right) || certainly_less(right, indicator.at);
  return (indicator.side > 0 ? to_the_right : to_the_left) ? GateState::on : GateState::off;
}

bool all_real(const ConditionalExpectation& factor) {
  return std::all_of(factor.gated().begin(), factor.gated().end(), [](const Gated& gated) {
    return gated.mean_0.is_real() && gated.y_0.is_real() && gated.coefficient.is_real();
  });
}

// Open or shut gates on one interval, and what is neglected by calling them so.
class Interval {
 public:
  Interval(const Integrand& integrand, const Ball& left, const Ball& right, const Ball& tolerance)
      : integrand_(integrand),
        left_(left.at_precision(integrand.precision())),
        right_(right.at_precision(integrand.precision())),
        whole_(hull(left_, right_)),
        tolerance_(tolerance),
        real_(all_real(integrand.outer()) && all_real(integrand.inner())) {}

  GateStates states(Ball& left_out) {
    return {states_of(integrand_.outer(), integrand_.inner(), true, left_out),
            states_of(integrand_.inner(), integrand_.outer(), false, left_out)};
  }

  // Of everything, pairs without gates included.
  Ball size() const {
    Ball total(Rational(0), integrand_.precision());
    if (!real_) return Ball::indeterminate(integrand_.precision());
    const std::vector<Ball> outer = sizes_of(integrand_.outer());
    const std::vector<Ball> inner = sizes_of(integrand_.inner());
    for (std::size_t i = 0; i < outer.size(); ++i) {
      for (std::size_t j = 0; j < inner.size(); ++j) {
        const Ball both = outer[i] * inner[j];
        if (certainly_nonzero(both)) total += both * largest_exponential(integrand_.sum(i, j), left_, right_);
      }
    }
    return total * (right_ - left_);
  }

 private:
  std::vector<GateState> states_of(const ConditionalExpectation& factor, const ConditionalExpectation& other,
                                   bool is_outer, Ball& left_out) const {
    std::vector<GateState> result;
    std::optional<std::vector<Ball>> sizes;
    for (std::size_t n = 0; n < factor.gated().size(); ++n) {
      const Gated& gated = factor.gated()[n];
      if (gated.indicator) {
        result.push_back(indicator_state(*gated.indicator, left_, right_));
        continue;
      }
      result.push_back(GateState::edge);
      const GateState state = open_or_shut(gated);
      if (!real_ || state == GateState::edge) continue;
      // Most edges are far above the tolerance: look at their exponents before anything else.
      Ball neglected(Rational(0), integrand_.precision());
      for (std::size_t k = 0; k < other.exponents().size(); ++k) {
        const CenteredExponent& sum = is_outer ? integrand_.sum(gated.edge, k) : integrand_.sum(k, gated.edge);
        const Ball largest = largest_exponential(sum, left_, right_);
        if (!certainly_less(largest * (right_ - left_), tolerance_)) {
          neglected = Ball::indeterminate(integrand_.precision());
          break;
        }
        if (!sizes) sizes = sizes_of(other);
        neglected += largest * (*sizes)[k];
      }
      if (!neglected.is_finite()) continue;
      neglected *= factor.edge_magnitude(n, ComplexBall(whole_)) * (right_ - left_);
      if (!certainly_less(neglected, tolerance_)) continue;
      left_out += neglected;
      result.back() = state;
    }
    return result;
  }

  // What bounds a factor here: a shut gate lets no more through than its edge, an open one no more than if there were none.
  std::vector<Ball> sizes_of(const ConditionalExpectation& factor) const {
    std::vector<GateState> bounds;
    for (const Gated& gated : factor.gated()) {
      if (gated.indicator) {
        bounds.push_back(indicator_state(*gated.indicator, left_, right_));
      } else {
        bounds.push_back(open_or_shut(gated) == GateState::off ? GateState::edge : GateState::on);
      }
    }
    return factor.magnitudes(ComplexBall(whole_), bounds);
  }

  GateState open_or_shut(const Gated& gated) const {
    const Ball at_left = gated.y_0.re() + gated.y_1 * left_;
    const Ball at_right = gated.y_0.re() + gated.y_1 * right_;
    if (certainly_positive(at_left) && certainly_positive(at_right)) return GateState::on;
    if (certainly_negative(at_left) && certainly_negative(at_right)) return GateState::off;
    return GateState::edge;
  }

  const Integrand& integrand_;
  Ball left_;
  Ball right_;
  Ball whole_;
  const Ball& tolerance_;
  bool real_;
};

}  // namespace

Line line_of_integration(const std::vector<NumericTerm>& sigma, const std::vector<NumericTerm>& tau, const Outer& place,
                         const Ball& tolerance) {
  Line line{Ball(), Ball(), Ball(Rational(0), Precision::bits(tail_bits))};
  for (const int side : {-1, 1}) {
    Ball& end = side < 0 ? line.left : line.right;
    if (silent(sigma, side)) {
      const auto furthest =
          std::max_element(sigma.begin(), sigma.end(), [side](const NumericTerm& x, const NumericTerm& y) {
            return side * x.gate->threshold.mid() < side * y.gate->threshold.mid();
          });
      end = furthest->gate->threshold;
    } else {
      const Ball start = tail_start(sigma, tau, place, side, tolerance);
      line.left_out += tail_bound(sigma, tau, place, side, start);
      end = side * start;
    }
  }
  return line;
}

CalmIntervals calm_intervals(const Integrand& fine, const Integrand& coarse, const Line& line, const Ball& tolerance) {
  const std::vector<Ball> points = end_points(cuts_of(fine, coarse, line, tolerance), line);
  CalmIntervals result{{}, Ball(Rational(0), coarse.precision())};
  const auto gates = static_cast<long>(coarse.outer().gated().size() + coarse.inner().gated().size());
  const Ball share = tolerance / (gates * static_cast<long>(points.size()));
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    Interval interval(coarse, points[i], points[i + 1], share);
    result.intervals.push_back({points[i], points[i + 1], interval.states(result.left_out)});
  }
  return result;
}

Ball size_on_line(const Integrand& fine, const Integrand& coarse, const Line& line, const Ball& tolerance) {
  const std::vector<Ball> points = end_points(cuts_of(fine, coarse, line, tolerance), line);
  Ball total(Rational(0), coarse.precision());
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    total += Interval(coarse, points[i], points[i + 1], tolerance).size();
  }
  return total;
}

}  // namespace nke::detail
