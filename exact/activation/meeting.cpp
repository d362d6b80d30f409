// SPDX-License-Identifier: Apache-2.0
#include "meeting.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <nke/exact/activation/range.hpp>
#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/jet.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/expr/substitute.hpp>

#include "poles.hpp"
#include "polynomial.hpp"

namespace nke::detail {
namespace {

constexpr int order_limit = 12;               // derivatives compared; what agrees beyond is called undecided
constexpr int symbolic_order_limit = 6;       // of these, how many are also compared by rules
constexpr std::size_t symbolic_nodes = 1000;  // the largest expression that rules are tried on
constexpr long jet_bits = location_bits;

// Taylor coefficients at the point, proven finite: f is then analytic there, for every primitive is.
std::optional<std::vector<Ball>> jet(const Expr& f, const Point& point, int order) {
  try {
    // At a fraction, exact where it can be: a zero must come out as one.
    auto coefficients = taylor<Ball>(f, "x", point.location, order, Precision::bits(jet_bits));
    const bool finite = std::ranges::all_of(coefficients, [](const Ball& c) { return c.is_finite(); });
    return finite ? std::optional(std::move(coefficients)) : std::nullopt;
  } catch (const DomainError&) {
    return std::nullopt;
  }
}

// The lowest derivatives of f at the point that are proven to vanish, by exact arithmetic or by rules.
class VanishingOrders {
 public:
  VanishingOrders(const Expr& f, const Point& point) : derivative_(f), point_(point) {}

  /// Whether the next derivative, in order from number 0, is proven to be zero at the point.
  bool next_is_zero(const Ball& coefficient) {
    const bool zero = (coefficient.is_exact() && coefficient.contains_zero()) || zero_by_rules();
    ++order_;
    return zero;
  }

 private:
  bool zero_by_rules() {
    if (order_ > symbolic_order_limit || node_count(derivative_) > symbolic_nodes) return false;
    for (; differentiated_ < order_; ++differentiated_) derivative_ = simplify(differentiate(derivative_, "x"));
    if (point_.exact) {
      const auto value = value_at(derivative_, *point_.exact);
      return value && proves_zero(*value);
    }
    return zero_at_defining_root();
  }

  // At an irrational point: the derivative is a product with the point's own function as a factor, or a polynomial that
  // the (irreducible) polynomial of the point divides.
  bool zero_at_defining_root() const {
    if (derivative_.is_zero()) return true;
    const Expr quotient = simplify(derivative_ / point_.defining);
    if (polynomial_coefficients(derivative_) && polynomial_coefficients(point_.defining)) {
      return std::ranges::any_of(real_roots(*polynomial_coefficients(derivative_)),
                                 [&](const Point& root) { return compare(root, point_) == Order::same; });
    }
    if (!depends_on(quotient, "x")) return true;
    // A point x = c with a constant expression c, such as log(2) or sqrt(3): put it in.
    const auto c = closed_form();
    if (!c) return false;
    try {
      return proves_zero(substitute(derivative_, "x", *c));
    } catch (const Error&) {
      return false;
    }
  }

  std::optional<Expr> closed_form() const {
    const Expr c = simplify(symbol("x") - point_.defining);
    if (!depends_on(c, "x")) return c;
    const auto q = polynomial_coefficients(point_.defining);
    if (!q || q->size() != 3) return std::nullopt;
    // The one of both roots of a quadratic that lies where the point does.
    const Expr root = sqrt(Expr((*q)[1] * (*q)[1] - Rational(4) * (*q)[0] * (*q)[2]));
    for (const Expr& sign : {Expr(1), Expr(-1)}) {
      const Expr candidate = simplify((sign * root - Expr((*q)[1])) / Expr(Rational(2) * (*q)[2]));
      const Ball value = evaluate<Ball>(candidate, "x", Ball(0), Precision::bits(jet_bits));
      if (value.overlaps(point_.location)) return candidate;
    }
    return std::nullopt;
  }

  Expr derivative_;
  const Point& point_;
  int order_ = 0;
  int differentiated_ = 0;
};

// How f vanishes at the point: at least to this order (negative for poles), and whether exactly so.
struct Valuation {
  int order;
  bool exact;
};

// Of an f that is analytic at the point.
std::optional<Valuation> jet_valuation(const Expr& f, const Point& point) {
  const auto coefficients = jet(f, point, order_limit);
  if (!coefficients) return std::nullopt;
  VanishingOrders zeros(f, point);
  int order = 0;
  for (const Ball& c : *coefficients) {
    if (certainly_nonzero(c)) return Valuation{order, true};
    if (!zeros.next_is_zero(c)) return Valuation{order, false};
    ++order;
  }
  return Valuation{order, false};
}

// Nothing where f is not known to be meromorphic at the point.
std::optional<Valuation> valuation(const Expr& f, const Point& point) {
  if (const auto analytic = jet_valuation(f, point)) return analytic;
  if (f.is_rational_power()) {
    const auto n = f.operand(1).number().to_long();
    const auto base = valuation(f.operand(0), point);
    constexpr long highest = 100;
    if (!n || !base || std::abs(*n) > highest || (*n < 0 && !base->exact)) return std::nullopt;
    return Valuation{static_cast<int>(*n) * base->order, base->exact};
  }
  if (!f.is(Expr::Kind::product) && !f.is(Expr::Kind::sum)) return std::nullopt;
  const bool is_product = f.is(Expr::Kind::product);
  std::optional<Valuation> result;
  for (const Expr& operand : f.operands()) {
    const auto part = valuation(operand, point);
    if (!part) return std::nullopt;
    if (!result) {
      result = part;
    } else if (is_product) {
      result = Valuation{result->order + part->order, result->exact && part->exact};
    } else {
      result = Valuation{std::min(result->order, part->order), false};
    }
  }
  // Terms with poles may cancel: cos(x)/x − sin(x)/x² at 0. Clearing the denominators shows it.
  if (!is_product && result->order < 0 && point.exact) {
    const Pole pole = find_pole(f, *point.exact);
    const auto base = pole.order > 0 ? valuation(pole.base, point) : std::nullopt;
    const auto cleared = base && base->exact ? jet_valuation(cleared_of(f, pole), point) : std::nullopt;
    if (cleared) return Valuation{cleared->order - static_cast<int>(pole.order) * base->order, cleared->exact};
  }
  return result;
}

bool bounded_near(const Expr& f, const Point& point, bool to_the_right) {
  const double width = 0x1p-10;
  const double at = to_the_right ? point.location.lower() : point.location.upper();
  return range_of(f, "x", to_the_right ? Range{at, at + width} : Range{at - width, at}).is_bounded();
}

Meeting singular(const Expr& left, const Expr& right, const Point& point, bool same) {
  Meeting result{.kind = Meeting::Kind::singular};
  const auto order = valuation(left, point);
  result.removable = same && order && order->order >= 0;
  result.bounded = result.removable || (bounded_near(left, point, false) && bounded_near(right, point, true));
  return result;
}

// The first derivative that differs; nothing if all of these may be equal.
std::optional<Meeting> compare_jets(const std::vector<Ball>& left, const std::vector<Ball>& right,
                                    const Expr& difference, const Point& point) {
  Meeting result{.kind = Meeting::Kind::switched};
  VanishingOrders equal(difference, point);
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Ball step = left[i] - right[i];
    if (certainly_nonzero(step)) return result;
    if (!equal.next_is_zero(step)) result.order_proven = false;
    ++result.order;
  }
  return std::nullopt;
}

}  // namespace

Meeting meet(const Expr& left, const Expr& right, const Point& point) {
  const bool same = left == right || vanishes_identically(left - right);
  constexpr int usual_order = 2;  // almost every kink shows by then, and higher jets cost more
  for (const int order : {usual_order, order_limit}) {
    const auto at_left = jet(left, point, order);
    const auto at_right = jet(right, point, order);
    if (!at_left || !at_right) return singular(left, right, point, same);
    if (same) return {};
    if (const auto meeting = compare_jets(*at_left, *at_right, left - right, point)) return *meeting;
  }
  return {.kind = Meeting::Kind::switched, .order = order_limit + 1, .order_proven = false};
}

}  // namespace nke::detail
