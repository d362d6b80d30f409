// SPDX-License-Identifier: Apache-2.0
// What is known of each primitive? One row each; parser, printers, evaluators and analyses read it and know nothing
// else.
//
// Definition  a row is made from one struct in function_table.cpp; leaving out one of its members does not compile. To
//             add a primitive: an enumerator in expr.hpp, a struct and its place in the table (docs/expressions.md).
// Conventions derivatives are those almost everywhere: abs' = sign, sign' = step' = 0, max' and min' take
//             the mean of both sides where the arguments meet.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <nke/exact/expr/expr.hpp>

namespace nke {

class Mpfr;
class Ball;
class ComplexBall;

enum class FunctionParity : std::uint8_t { none, even, odd };

/// The real arguments at which a primitive is defined.
enum class RealDomain : std::uint8_t {
  everywhere,
  positive,           ///< log: u > 0
  unit_interval,      ///< asin, acos: -1 <= u <= 1
  off_poles,          ///< tan
  off_negative_axis,  ///< atan2(y, x): not y = 0 and x <= 0 at once
  upper_half_plane,   ///< of the last two arguments, as in Phi2(h, k, x, y): y >= 0, and not x = y = 0
};

/// Where a primitive stops being analytic inside its real domain, and which derivative jumps there.
struct Switch {
  enum class Place : std::uint8_t {
    nowhere,
    argument_zero,    ///< abs, sign, step: where the argument is 0
    arguments_equal,  ///< min, max: where the two arguments are equal
  };
  Place place = Place::nowhere;
  int smoothness = 0;  ///< 0: the value itself jumps (sign, step); 1: a kink (abs, min, max)
};

/// What the continuation to complex arguments looks like.
enum class Holomorphy : std::uint8_t {
  entire,
  poles,     ///< single-valued, with poles: tan, tanh, sigmoid
  branches,  ///< branch cuts: log, atan, softplus
  switches,  ///< one entire function on each side of a line: abs, sign, step, min, max
};

/// Values and Taylor series over one kind of number.
template <class T>
struct FunctionEvaluation {
  T (*value)(std::span<const T> arguments);
  /// From the coefficients c_0 … c_n of each argument to those of the function; see jet.hpp.
  std::vector<T> (*series)(std::span<const std::vector<T>> arguments);
};

/// Languages that expressions are printed in as code (print.hpp). jax: jax.numpy under the name np.
enum class Language : std::uint8_t { cpp, numpy, jax };

/// How a primitive is called in generated code, and what has to stand before where the language lacks it.
struct CodeSpelling {
  std::string_view call;
  std::string_view definition = {};              ///< complete lines, or empty
  std::optional<Function> after = std::nullopt;  ///< a primitive that the definition itself calls
};

/// By Language.
using CodeSpellings = std::array<CodeSpelling, 3>;

struct FunctionRow {
  Function function;
  std::string_view name;
  int arity;
  std::string_view latex;  ///< "\tanh"; the printer sets the arguments in parentheses, except for "|" bars
  FunctionParity parity;
  RealDomain domain;
  Switch where_it_switches;
  Holomorphy holomorphy;
  bool nonnegative;  ///< >= 0 for all arguments
  bool positive;     ///< > 0 for all arguments
  bool symmetric;    ///< the first two arguments may be swapped
  CodeSpellings code;
  /// The derivative with respect to argument number i.
  Expr (*derivative)(std::span<const Expr> arguments, std::size_t i);
  /// The value where it is known exactly, such as exp(0) = 1; nothing otherwise. DomainError for log(0).
  std::optional<Expr> (*exact_value)(std::span<const Expr> arguments);

  FunctionEvaluation<double> over_double;
  FunctionEvaluation<Mpfr> over_mpfr;
  FunctionEvaluation<Ball> over_ball;
  /// With `analytic`, non-finite unless the function is holomorphic on the whole box.
  ComplexBall (*over_complex_ball)(std::span<const ComplexBall> arguments, bool analytic);
};

const FunctionRow& function_row(Function function);
/// All rows, in the order of the enumerators.
std::span<const FunctionRow> function_table();
/// The row with this name, or null.
const FunctionRow* find_function(std::string_view name);

}  // namespace nke
