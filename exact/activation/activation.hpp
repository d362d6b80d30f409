// SPDX-License-Identifier: Apache-2.0
// An activation σ: R → R, named or written by the user, and what is proven of it.
//
// Definition  an expression in x, its parameters, its breakpoints, its growth bound, its parity. A named activation is
//             an expression too (named.hpp): there is no code for any particular σ.
// Text        activation("gelu")                a name from the registry, or one of its aliases;
//             activation("leaky_relu(0.2)")     parameters in order, or by name: "elu(alpha=3/2)"; exact, never a
//             double; activation("x*tanh(softplus(x))") anything else is an expression in x, with the parser's limits.
//             "tanh" is the named one and "tanh(x)" an expression equal to it. name(…) is a call of the registry when
//             no argument contains x: "softplus(2)" sets beta = 2, "softplus(2*x)" is an expression. Within an expression a
//             name that is no function of the language is one: "gelu(2*x - 1)", "x + elu(x, 1/3)", parameters following
//             the argument; "gelu(x)" alone is the named one.
// Domain      σ must be real and defined for almost every real x: "log(x)" is refused with the place named; a single
//             point, such as 0 for sin(x)/x, may be missing.
// Degenerate  a constant is an activation. Parameters are kept exactly and substituted at once.
// Cost        tens of µs to a few ms to make (breakpoints are found at once, since they decide whether σ is defined);
//             growth, parity, derivative and program are worked out when first asked for. Copies share everything.
// Threads     all const functions may be called concurrently.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nke/exact/activation/breakpoints.hpp>
#include <nke/exact/activation/growth.hpp>
#include <nke/exact/expr/expr.hpp>

namespace nke {

class Program;
struct NamedActivation;

/// A parameter and its exact value, a constant expression such as 1/100 or sqrt(2).
struct Parameter {
  std::string name;
  Expr value;
};

enum class Smoothness {
  entire,              ///< continues to all complex numbers: polynomials, exp, sin, erf and what is composed of them
  analytic,            ///< analytic at every real x, singularities may lie off the axis: tanh, softplus
  piecewise_analytic,  ///< finitely many breakpoints, all known
  undecided            ///< the breakpoints are not proven
};

enum class Parity { even, odd, none };

std::string_view to_text(Smoothness smoothness);
std::string_view to_text(Parity parity);

class Activation {
 public:
  /// σ from an expression in x alone; `name` is a label for tables and figures. DomainError if σ is not real and
  /// defined almost everywhere, or if a symbol other than x occurs.
  explicit Activation(const Expr& expression, std::string name = "");

  const std::string& name() const;
  const Expr& expression() const;
  /// The parameters of a named activation with the values used; empty for expressions.
  std::span<const Parameter> parameters() const;
  /// The row of the registry this came from, or null.
  const NamedActivation* named() const;

  const std::vector<Breakpoint>& breakpoints() const;
  bool breakpoints_proven() const;
  /// Everything known of the breakpoints: pieces, reach, and the reason if they are not proven.
  const Breakpoints& breakpoint_analysis() const;
  const std::optional<GrowthBound>& growth() const;
  /// Why there is no growth bound; empty if there is one.
  const std::string& growth_reason() const;
  Smoothness smoothness() const;
  /// Even or odd if proven, otherwise none.
  Parity parity() const;
  /// p if σ(t x) = t^p σ(x) for all t > 0 and almost every x is proven: 1 for relu, 0 for sign. σ = 0: 0.
  const std::optional<Rational>& homogeneity() const;

  /// The almost-everywhere derivative σ'. Jumps leave no trace in it. DomainError in the rare case that the rules of
  /// calculus leave the domain (1/sqrt(max(x, 0)) left of 0) and a breakpoint is not a fraction.
  Activation derivative() const;

  /// σ compiled for blocks of doubles, once for all copies.
  const Program& program() const;
  double operator()(double x) const;
  /// y_i = σ(x_i); the spans have equal length and may be the same memory.
  void operator()(std::span<const double> x, std::span<double> y) const;

  /// The same function in the sense that the expressions are equal; names do not count.
  friend bool operator==(const Activation& a, const Activation& b);

 private:
  friend Activation activation(std::string_view text);
  struct State;
  explicit Activation(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

/// The activation a text stands for (see the top of this page). ParseError for text that is neither a name nor an
/// expression, DomainError for unknown names (with the nearest known one), wrong parameters, and a σ that is not
/// defined.
Activation activation(std::string_view text);

/// The same reading for formulas: the expression in x, in which parameters and any other names may stay symbols:
/// "leaky_relu(alpha)", "erf(p*x + q)". Nothing is proven of it. ParseError, DomainError.
Expr activation_formula(std::string_view text);

}  // namespace nke
