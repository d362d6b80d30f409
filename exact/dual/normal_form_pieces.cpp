// SPDX-License-Identifier: Apache-2.0
#include "normal_form_pieces.hpp"

#include <unordered_map>

#include "normal_form_read.hpp"

namespace nke::detail {
namespace {

constexpr std::size_t most_cuts = 200;

class Cutter {
 public:
  explicit Cutter(Signs& signs) : signs_(signs) {}

  SymbolicPieces cut(const Expr& e) {
    if (!depends_on(e, "x") || e.is(Expr::Kind::symbol)) return {{}, {e}};
    if (const auto found = done_.find(e); found != done_.end()) return found->second;
    SymbolicPieces result = e.is(Expr::Kind::piecewise) ? cut_branches(e) : cut_node(e);
    if (result.cuts.size() > most_cuts) throw LimitError("an activation of more than 200 pieces");
    done_.emplace(e, result);
    return result;
  }

 private:
  // The operands on common intervals, then the node on each.
  SymbolicPieces cut_node(const Expr& e) {
    std::vector<SymbolicPieces> parts;
    SymbolicPieces grid{{}, {Expr()}};
    for (const Expr& operand : e.operands()) {
      parts.push_back(cut(operand));
      grid = merged(grid, parts.back().cuts);
    }
    SymbolicPieces result;
    for (std::size_t i = 0; i < grid.values.size(); ++i) {
      std::vector<Expr> operands;
      for (const SymbolicPieces& part : parts) operands.push_back(at_interval(part, grid, i));
      append(result, grid, i, e, operands);
    }
    return result;
  }

  void append(SymbolicPieces& result, const SymbolicPieces& grid, std::size_t i, const Expr& e,
              const std::vector<Expr>& operands) {
    if (i > 0) result.cuts.push_back(grid.cuts[i - 1]);
    if (!e.is(Expr::Kind::function)) {
      result.values.push_back(rebuild(e, operands));
      return;
    }
    const bool two = e.is(Function::min) || e.is(Function::max);
    const bool one = e.is(Function::abs) || e.is(Function::sign) || e.is(Function::step);
    if (!one && !two) {
      result.values.push_back(rebuild(e, operands));
      return;
    }
    const Expr difference = two ? operands[0] - operands[1] : operands[0];
    const auto on = [&](int sign) -> Expr {
      switch (e.function()) {
        case Function::max: return sign > 0 ? operands[0] : operands[1];
        case Function::min: return sign > 0 ? operands[1] : operands[0];
        case Function::abs: return sign > 0 ? operands[0] : -operands[0];
        case Function::sign: return sign;
        default: return sign > 0 ? 1 : 0;
      }
    };
    if (sign_is_plain(difference)) {
      result.values.push_back(on(1));
      return;
    }
    const Interval interval = interval_of(grid, i);
    std::vector<Expr> roots = roots_inside(e, difference, interval);
    for (std::size_t k = 0; k <= roots.size(); ++k) {
      if (k > 0) result.cuts.push_back(roots[k - 1]);
      const Interval part{k > 0 ? &roots[k - 1] : interval.low, k < roots.size() ? &roots[k] : interval.high};
      result.values.push_back(on(sign_inside(difference, part)));
    }
  }

  // Condition after condition: where one holds its value counts, elsewhere the next is asked.
  SymbolicPieces cut_branches(const Expr& e) {
    SymbolicPieces result = cut(e.operands().back());
    for (std::size_t i = e.operands().size() - 1; i >= 2; i -= 2) {
      const Expr& condition = e.operand(i - 2);
      const SymbolicPieces holds = cut(step(condition.operand(1) - condition.operand(0)));
      const SymbolicPieces value = cut(e.operand(i - 1));
      SymbolicPieces grid = merged(merged(merged({{}, {Expr()}}, holds.cuts), value.cuts), result.cuts);
      for (std::size_t k = 0; k < grid.values.size(); ++k) {
        const bool taken = at_interval(holds, grid, k).is_one();
        grid.values[k] = at_interval(taken ? value : result, grid, k);
      }
      result = std::move(grid);
    }
    return result;
  }

  struct Interval {
    const Expr* low;  // null: unbounded
    const Expr* high;
  };

  static Interval interval_of(const SymbolicPieces& grid, std::size_t i) {
    return {i > 0 ? &grid.cuts[i - 1] : nullptr, i < grid.cuts.size() ? &grid.cuts[i] : nullptr};
  }

  SymbolicPieces merged(const SymbolicPieces& grid, const std::vector<Expr>& cuts) {
    SymbolicPieces result;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < grid.cuts.size() || j < cuts.size()) {
      if (i == grid.cuts.size()) {
        result.cuts.push_back(cuts[j++]);
      } else if (j == cuts.size()) {
        result.cuts.push_back(grid.cuts[i++]);
      } else {
        const int sign = signs_.of(tidy(grid.cuts[i] - cuts[j]));
        result.cuts.push_back(sign <= 0 ? grid.cuts[i] : cuts[j]);
        if (sign <= 0) ++i;
        if (sign >= 0) ++j;
      }
    }
    result.values.resize(result.cuts.size() + 1);
    return result;
  }

  // The value of `part` on interval i of a grid that contains its cuts.
  Expr at_interval(const SymbolicPieces& part, const SymbolicPieces& grid, std::size_t i) {
    std::size_t k = 0;
    if (i > 0) {
      while (k < part.cuts.size() && signs_.of(tidy(part.cuts[k] - grid.cuts[i - 1])) <= 0) ++k;
    }
    return part.values[k];
  }

  static bool sign_is_plain(const Expr& e) { return e.positive(); }

  std::vector<Expr> polynomial(const Expr& e, const Expr& argument) {
    std::vector<Expr> c;
    try {
      c = as_polynomial(read_terms(argument, signs_));
    } catch (const NoClosedForm&) {
    }
    if (c.empty() || c.size() > 3) {
      throw NoClosedForm(e, "switches where its argument has no root that could be written down");
    }
    return c;
  }

  std::vector<Expr> roots_inside(const Expr& e, const Expr& argument, const Interval& interval) {
    const std::vector<Expr> c = polynomial(e, argument);
    std::vector<Expr> roots;
    if (c.size() == 2) roots.push_back(tidy(-c[0] / c[1]));
    if (c.size() == 3) {
      const Expr discriminant = tidy(c[1] * c[1] - 4 * c[0] * c[2]);
      if (signs_.of(discriminant) > 0) {
        const Expr half = sqrt(discriminant) / 2;
        const int sign = signs_.of(c[2]);
        roots.push_back(tidy((-c[1] / 2 - Expr(sign) * half) / c[2]));
        roots.push_back(tidy((-c[1] / 2 + Expr(sign) * half) / c[2]));
      }
    }
    std::erase_if(roots, [&](const Expr& root) {
      return (interval.low != nullptr && signs_.of(tidy(root - *interval.low)) <= 0) ||
             (interval.high != nullptr && signs_.of(tidy(*interval.high - root)) <= 0);
    });
    return roots;
  }

  // The sign of a polynomial on an interval that has no root of it inside.
  int sign_inside(const Expr& argument, const Interval& interval) {
    std::vector<Expr> c = as_polynomial(read_terms(argument, signs_));
    Expr at;
    if (interval.low != nullptr && interval.high != nullptr) {
      at = (*interval.low + *interval.high) / 2;
    } else if (c.size() > 1) {
      // Towards infinity the leading coefficient decides.
      const bool left = interval.low == nullptr;
      return left && c.size() % 2 == 0 ? -signs_.of(c.back()) : signs_.of(c.back());
    }
    Expr value;
    for (std::size_t k = c.size(); k-- > 0;) value = value * at + c[k];
    return signs_.of(tidy(value));
  }

  Signs& signs_;
  std::unordered_map<Expr, SymbolicPieces> done_;
};

}  // namespace

SymbolicPieces cut_symbolically(const Expr& sigma, Signs& signs) {
  return Cutter(signs).cut(sigma);
}

}  // namespace nke::detail
