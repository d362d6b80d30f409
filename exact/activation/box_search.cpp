// SPDX-License-Identifier: Apache-2.0
#include "box_search.hpp"

#include <algorithm>
#include <cmath>

#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/real/arb_access.hpp>

namespace nke::detail {
namespace {

constexpr int order_limit = 6;            // derivatives asked for
constexpr std::size_t node_limit = 2000;  // of a derivative
constexpr int depth_before_touching = 5;  // boxes small enough for their simplest fraction to be the candidate
constexpr double finest = 1e-7;  // of a box, relative: below, double ranges cannot tell a touch from a crossing

}  // namespace

std::string in_short(const Expr& f) {
  constexpr std::size_t longest = 80;
  const std::string text = node_count(f) < 200 ? to_text(f) : "a long expression";
  return text.size() <= longest ? text : text.substr(0, longest) + " ...";
}

BoxSearch::BoxSearch(const Expr& f, Budget& budget)
    : derivatives_{f}, value_(f, "x", Precision::bits(refining_bits)), budget_(budget) {}

const Expr* BoxSearch::derivative(int order) {
  while (static_cast<int>(derivatives_.size()) <= order) {
    if (order > order_limit || node_count(derivatives_.back()) > node_limit) return nullptr;
    derivatives_.push_back(simplify(differentiate(derivatives_.back(), "x")));
  }
  return &derivatives_[static_cast<std::size_t>(order)];
}

Range BoxSearch::range(int order, const Range& x) {
  const Expr* f = derivative(order);
  return f != nullptr ? range_of(*f, "x", x) : Range::everything();
}

std::optional<int> BoxSearch::sign_at(int order, double x) {
  const Expr* f = derivative(order);
  if (f == nullptr || !std::isfinite(x)) return std::nullopt;
  for (const long bits : {100L, 1000L}) {
    const Ball at = Ball::from_double_exactly(x, Precision::bits(bits));
    const Ball value = evaluate<Ball>(*f, "x", at, Precision::bits(bits));
    if (certainly_positive(value)) return 1;
    if (certainly_negative(value)) return -1;
    if (!value.is_finite()) return std::nullopt;
  }
  const auto exact = value_at(*f, Rational::from_double_exactly(x));
  return exact && proves_zero(*exact) ? std::optional(0) : std::nullopt;
}

void BoxSearch::run(const Interval& interval) {
  const double low = end_of_search(interval, false);
  const double high = end_of_search(interval, true);
  // An interval that begins beyond the reach of an unsettled tail is all tail.
  if (low > high) {
    reach_ = std::min(std::fabs(low), std::fabs(high));
    return;
  }
  // Cells with ends at powers of two, the innermost first: where the search has to stop, all up to there is known.
  std::vector<Range> cells{{std::max(low, -1.0), std::min(high, 0.0)}, {std::max(low, 0.0), std::min(high, 1.0)}};
  for (double inner = 1; inner < std::max(std::fabs(low), std::fabs(high)); inner *= 2) {
    cells.push_back({std::max(low, -2 * inner), std::min(high, -inner)});
    cells.push_back({std::max(low, inner), std::min(high, 2 * inner)});
  }
  for (const Range& cell : cells) {
    if (cell.low >= cell.high) continue;
    if (!exhausted()) search(cell, 0);
    if (exhausted()) reach_ = std::min(reach_, cell.mignitude());
  }
  std::sort(points_.begin(), points_.end(),
            [](const Point& a, const Point& b) { return a.location.mid() < b.location.mid(); });
}

void BoxSearch::search(const Range& box, int depth) {
  if (exhausted()) {
    undecided_ = "the roots of " + in_short(derivatives_[0]) + " are too many, or too close to each other";
    return;
  }
  --budget_.boxes;
  if (excludes_zero(range(0, box)) || settle_monotone(box)) return;
  if (depth >= depth_before_touching && settle_touching(box)) return;
  const double middle = box.low / 2 + box.high / 2;
  const bool finest_reached = box.high - box.low < finest * std::max(1.0, box.magnitude());
  if (finest_reached || middle <= box.low || middle >= box.high) return add_unsettled(box);
  search({box.low, middle}, depth + 1);
  search({middle, box.high}, depth + 1);
}

bool BoxSearch::settle_monotone(const Range& box) {
  if (!excludes_zero(range(1, box))) return false;
  const auto at_low = sign_at(0, box.low);
  const auto at_high = sign_at(0, box.high);
  if (at_low == 0) {
    add(Point::at(Rational::from_double_exactly(box.low)));
    return true;
  }
  if (at_high == 0) {
    add(Point::at(Rational::from_double_exactly(box.high)));
    return true;
  }
  if (!at_low || !at_high) return false;
  if (*at_low != *at_high) add(refine(box));
  return true;
}

// A root of order m at the simplest fraction of the box: derivatives below m vanish there, number m nowhere in the box.
bool BoxSearch::settle_touching(const Range& box) {
  const Rational candidate = simplest_rational(box.low, box.high);
  for (int order = 0; order <= order_limit; ++order) {
    if (order > 0 && excludes_zero(range(order, box))) {
      add(Point::at(candidate));
      return true;
    }
    const Expr* f = derivative(order);
    if (f == nullptr) return false;
    const auto value = value_at(*f, candidate);
    if (!value || !proves_zero(*value)) return false;
  }
  return false;
}

void BoxSearch::add_unsettled(const Range& box) {
  const Precision precision = Precision::bits(location_bits);
  Ball where = Ball::from_interval(box.low, box.high, precision);
  for (Point& known : points_) {
    if (known.certain || !known.location.overlaps(where)) continue;
    known.location = hull(known.location, where);
    return;
  }
  undecided_ = "whether " + in_short(derivatives_[0]) + " vanishes near x = " + Ball(where).to_decimal(6) +
               " could not be decided: it seems to touch 0 there";
  points_.push_back({.location = where, .exact = {}, .defining = derivatives_[0], .certain = false});
}

void BoxSearch::add(Point point) {
  const bool known =
      std::ranges::any_of(points_, [&](const Point& other) { return compare(other, point) == Order::same; });
  if (known) return;
  points_.push_back(std::move(point));
  --budget_.roots;
}

// Newton's method on balls: the root stays inside X ∩ (m − f(m)/f'(X)), which halves while far and squares when near.
Point BoxSearch::refine(const Range& box) const {
  const Precision precision = Precision::bits(refining_bits);
  const Evaluator<Ball> slope(derivatives_[1], "x", precision);
  Ball root = Ball::from_interval(box.low, box.high, precision);
  const bool rising = certainly_positive(value_(Ball::from_double_exactly(box.high, precision)));
  constexpr int step_limit = 200;
  constexpr double small_enough = 0x1p-340;
  for (int step = 0; step < step_limit && root.radius() > small_enough * std::max(1.0, std::fabs(root.mid())); ++step) {
    const Ball middle = root.center();
    const Ball value = value_(middle);
    const Ball newton = middle - value / slope(root);
    Ball narrower = root;
    if (newton.is_finite() && arb_intersection(arb_of(narrower), arb_of(root), arb_of(newton), precision.bits()) != 0 &&
        narrower.radius() < 0.75 * root.radius()) {
      root = narrower;
      continue;
    }
    // Newton does not help yet: keep the half in which the sign changes.
    if (value.contains_zero()) break;
    const bool root_is_right = certainly_negative(value) == rising;
    const Ball other_end = root_is_right ? root.center() + Ball::from_double_exactly(root.radius(), precision)
                                         : root.center() - Ball::from_double_exactly(root.radius(), precision);
    root = hull(middle, other_end);
  }
  Point point{.location = root.at_precision(Precision::bits(location_bits)), .exact = {}, .defining = derivatives_[0]};
  const Rational simple = simplest_rational(root.lower(), root.upper());
  if (point.location.contains(simple)) {
    const auto value = value_at(derivatives_[0], simple);
    if (value && proves_zero(*value)) return Point::at(simple);
  }
  return point;
}

}  // namespace nke::detail
