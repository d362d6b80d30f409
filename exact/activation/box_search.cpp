// SPDX-License-Identifier: Apache-2.0
#include "box_search.hpp"

#include <algorithm>
#include <cmath>

#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/expr/substitute.hpp>
#include <nke/exact/real/arb_access.hpp>

#include "growth_rules.hpp"

namespace nke::detail {
namespace {

constexpr int order_limit = 6;            // derivatives asked for
constexpr std::size_t node_limit = 2000;  // of a derivative
constexpr int depth_before_touching = 5;  // boxes small enough for their simplest fraction to be the candidate
constexpr double finest = 1e-7;  // of a box, relative: below, double ranges cannot tell a touch from a crossing
constexpr double reach_without_proof = 64;  // where the search stops if a tail cannot be settled
constexpr double tail_starts[] = {reach_without_proof, 1024, 0x1p20, 0x1p60};
constexpr long refining_bits = location_bits + 64;

std::string in_short(const Expr& f) {
  constexpr std::size_t longest = 80;
  const std::string text = node_count(f) < 200 ? to_text(f) : "a long expression";
  return text.size() <= longest ? text : text.substr(0, longest) + " ...";
}

bool excludes_zero(const Range& r) {
  return r.is_positive() || r.is_negative();
}

// The factors of a term that are positive by their form.
Expr positive_part(const Expr& term) {
  if (!term.is(Expr::Kind::product)) return term.positive() && depends_on(term, "x") ? term : Expr(1);
  Expr result(1);
  for (const Expr& factor : term.operands()) {
    if (factor.positive() && depends_on(factor, "x")) result *= factor;
  }
  return result;
}

// Nowhere 0 on x. A closed range cannot tell 1/x from 0 on a half-line; the form can.
bool never_zero(const Expr& e, const Range& x) {
  if (e.positive() || excludes_zero(range_of(e, "x", x))) return true;
  if (e.is_rational_power()) return e.operand(1).number().sign() < 0 || never_zero(e.operand(0), x);
  if (!e.is(Expr::Kind::product)) return false;
  return std::ranges::all_of(e.operands(), [&x](const Expr& factor) { return never_zero(factor, x); });
}

// f = c + rest, the rest having a growth bound that falls along the tail and begins below |c|: x Phi(x) towards
// −infinity.
bool constant_dominates(const Expr& f, const Range& tail) {
  if (!f.is(Expr::Kind::sum)) return false;
  Expr constant;
  Expr rest;
  for (const Expr& term : f.operands()) (depends_on(term, "x") ? rest : constant) += term;
  const double least = range_of(constant, "x", tail).mignitude();
  const auto bound = bound_on(rest, tail);
  if (least == 0 || !bound || bound->quadratic.sign() > 0) return false;
  // The logarithm of the bound has the derivative p/(1+t) + κ + 2αt, which decreases in t.
  const Rational t = Rational::from_double_exactly(tail.mignitude());
  const bool falls =
      bound->power / (Rational(1) + t) + bound->linear + Rational(2) * bound->quadratic * t < Rational(0);
  return falls && bound->log_at(tail.mignitude()) < std::log(least) - 1e-9;
}

}  // namespace

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

// The sign f^(order) has on all of a tail, zeros allowed: by its range, or because one term t without roots outweighs
// the others, f/t having one sign. The second sees exp(x) beat x^2.
std::optional<int> BoxSearch::sign_on(int order, const Range& tail) {
  const Expr* f = derivative(order);
  if (f == nullptr) return std::nullopt;
  const auto sign_of = [](const Range& r) {
    return r.low >= 0 ? std::optional(1) : r.high <= 0 ? std::optional(-1) : std::nullopt;
  };
  if (const auto sign = sign_of(range_of(*f, "x", tail))) return sign;
  constexpr std::size_t most_terms = 8;
  if (!f->is(Expr::Kind::sum) || f->operands().size() > most_terms) return std::nullopt;
  for (const Expr& term : f->operands()) {
    // Either the whole term keeps away from 0, or a factor like exp(u) that is positive by its form is taken out.
    Expr divisor = term;
    if (!excludes_zero(range_of(term, "x", tail))) divisor = positive_part(term);
    if (divisor.is_one()) continue;
    Expr quotient;
    for (const Expr& other : f->operands()) quotient += simplify(other / divisor);
    const auto sign = sign_of(range_of(simplify(quotient), "x", tail));
    if (sign) return divisor.positive() || range_of(divisor, "x", tail).is_positive() ? *sign : -*sign;
  }
  return std::nullopt;
}

// No root on [from, ∞) (or (−∞, from]): f and some of its derivatives push the same way at `from`, and the next one
// never turns back. With f itself as that one, it is enough that it does not vanish at `from` and moves outwards.
bool BoxSearch::tail_is_free(double from, bool to_the_right) {
  const Range tail = to_the_right ? Range{from, Range::infinity} : Range{-Range::infinity, from};
  if (excludes_zero(range(0, tail)) || dominated_by_a_term(tail)) return true;
  constexpr int highest = 4;
  std::optional<int> push;  // the sign that f moves in, going outwards
  for (int order = 0; order < highest; ++order) {
    const auto sign = sign_at(order, from);
    if (!sign || *sign == 0) return false;
    const int outwards = to_the_right || order % 2 == 0 ? *sign : -*sign;
    if (push && *push != outwards) return false;
    push = outwards;
    const auto next = sign_on(order + 1, tail);
    const int needed = to_the_right || (order + 1) % 2 == 0 ? *push : -*push;
    if (next == needed) return true;
  }
  return false;
}

// f = t_1 + t_2 + …: where f/t_i stays away from 0 and t_i has no root, neither has f.
bool BoxSearch::dominated_by_a_term(const Range& tail) const {
  const Expr& f = derivatives_[0];
  constexpr std::size_t most_terms = 8;
  if (!f.is(Expr::Kind::sum) || f.operands().size() > most_terms) return false;
  if (constant_dominates(f, tail)) return true;
  for (const Expr& term : f.operands()) {
    if (!never_zero(term, tail)) continue;
    Expr quotient;
    for (const Expr& other : f.operands()) quotient += simplify(other / term);
    quotient = simplify(quotient);
    if (excludes_zero(range_of(quotient, "x", tail)) || constant_dominates(quotient, tail)) return true;
  }
  return false;
}

// The doubles around an end of the interval. f is analytic inside only: it may have a pole at the end, and a box that
// reached over it would mistake the jump from −∞ to ∞ for a monotone function. So boxes include the end where f is seen
// to be continuous there; otherwise they begin beside it, and the sliver left out is settled by itself.
double BoxSearch::beside(const Point& end, bool end_is_left) {
  const double low = end.location.lower();
  const double high = end.location.upper();
  const double outside = end_is_left ? low : high;
  if (low == high) return outside;  // sign_at finds a pole there
  const Precision precision = Precision::bits(refining_bits);
  if (value_(Ball::from_interval(low, high, precision)).is_finite()) return outside;
  // Boxes that touch the pole would never be settled: they keep a distance, the largest for which the sliver is free.
  for (const double distance : {0x1p-10, 0x1p-20, 0x1p-30, 0x1p-40}) {
    const double width = distance * std::max(1.0, std::fabs(high));
    if (sliver_is_free(end, end_is_left, width + 2 * (high - low))) return end_is_left ? high + width : low - width;
  }
  undecided_ = "the roots of " + in_short(derivatives_[0]) + " next to its singularity at " +
               end.location.to_decimal(6) + " could not be settled";
  reach_ = std::min(reach_, std::min(std::fabs(low), std::fabs(high)));
  return end_is_left ? high : low;
}

// No root of f(end ± t) for 0 < t ≤ width. The shift is exact, so that a pole lies at t = 0 without any rounding.
bool BoxSearch::sliver_is_free(const Point& end, bool to_the_right, double width) const {
  if (!end.exact) return false;
  try {
    const Expr t = symbol("x");
    const Expr at = Expr(*end.exact) + (to_the_right ? t : -t);
    const Expr shifted = simplify(expand(substitute(derivatives_[0], "x", at), 1000));
    return excludes_zero(range_of(shifted, "x", {0, width}));
  } catch (const Error&) {  // undefined at the end in a way that simplifying runs into
    return false;
  }
}

double BoxSearch::end_of_search(const Interval& interval, bool to_the_right) {
  const auto& end = to_the_right ? interval.right : interval.left;
  if (end) return beside(*end, !to_the_right);
  for (const double start : tail_starts) {
    const double from = to_the_right ? start : -start;
    // A tail is asked about only where f is analytic on all of it.
    if (from <= interval.upper() && from >= interval.lower() && tail_is_free(from, to_the_right)) return from;
  }
  undecided_ = "the roots of " + in_short(derivatives_[0]) + " towards " + (to_the_right ? "+" : "-") +
               "infinity could not be settled";
  reach_ = reach_without_proof;
  return to_the_right ? reach_without_proof : -reach_without_proof;
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
