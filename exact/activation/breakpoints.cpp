// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <utility>

#include <nke/exact/activation/breakpoints.hpp>
#include <nke/exact/activation/range.hpp>
#include <nke/exact/expr/expr.hpp>

#include "meeting.hpp"
#include "pieces.hpp"

namespace nke {
namespace {

using detail::Meeting;
using detail::Point;

std::optional<Breakpoint> classify(const Expr& left, const Expr& right, const Point& point) {
  Breakpoint result{.location = point.location, .exact = point.exact};
  if (!point.certain) {
    // A box in which a root may lie: whatever happens there is not proven, and not excluded.
    result.smoothness_proven = false;
    return left == right ? std::nullopt : std::optional(result);
  }
  const Meeting meeting = detail::meet(left, right, point);
  if (meeting.kind == Meeting::Kind::analytic) return std::nullopt;
  result.smoothness = meeting.order;
  result.smoothness_proven = meeting.order_proven;
  if (meeting.kind == Meeting::Kind::singular) {
    result.kind = Breakpoint::Kind::singular;
    result.smoothness = meeting.bounded ? 1 : 0;
    result.removable = meeting.removable;
  } else {
    result.kind = meeting.order == 0 ? Breakpoint::Kind::jump : Breakpoint::Kind::kink;
  }
  return result;
}

}  // namespace

double Breakpoint::at() const {
  return exact ? exact->to_double() : location.mid();
}

std::string to_text(const Breakpoint& point) {
  const std::string where = point.exact ? point.exact->to_string() : point.location.to_decimal(17);
  switch (point.kind) {
    case Breakpoint::Kind::jump: return "jump at " + where;
    case Breakpoint::Kind::kink:
      return "kink at " + where + " (derivative " + std::to_string(point.smoothness) + " jumps)";
    case Breakpoint::Kind::singular: break;
  }
  return (point.removable ? "removable singularity at " : "singularity at ") + where;
}

Breakpoints find_breakpoints(const Expr& sigma) {
  detail::PiecewiseForm form = detail::cut_into_pieces(sigma);
  Breakpoints result;
  result.proven = form.undecided.empty();
  result.reason = std::move(form.undecided);
  result.reach = result.proven ? Range::infinity : form.reach;
  const auto& [cuts, values] = form.pieces;
  result.pieces.push_back(values.front());
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    if (auto point = classify(result.pieces.back(), values[i + 1], cuts[i])) {
      result.points.push_back(std::move(*point));
      result.pieces.push_back(values[i + 1]);
    }
  }
  if (!result.proven) result.pieces.clear();
  return result;
}

}  // namespace nke
