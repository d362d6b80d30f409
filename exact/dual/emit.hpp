// SPDX-License-Identifier: Apache-2.0
// A derived dual as others can use it: for a reader, in a paper, in C++, in numpy, as a Neural Tangents layer.
//
// Definition  text and LaTeX print value and derivative, the forms an author would; code computes stable_value and
//             stable_derivative from a, b, c and d = ab − c², which it gets from a, b, c without cancellation. Parameters
//             of σ stay symbols in formulas and become arguments of functions, with their usual values as defaults.
// C++         a header for C++17 and later that needs nothing but <cmath>: NAME_dual(a, b, c, …) and
//             NAME_dual_derivative, what they call in a namespace NAME_code.
// numpy       the same two functions for arrays that broadcast; scipy's erf is used if there is scipy.
// Neural Tangents  a function NAME_layer(…) that returns stax.Elementwise(fn, nngp_fn, d_nngp_fn), in jax.numpy.
// Degenerate  code treats variances below 1e-90 as 1e-90 and d below 1e-40 ab as 1e-40 ab (Neural Tangents: likewise in
//             the precision at hand), so that ρ = ±1 and zero variance give the limits, up to rounding.
// Error       the comment on top of the code states what was measured of the formula (measure_dual_error).
// Determinism the same bytes on every run; nothing of date or machine.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nke/exact/dual/normal_form.hpp>

namespace nke {

struct ClosedForm;

/// A parameter of σ that stayed a symbol, and its usual value if it has one.
struct FormulaParameter {
  std::string name;
  std::optional<Expr> usual;
  bool is_meant = false;  ///< the usual value is the one asked for; it stays a symbol because it is long
};

/// What is printed. Members that are not there are not printed.
struct DualFormula {
  std::string name;        ///< a word for identifiers: "leaky_relu"
  std::string activation;  ///< as it was asked for: "leaky_relu(alpha)"
  std::string version;     ///< of nke
  std::optional<Expr> sigma;
  std::optional<Expr> value;
  std::optional<Expr> derivative;
  std::optional<Expr> stable_value;
  std::optional<Expr> stable_derivative;
  std::optional<Expr> jumps;     ///< ∂K/∂c − K' where σ jumps
  std::optional<Expr> mean;      ///< E σ(u), u ~ N(0,a)
  std::optional<Expr> diagonal;  ///< E σ(u)²
  std::vector<FormulaParameter> parameters;
  std::vector<Assumption> assumptions;
  std::vector<Expr> integrable_where_positive;
  bool distributional = false;  ///< K' is ∂K/∂c: the derivative of σ includes its jumps
  std::optional<double> error;  ///< measured; see measure_dual_error
};

/// The formula of a closed form, without what its caller has to say: name, activation, version, sigma, usual values.
DualFormula dual_formula(const ClosedForm& closed, bool distributional);

/// Derives the dual of what activation_formula understands: "gelu", "leaky_relu(alpha)", "x*Phi(p*x)". Everything but
/// the version and the error is filled in; usual values are those of the registry. NoClosedForm, ParseError, DomainError.
DualFormula derive_formula(std::string_view activation_text, bool distributional = false);

/// "K(a,b,c)  = …", one line a formula, and the lines "where s = …".
std::vector<std::string> emit_text(const DualFormula& formula);
/// Where E is finite, beside c² ≤ ab: "a < 4", "16 - 4*a - 4*b + d > 0" (d = ab − c²). Empty if it always is.
std::vector<std::string> finite_where(const DualFormula& formula);
/// What was taken for granted of the parameters: "alpha > 0".
std::vector<std::string> assumed(const DualFormula& formula);
/// An aligned environment, for math mode with amsmath.
std::string emit_latex(const DualFormula& formula);
std::string emit_cpp(const DualFormula& formula);
std::string emit_numpy(const DualFormula& formula);
/// Always with K': a layer needs both. DomainError without σ, value and derivative.
std::string emit_neural_tangents(const DualFormula& formula);

/// The largest difference between stable_value in double and its proven value, over variances 1/4, 1 and 4 and
/// correlations up to 1 − 1e-12 either way, as a multiple of sqrt(K(a,a,a) K(b,b,b)); parameters at their usual values.
/// Nothing if a parameter has none, or the dual is not finite there.
std::optional<double> measure_dual_error(const DualFormula& formula);

}  // namespace nke
