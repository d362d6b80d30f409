// SPDX-License-Identifier: Apache-2.0
// Where a search may begin and end: tails without roots, and the surroundings of a pole.
#include <algorithm>
#include <cmath>

#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/expr/substitute.hpp>
#include <nke/exact/real/error.hpp>

#include "box_search.hpp"
#include "growth_rules.hpp"

namespace nke::detail {
namespace {

constexpr double reach_without_proof = 64;  // where the search stops if a tail cannot be settled
constexpr double tail_starts[] = {reach_without_proof, 1024, 0x1p20, 0x1p60};

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

}  // namespace nke::detail
