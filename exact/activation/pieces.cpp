// SPDX-License-Identifier: Apache-2.0
#include "pieces.hpp"

#include <algorithm>
#include <span>
#include <unordered_map>
#include <utility>

#include <nke/exact/expr/print.hpp>
#include <nke/exact/real/error.hpp>

#include "roots.hpp"
#include "switches.hpp"

namespace nke::detail {
namespace {

constexpr std::size_t cut_limit = 2000;

// The operands of a node on one interval.
struct Cell {
  Interval interval;
  std::vector<Expr> operands;
};

bool is_arithmetic(const Expr& e) {
  return e.is(Expr::Kind::sum) || e.is(Expr::Kind::product);
}

class Cutting {
 public:
  PiecewiseForm run(const Expr& sigma) {
    PiecewiseForm form;
    form.pieces = cut(sigma, Interval{}, memo_);
    form.undecided = std::move(undecided_);
    form.reach = reach_;
    return form;
  }

 private:
  // A shared subexpression is cut once for each interval it is asked on.
  using Memo = std::unordered_map<Expr, Pieces>;

  Pieces cut(const Expr& e, const Interval& interval, Memo& memo) {
    if (e.operands().empty()) return single(e);
    if (const auto known = memo.find(e); known != memo.end()) return known->second;
    Pieces pieces = e.is(Expr::Kind::piecewise) ? cut_choice(e, interval) : cut_operation(e, interval, memo);
    if (pieces.cuts.size() > cut_limit) throw LimitError("more than " + std::to_string(cut_limit) + " breakpoints");
    memo.emplace(e, pieces);
    return pieces;
  }

  Pieces cut_operation(const Expr& e, const Interval& interval, Memo& memo) {
    std::vector<Pieces> operands;
    for (const Expr& operand : e.operands()) operands.push_back(cut(operand, interval, memo));
    Pieces result;
    for (const Cell& cell : merge(operands, interval)) append(result, cell.interval, resolve(e, cell));
    return result;
  }

  // Appends the pieces of a neighbouring interval on the right, whose left end becomes a cut.
  static void append(Pieces& result, const Interval& interval, Pieces&& more) {
    if (!result.values.empty()) result.cuts.push_back(*interval.left);
    std::move(more.cuts.begin(), more.cuts.end(), std::back_inserter(result.cuts));
    std::move(more.values.begin(), more.values.end(), std::back_inserter(result.values));
  }

  std::vector<Cell> merge(const std::vector<Pieces>& operands, const Interval& interval) {
    std::vector<Point> cuts;
    for (const Pieces& operand : operands) {
      for (const Point& point : operand.cuts) insert(cuts, point);
    }
    std::vector<Cell> cells(cuts.size() + 1);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      cells[i].interval.left = i == 0 ? interval.left : std::optional(cuts[i - 1]);
      cells[i].interval.right = i == cuts.size() ? interval.right : std::optional(cuts[i]);
    }
    for (const Pieces& operand : operands) {
      std::size_t piece = 0;
      for (Cell& cell : cells) {
        // Cuts of this operand at or left of the cell have been passed.
        while (piece < operand.cuts.size() && cell.interval.left &&
               compare(operand.cuts[piece], *cell.interval.left) != Order::greater) {
          ++piece;
        }
        cell.operands.push_back(operand.values[piece]);
      }
    }
    return cells;
  }

  void insert(std::vector<Point>& cuts, const Point& point) {
    for (auto it = cuts.begin(); it != cuts.end(); ++it) {
      switch (compare(point, *it)) {
        case Order::greater: continue;
        case Order::less: cuts.insert(it, point); return;
        case Order::same: return;
        case Order::unknown:
          leave_open("whether two switching points near x = " + point.location.to_decimal(6) +
                     " coincide could not be decided");
          it->location = hull(it->location, point.location);
          it->certain = false;
          return;
      }
    }
    cuts.push_back(point);
  }

  void leave_open(const std::string& reason) {
    if (undecided_.empty()) undecided_ = reason;
  }

  // The intervals between the roots of g, each with the sign of g; 0 where g vanishes identically.
  struct Signed {
    Interval interval;
    int sign;
  };
  std::vector<Signed> signs(const Expr& g, const Interval& interval) {
    const RootSet roots = find_roots(g, interval, budget_);
    if (roots.everywhere) return {{interval, 0}};
    if (!roots.undecided.empty()) leave_open(roots.undecided);
    reach_ = std::min(reach_, roots.reach);
    std::vector<Signed> result;
    for (std::size_t i = 0; i <= roots.points.size(); ++i) {
      const Interval part{i == 0 ? interval.left : std::optional(roots.points[i - 1]),
                          i == roots.points.size() ? interval.right : std::optional(roots.points[i])};
      const int sign = sign_inside(g, part);
      if (sign == 0) {
        leave_open("the sign of " + to_text(g) + " for " + to_text(part) + " could not be decided");
        reach_ = 0;
      }
      result.push_back({part, sign == 0 ? 1 : sign});
    }
    return result;
  }

  template <class Choose>
  Pieces split(const Expr& g, const Interval& interval, const Choose& choose) {
    Pieces result;
    for (const Signed& part : signs(g, interval)) append(result, part.interval, choose(part.sign, part.interval));
    return result;
  }

  static Pieces single(const Expr& e) { return {.cuts = {}, .values = {e}}; }

  [[noreturn]] static void refuse(const Expr& e, const Interval& where, const std::string& why) {
    throw DomainError(to_text(e) + " is not defined for " + to_text(where) + " (" + why +
                      "); an activation must be real for almost every real x");
  }

  // e on a cell on which its operands are analytic expressions.
  Pieces resolve(const Expr& e, const Cell& cell) {
    Expr value;
    try {
      value = rebuild(e, cell.operands);
    } catch (const DomainError& error) {
      refuse(e, cell.interval, error.what());
    }
    // The builder may have found another form, such as abs(u) for sqrt(u^2), with a switch of its own.
    const bool as_asked = value.kind() == e.kind() && std::ranges::equal(value.operands(), cell.operands);
    if (!as_asked && has_switch_or_domain(value) && (!is_arithmetic(e) || has_switch(value))) {
      Memo fresh;
      return cut(value, cell.interval, fresh);
    }
    if (value.is(Expr::Kind::power)) return resolve_power(value, cell.interval);
    if (value.is(Expr::Kind::function)) return resolve_function(value, cell.interval);
    return single(value);
  }

  Pieces resolve_power(const Expr& e, const Interval& interval) {
    const Expr& base = e.operand(0);
    const Expr& exponent = e.operand(1);
    const bool number = exponent.is_number();
    if (number && exponent.number().is_integer() && exponent.number().sign() > 0) return single(e);
    if (base.is_number() && base.number().sign() > 0) return single(e);
    const bool integer = number && exponent.number().is_integer();
    return split(base, interval, [&](int sign, const Interval& part) {
      if (sign == 0 && (!number || exponent.number().sign() < 0)) refuse(e, part, "the base is 0");
      if (sign < 0 && !integer) refuse(e, part, "the base is negative");
      return single(e);
    });
  }

  // A switch whose two values agree where g = 0: a g that never changes its sign need not be searched for roots.
  Pieces continuous_split(const Expr& g, const Expr& negative, const Expr& positive, const Interval& interval) {
    const Range values = range_of(g, "x", {interval.lower(), interval.upper()});
    if (values.low >= 0) return single(positive);
    if (values.high <= 0) return single(negative);
    return split(g, interval, [&](int sign, const Interval&) { return single(sign < 0 ? negative : positive); });
  }

  Pieces resolve_function(const Expr& e, const Interval& interval) {
    const Expr& u = e.operand(0);
    const auto choose = [&](const Expr& negative, const Expr& zero, const Expr& positive) {
      return split(u, interval, [&](int sign, const Interval&) {
        return single(sign < 0 ? negative : sign == 0 ? zero : positive);
      });
    };
    switch (e.function()) {
      case Function::abs: return continuous_split(u, -u, u, interval);
      case Function::sign: return choose(Expr(-1), Expr(0), Expr(1));
      case Function::step: return choose(Expr(0), Expr(Rational(1, 2)), Expr(1));
      case Function::max:
      case Function::min: {
        const Expr& v = e.operand(1);
        const bool is_max = e.is(Function::max);
        return continuous_split(u - v, is_max ? v : u, is_max ? u : v, interval);
      }
      case Function::log:
        return split(u, interval, [&](int sign, const Interval& part) {
          if (sign <= 0) refuse(e, part, sign < 0 ? "the argument is negative" : "the argument is 0");
          return single(e);
        });
      case Function::asin:
      case Function::acos:
        return split(Expr(1) - pow(u, Expr(2)), interval, [&](int sign, const Interval& part) {
          if (sign < 0) refuse(e, part, "the argument is outside [-1, 1]");
          return single(e);
        });
      case Function::tan:
        // The poles are cuts; tan itself is the same on both sides.
        return split(cos(u), interval, [&](int, const Interval&) { return single(e); });
      case Function::atan2: return resolve_angle(e, interval);
      default: return single(e);
    }
  }

  // atan2(y, x) by the half plane the point lies in: each form is analytic there, unlike atan2 across y = 0 > x.
  Pieces resolve_angle(const Expr& e, const Interval& interval) {
    const Expr y = e.operand(0);
    const Expr x = e.operand(1);
    return split(x, interval, [&](int sign_x, const Interval& part) {
      if (sign_x > 0) return single(atan(y / x));
      return split(y, part, [&](int sign_y, const Interval& inner) {
        if (sign_y == 0 && sign_x == 0) refuse(e, inner, "both arguments are 0");
        if (sign_y == 0) return single(pi());
        return single(Expr(Rational(sign_y, 2)) * pi() - atan(x / y));
      });
    });
  }

  Pieces cut_choice(const Expr& e, const Interval& interval) { return cut_branches(e.operands(), interval); }

  // condition, value, condition, value, …, otherwise.
  Pieces cut_branches(std::span<const Expr> operands, const Interval& interval) {
    Memo memo;
    if (operands.size() == 1) return cut(operands[0], interval, memo);
    const Expr& condition = operands[0];
    const std::vector<Pieces> sides{cut(condition.operand(0), interval, memo),
                                    cut(condition.operand(1), interval, memo)};
    Pieces result;
    for (const Cell& cell : merge(sides, interval)) {
      for (const Signed& part : signs(cell.operands[0] - cell.operands[1], cell.interval)) {
        const bool holds = part.sign < 0 || (part.sign == 0 && !condition.strict());
        Memo inner;
        append(result, part.interval,
               holds ? cut(operands[1], part.interval, inner) : cut_branches(operands.subspan(2), part.interval));
      }
    }
    return result;
  }

  Memo memo_;
  Budget budget_;
  std::string undecided_;
  double reach_ = Range::infinity;
};

}  // namespace

PiecewiseForm cut_into_pieces(const Expr& sigma) {
  return Cutting().run(sigma);
}

}  // namespace nke::detail
