// SPDX-License-Identifier: Apache-2.0
// σ cut into intervals on each of which it is one analytic expression without switches.
//
// Method      from the leaves up. Operands are cut first and their cuts merged; on each interval a switch is then a
//             question about one analytic function: its roots are new cuts, its sign between them chooses the branch.
//             So a switch matters only where it is reached, and an inner switch is resolved before an outer one asks
//             about its value. A branch of piecewise is looked at only where its condition holds. Bases of negative
//             and fractional powers, arguments of log, asin, acos and tan cut where they leave their domain.
#pragma once

#include <string>
#include <vector>

#include <nke/exact/activation/range.hpp>
#include <nke/exact/expr/expr.hpp>

#include "point.hpp"

namespace nke::detail {

struct Pieces {
  std::vector<Point> cuts;   ///< in increasing order
  std::vector<Expr> values;  ///< one more than cuts
};

struct PiecewiseForm {
  Pieces pieces;
  std::string undecided;           ///< empty if proven
  double reach = Range::infinity;  ///< the cuts are complete for |x| ≤ reach
};

/// DomainError where σ is not real or not defined on an interval.
PiecewiseForm cut_into_pieces(const Expr& sigma);

}  // namespace nke::detail
