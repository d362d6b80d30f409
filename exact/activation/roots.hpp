// SPDX-License-Identifier: Apache-2.0
// Where is g(x) = 0 on an open interval? All roots, each proven to be one, or a statement of what is open.
//
// Method      simpler_equations, then for each: exact roots of polynomials; otherwise boxes in which the range of g,
//             or of its derivative, excludes 0, bisecting down; a root that touches without crossing is found if it is
//             a fraction (its order by exact derivatives). Beyond some R no root is left because the range of g, or
//             the signs of its derivatives at R with the range of the last, say so.
#pragma once

#include <string>
#include <vector>

#include <nke/exact/activation/range.hpp>
#include <nke/exact/expr/expr.hpp>

#include "point.hpp"

namespace nke::detail {

struct RootSet {
  std::vector<Point> points;       ///< in increasing order, strictly inside the interval
  bool everywhere = false;         ///< g vanishes identically
  std::string undecided;           ///< empty if the list is proven complete
  double reach = Range::infinity;  ///< complete for |x| ≤ reach, up to points that are not certain
};

/// The work that all searches for one activation may spend together: some 10 ms of boxes, and as many roots as anybody
/// will integrate between. What asks for more has roots without end, such as sin(1/x).
struct Budget {
  int boxes = 4000;
  int roots = 300;
};

/// The roots of g, an expression without switches that is analytic inside the interval.
RootSet find_roots(const Expr& g, const Interval& interval, Budget& budget);

/// The constant sign of g, which has no root inside: −1 or 1; 0 if it cannot be told.
int sign_inside(const Expr& g, const Interval& interval);

}  // namespace nke::detail
