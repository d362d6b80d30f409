// SPDX-License-Identifier: Apache-2.0
#include "roots.hpp"

#include <algorithm>
#include <utility>

#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/simplify.hpp>

#include "box_search.hpp"
#include "equations.hpp"
#include "polynomial.hpp"

namespace nke::detail {
namespace {

// a·x + b with constant expressions a ≠ 0 and b: the root is −b/a.
std::optional<Point> affine_root(const Expr& f) {
  const Expr slope = simplify(differentiate(f, "x"));
  if (depends_on(slope, "x") || slope.is_zero()) return std::nullopt;
  const auto offset = value_at(f, Rational(0));
  if (!offset) return std::nullopt;
  const Expr root = simplify(-*offset / slope);
  if (root.is_number()) return Point::at(root.number());
  const Precision precision = Precision::bits(location_bits);
  const Ball location = evaluate<Ball>(root, "x", Ball(0), Precision::bits(location_bits + 64));
  if (!location.is_finite()) return std::nullopt;
  return Point{.location = location.at_precision(precision), .exact = {}, .defining = symbol("x") - root};
}

// Polynomials up to degree 40 are factored (some ms); for higher degrees the boxes are faster.
constexpr std::size_t exact_size_limit = 41;

class Collection {
 public:
  explicit Collection(const Interval& interval) : interval_(interval) {}

  // Keeps the points strictly inside the interval.
  void add(const Point& point) {
    if (interval_.left && !is_beyond(compare(*interval_.left, point), point)) return;
    if (interval_.right && !is_beyond(compare(point, *interval_.right), point)) return;
    for (Point& known : set_.points) {
      const Order order = compare(known, point);
      if (order == Order::same) return;
      if (order == Order::unknown) {
        known.location = hull(known.location, point.location);
        known.certain = false;
        return leave_open(coincidence(point));
      }
    }
    set_.points.push_back(point);
  }

  void leave_open(const std::string& reason) {
    if (set_.undecided.empty()) set_.undecided = reason;
  }

  void limit_reach(double reach) { set_.reach = std::min(set_.reach, reach); }

  RootSet take() {
    std::sort(set_.points.begin(), set_.points.end(),
              [](const Point& a, const Point& b) { return compare(a, b) == Order::less; });
    return std::move(set_);
  }

 private:
  static std::string coincidence(const Point& point) {
    return "whether two switching points near x = " + point.location.to_decimal(6) + " coincide could not be decided";
  }

  bool is_beyond(Order order, const Point& point) {
    // Too close to an end to tell: it is taken for the end itself, and the doubt is stated.
    if (order == Order::unknown) leave_open(coincidence(point));
    return order == Order::less;
  }

  const Interval& interval_;
  RootSet set_;
};

}  // namespace

RootSet find_roots(const Expr& g, const Interval& interval, Budget& budget) {
  if (vanishes_identically(g)) return {.points = {}, .everywhere = true, .undecided = {}};
  Collection roots(interval);
  for (const Expr& f : simpler_equations(simplify(g))) {
    if (f.is_zero()) return {.points = {}, .everywhere = true, .undecided = {}};
    if (!depends_on(f, "x")) {
      roots.leave_open("whether the constant " + to_text(f) + " is zero could not be decided");
      roots.limit_reach(0);
    } else if (const auto coefficients = polynomial_coefficients(f);
               coefficients && coefficients->size() <= exact_size_limit) {
      if (coefficients->empty()) return {.points = {}, .everywhere = true, .undecided = {}};
      for (const Point& point : real_roots(*coefficients)) roots.add(point);
    } else if (const auto point = affine_root(f)) {
      roots.add(*point);
    } else {
      BoxSearch search(f, budget);
      search.run(interval);
      for (const Point& found : search.points()) roots.add(found);
      if (!search.undecided().empty()) roots.leave_open(search.undecided());
      roots.limit_reach(search.reach());
    }
  }
  return roots.take();
}

int sign_inside(const Expr& g, const Interval& interval) {
  if (g.is_number()) return g.number().sign();
  const Ball at = interval.sample();
  for (const long bits : {128L, location_bits, 2000L}) {
    const Ball value = evaluate<Ball>(g, "x", at, Precision::bits(bits));
    if (certainly_positive(value)) return 1;
    if (certainly_negative(value)) return -1;
  }
  return 0;
}

}  // namespace nke::detail
