// SPDX-License-Identifier: Apache-2.0
// Roots of one equation that cannot be undone exactly: certified bisection on boxes, and a proof for both tails.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nke/exact/activation/range.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/expr.hpp>

#include "point.hpp"
#include "roots.hpp"

namespace nke::detail {

/// Bits that searching evaluates at: those of the locations and some to lose.
inline constexpr long refining_bits = location_bits + 64;

inline bool excludes_zero(const Range& r) {
  return r.is_positive() || r.is_negative();
}

/// The expression as text, cut where it gets long: for messages.
std::string in_short(const Expr& f);

class BoxSearch {
 public:
  BoxSearch(const Expr& f, Budget& budget);

  /// Searches the interval, ends included. Points come in increasing order; those that are not certain are boxes in
  /// which a root is possible.
  void run(const Interval& interval);

  const std::vector<Point>& points() const { return points_; }
  const std::string& undecided() const { return undecided_; }
  double reach() const { return reach_; }

 private:
  /// The derivative of this order, or null where it would be too large.
  const Expr* derivative(int order);
  Range range(int order, const Range& x);
  /// −1, 0 or 1, proven; nothing if undefined or undecided.
  std::optional<int> sign_at(int order, double x);

  std::optional<int> sign_on(int order, const Range& tail);
  bool tail_is_free(double from, bool to_the_right);
  bool dominated_by_a_term(const Range& tail) const;
  /// Where boxes begin or end on this side: at the end of the interval, or where the tail beyond is settled.
  double end_of_search(const Interval& interval, bool to_the_right);
  double beside(const Point& end, bool end_is_left);
  bool sliver_is_free(const Point& end, bool to_the_right, double width) const;
  void search(const Range& box, int depth);
  bool exhausted() const { return budget_.boxes <= 0 || budget_.roots <= 0; }
  /// Whether the box was settled because f is monotone in it.
  bool settle_monotone(const Range& box);
  bool settle_touching(const Range& box);
  void add_unsettled(const Range& box);
  Point refine(const Range& box) const;
  void add(Point point);

  std::vector<Expr> derivatives_;
  Evaluator<Ball> value_;
  std::vector<Point> points_;
  std::string undecided_;
  double reach_ = Range::infinity;
  Budget& budget_;
};

}  // namespace nke::detail
