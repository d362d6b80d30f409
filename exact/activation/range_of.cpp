// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <nke/exact/activation/range.hpp>
#include <nke/exact/expr/expr.hpp>
#include <nke/exact/expr/function_table.hpp>

namespace nke {
namespace {

constexpr double infinity = Range::infinity;
constexpr Range unit{-1, 1};
// The doubles just above π/2 and π.
constexpr double half_turn_above = 3.1415926535897936;
constexpr double quarter_turn_above = 1.5707963267948968;

// A function that is monotone on its domain [left, right], and a bound of its values towards each end of it. Beyond
// ±far its value is not computed: monotony and the bound enclose it well enough.
struct Monotone {
  Function function;
  double left;
  double right;
  double bound_left;
  double bound_right;
  double far;
};

constexpr Monotone monotone_functions[] = {
    {Function::exp, -infinity, infinity, 0, infinity, 800},
    {Function::log, 0, infinity, -infinity, infinity, infinity},
    {Function::asin, -1, 1, -quarter_turn_above, quarter_turn_above, infinity},
    {Function::acos, -1, 1, half_turn_above, 0, infinity},
    {Function::atan, -infinity, infinity, -quarter_turn_above, quarter_turn_above, infinity},
    {Function::sinh, -infinity, infinity, -infinity, infinity, 800},
    {Function::tanh, -infinity, infinity, -1, 1, 800},
    {Function::erf, -infinity, infinity, -1, 1, 100},
    {Function::erfc, -infinity, infinity, 2, 0, 100},
    {Function::Phi, -infinity, infinity, 0, 1, 100},
    {Function::sigmoid, -infinity, infinity, 0, 1, 800},
    {Function::softplus, -infinity, infinity, 0, infinity, 1e300},
};

Range value_at(Function function, double x) {
  const Ball argument = Ball::from_double_exactly(x, Precision::bits(64));
  const Ball value = function_row(function).over_ball.value(std::span(&argument, 1));
  return value.is_finite() ? Range::enclosing(value) : Range::everything();
}

// The values between those at the two ends, one of which may stand for a limit.
Range monotone_range(const Monotone& f, const Range& u) {
  if (u.high < f.left || u.low > f.right) return Range::everything();  // nowhere defined
  const bool increasing = f.bound_left < f.bound_right;
  const double bottom = increasing ? f.bound_left : f.bound_right;
  const double top = increasing ? f.bound_right : f.bound_left;
  const auto at_end = [&](double x, bool is_low_end) -> Range {
    x = std::clamp(x, std::max(f.left, -f.far), std::min(f.right, f.far));
    if (std::isinf(x) || (f.function == Function::log && x == 0)) {
      const double bound = is_low_end ? f.bound_left : f.bound_right;
      return {bound, bound};
    }
    return value_at(f.function, x);
  };
  const Range from_low = at_end(u.low, true);
  const Range from_high = at_end(u.high, false);
  // A clamped end vouches for one side only: on the other the bound takes over.
  Range result = increasing ? Range{from_low.low, from_high.high} : Range{from_high.low, from_low.high};
  if (u.low < -f.far) (increasing ? result.low : result.high) = f.bound_left;
  if (u.high > f.far) (increasing ? result.high : result.low) = f.bound_right;
  return {std::clamp(result.low, bottom, top), std::clamp(result.high, bottom, top)};
}

Range wave_range(Function function, const Range& u) {
  constexpr double surely_a_period = 7;
  if (!u.is_bounded() || u.high - u.low > surely_a_period || u.magnitude() > 1e15) return unit;
  const Ball argument = Ball::from_interval(u.low, u.high, Precision::bits(64));
  const Ball value = function == Function::sin ? sin(argument) : cos(argument);
  return {std::max(-1.0, value.lower()), std::min(1.0, value.upper())};
}

Range tangent_range(const Range& u) {
  if (!u.is_bounded() || u.high - u.low > 3 || wave_range(Function::cos, u).contains_zero()) return Range::everything();
  return {value_at(Function::tan, u.low).low, value_at(Function::tan, u.high).high};
}

Range arc_range(const Range& y, const Range& x) {  // atan2
  Range result{-half_turn_above, half_turn_above};
  if (y.low >= 0) result.low = 0;
  if (y.high <= 0 && x.low > 0) result.high = 0;
  if (x.low > 0) result = {std::max(result.low, -quarter_turn_above), std::min(result.high, quarter_turn_above)};
  return result;
}

Range function_range(Function function, std::span<const Range> u) {
  for (const Monotone& f : monotone_functions) {
    if (f.function == function) return monotone_range(f, u[0]);
  }
  switch (function) {
    case Function::sin:
    case Function::cos: return wave_range(function, u[0]);
    case Function::tan: return tangent_range(u[0]);
    case Function::cosh: {
      const Range size = abs(u[0]);
      constexpr double far = 800;
      return {value_at(function, std::min(size.low, far)).low,
              size.high > far ? infinity : value_at(function, size.high).high};
    }
    case Function::phi: {
      const Range size = abs(u[0]);
      constexpr double far = 60;
      return {size.high > far ? 0 : std::max(0.0, value_at(function, size.high).low),
              value_at(function, std::min(size.low, far)).high};
    }
    case Function::abs: return abs(u[0]);
    case Function::sign:
      return {u[0].low > 0 ? 1.0 : u[0].low == 0 ? 0.0 : -1.0, u[0].high < 0 ? -1.0 : u[0].high == 0 ? 0.0 : 1.0};
    case Function::step:
      return {u[0].low > 0 ? 1.0 : u[0].low == 0 ? 0.5 : 0.0, u[0].high < 0 ? 0.0 : u[0].high == 0 ? 0.5 : 1.0};
    case Function::atan2: return arc_range(u[0], u[1]);
    case Function::min: return min(u[0], u[1]);
    case Function::max: return max(u[0], u[1]);
    case Function::Phi2: return {0, 1};
    default: return Range::everything();
  }
}

class RangeWalk {
 public:
  RangeWalk(std::string_view variable, const Range& x) : variable_(variable), x_(x) {}

  Range operator()(const Expr& e) {
    if (e.operands().empty()) return leaf(e);
    const auto known = memo_.find(e);
    if (known != memo_.end()) return known->second;
    Range result = compute(e);
    if (e.nonnegative()) result.low = std::max(result.low, 0.0);
    if (result.high < result.low) result = Range::everything();  // nowhere defined
    memo_.emplace(e, result);
    return result;
  }

 private:
  Range leaf(const Expr& e) const {
    switch (e.kind()) {
      case Expr::Kind::number: return Range::enclosing(e.number());
      case Expr::Kind::constant:
        return Range::enclosing(e.constant() == Constant::pi ? pi<Ball>(Precision::bits(64))
                                                             : euler<Ball>(Precision::bits(64)));
      default: return e.is(Expr::Kind::symbol) && e.name() == variable_ ? x_ : Range::everything();
    }
  }

  Range compute(const Expr& e) {
    switch (e.kind()) {
      case Expr::Kind::sum: {
        Range total{0, 0};
        for (const Expr& term : e.operands()) total = total + (*this)(term);
        return total;
      }
      case Expr::Kind::product: {
        Range total{1, 1};
        for (const Expr& factor : e.operands()) total = total * (*this)(factor);
        return total;
      }
      case Expr::Kind::power: return power(e);
      case Expr::Kind::piecewise: return choice(e);
      case Expr::Kind::function: {
        Range arguments[2];
        for (std::size_t i = 0; i < e.operands().size(); ++i) arguments[i] = (*this)(e.operand(i));
        return function_range(e.function(), std::span(arguments, e.operands().size()));
      }
      default: return Range::everything();
    }
  }

  Range power(const Expr& e) {
    const Range base = (*this)(e.operand(0));
    if (e.operand(1).is_number()) return pow(base, e.operand(1).number());
    const Range logarithm = function_range(Function::log, std::span(&base, 1));
    const Range exponent = (*this)(e.operand(1)) * logarithm;
    return function_range(Function::exp, std::span(&exponent, 1));
  }

  Range choice(const Expr& e) {
    const auto operands = e.operands();
    Range result;
    bool any = false;
    const auto include = [&](const Expr& value) {
      const Range values = (*this)(value);
      result = any ? hull(result, values) : values;
      any = true;
    };
    for (std::size_t i = 0; i + 1 < operands.size(); i += 2) {
      const Expr& condition = operands[i];
      const Range difference = (*this)(condition.operand(0)) - (*this)(condition.operand(1));
      const bool never = condition.strict() ? difference.low >= 0 : difference.low > 0;
      const bool always = condition.strict() ? difference.high < 0 : difference.high <= 0;
      if (never) continue;
      include(operands[i + 1]);
      if (always) return result;
    }
    include(operands.back());
    return result;
  }

  std::string_view variable_;
  Range x_;
  std::unordered_map<Expr, Range> memo_;
};

}  // namespace

Range range_of(const Expr& e, std::string_view variable, const Range& x) {
  return RangeWalk(variable, x)(e);
}

}  // namespace nke
