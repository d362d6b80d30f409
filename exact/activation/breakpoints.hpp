// SPDX-License-Identifier: Apache-2.0
// Where does σ stop being analytic, and in what way? Every such point of the real line, proven.
//
// Definition  a breakpoint is a point at which σ, as a function of a real variable, may fail to be analytic: between
//             two neighbouring breakpoints σ equals one expression without switches (abs, sign, step, min, max,
//             piecewise).
// Method      switches are resolved from the inside out: the sign of a switching function (the f − g of max(f, g)) is
//             decided on each interval by exact roots (affine functions, polynomials, compositions that undo to these)
//             or by certified bisection with the sign of the derivative for uniqueness, to both infinities; then the
//             two expressions that meet at a root are compared derivative by derivative, and the root is dropped if
//             they agree.
// Degenerate  a switch that never acts (max(x, −x) at its own root does; max(abs(x), −1) does not) leaves no
//             breakpoint; a removable singularity, such as 0 for sin(x)/x, is kept as `singular` and marked
//             `removable`, so that integration grids stay off it although σ itself is smooth there.
// Undecided   not everything can be decided: infinitely many kinks, roots that touch without crossing at no exact
//             point. Then proven is false, reason says what was left open, and the list is complete for |x| ≤ reach
//             only.
// Cost        10 µs … a few ms; nothing is evaluated in floating point without an enclosure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nke/exact/expr/expr.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke {

struct Breakpoint {
  enum class Kind {
    kink,  ///< σ is continuous, its derivative number `smoothness` (≥ 1) jumps; all one-sided derivatives are finite
    jump,  ///< σ has different finite limits from the two sides
    singular  ///< not covered by the two above: a pole, a vertical tangent, a quotient 0/0
  };

  Ball location;
  std::optional<Rational> exact;
  Kind kind = Kind::kink;
  /// The order of the first discontinuous derivative: 0 for a jump, 1 for relu at 0, 2 for relu². For singular points
  /// 0 where σ is unbounded or unknown, 1 where it is known to be bounded.
  int smoothness = 1;
  /// Whether smoothness is proven; if not, the lower derivatives agree to 60 digits, without proof that they are equal.
  bool smoothness_proven = true;
  /// A singular point at which σ has a finite limit and continues analytically: 0 for sin(x)/x.
  bool removable = false;

  /// The double nearest to the location.
  double at() const;
};

/// "kink at 1/2 (derivative 1 jumps)".
std::string to_text(const Breakpoint& point);

struct Breakpoints {
  std::vector<Breakpoint> points;  ///< from left to right
  /// One expression in x without switches for each interval between breakpoints, from left to right: points.size() + 1
  /// of them, or none at all if the points are not proven.
  std::vector<Expr> pieces;
  bool proven = true;
  std::string reason;  ///< what could not be decided; empty if proven
  double reach = 0;    ///< the list is complete for |x| ≤ reach; infinity if proven
};

/// All breakpoints of σ, an expression in x alone. DomainError if σ is not real, or not defined, on an interval.
Breakpoints find_breakpoints(const Expr& sigma);

}  // namespace nke
