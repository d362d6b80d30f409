// SPDX-License-Identifier: Apache-2.0
// What happens where two analytic expressions meet: the same function, a jump, a kink of some order, a singularity?
#pragma once

#include <nke/exact/expr/expr.hpp>

#include "point.hpp"

namespace nke::detail {

struct Meeting {
  enum class Kind {
    analytic,  ///< both sides are one function, analytic at the point
    switched,  ///< both sides are analytic at the point, and differ there in derivative number `order`
    singular   ///< one side, or both, cannot be continued analytically through the point
  };
  Kind kind = Kind::analytic;
  int order = 0;
  bool order_proven = true;
  bool bounded = false;    ///< singular only: both sides are known to stay bounded
  bool removable = false;  ///< singular only: both sides are one function with a finite limit that continues it
};

/// `left` holds to the left of the point and `right` to its right; neither contains switches.
Meeting meet(const Expr& left, const Expr& right, const Point& point);

}  // namespace nke::detail
