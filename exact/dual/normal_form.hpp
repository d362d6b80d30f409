// SPDX-License-Identifier: Apache-2.0
// Is σ in the class whose duals have closed forms, and if so, as which sum of terms?
//
// Definition  σ(x) = Σ coefficient · x^power · exp(quadratic x² + linear x) · cos(frequency x + phase) · gate(x), with at
//             most one gate a term: a half-line 1(x > t), or the normal gate Φ((x − t)/w), the mean of half-lines whose
//             threshold is t + w z. Sums, products (while one gate a term suffices), affine substitutions and
//             derivatives stay in the class; quotients, compositions and antiderivatives leave it.
// Canonical   terms are merged and sorted, the frequency is ≥ 0 (a missing factor has frequency and phase 0). A gate
//             and its complement are never both used for otherwise equal terms: a gate looks to the side where
//             exp(linear x) decays, otherwise away from 0 (1(x < −1), 1(x > 1)), otherwise to the right. So a function
//             that is bounded is not written as a difference of growing terms, and one that is smooth around 0 has
//             no gate there.
// Parameters  symbols other than x are parameters, real; a, b, c, d are taken (variances and covariance). Where the
//             form depends on the sign of an expression in them, the sign it has at their usual values (those of the
//             registry, otherwise 1) is taken and recorded as an assumption.
// Refusal     NoClosedForm names the subexpression and the rule it breaks: "tanh(x) is not a polynomial-exponential
//             with at most one gate".
// Cost        0.1 … 1 ms.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/expr/expr.hpp>

namespace nke {

/// σ, or a product it needs, leaves the class of closed forms.
class NoClosedForm : public DomainError {
 public:
  /// "tanh(x) is not …": what() is the subexpression followed by the rule.
  NoClosedForm(const Expr& subexpression, const std::string& rule);
  const Expr& subexpression() const noexcept { return subexpression_; }

 private:
  Expr subexpression_;
};

/// `positive` > 0, an expression in the parameters: a result holds where all its assumptions do.
struct Assumption {
  Expr positive;
};

/// E_z 1(side·(x − threshold) > √width2 · z), z ~ N(0,1): a half-line if width2 = 0 (1/2 at the threshold), otherwise
/// Φ(side·(x − threshold)/√width2). side is 1 or −1.
struct Gate {
  int side;
  Expr threshold;
  Expr width2;
  friend bool operator==(const Gate&, const Gate&) = default;
};

/// coefficient · x^power · exp(quadratic x² + linear x) · cos(frequency x + phase) · gate(x); no x in its members.
struct Term {
  Expr coefficient;
  int power = 0;
  Expr quadratic;
  Expr linear;
  Expr frequency;
  Expr phase;
  std::optional<Gate> gate;
};

struct NormalForm {
  std::vector<Term> terms;
  std::vector<Assumption> assumptions;
};

/// A jump of σ: σ(location+) − σ(location−) = height ≠ 0.
struct Jump {
  Expr location;
  Expr height;
};

/// NoClosedForm if σ is not in the class.
NormalForm normal_form(const Activation& sigma);
/// The same for an expression in x whose other symbols are parameters.
NormalForm normal_form(const Expr& sigma);
std::optional<NormalForm> try_normal_form(const Activation& sigma);

/// σ' almost everywhere: jumps leave no trace.
NormalForm derivative(const NormalForm& sigma);
/// The jumps of σ from left to right.
std::vector<Jump> jumps(const NormalForm& sigma);

/// The expression in x that a normal form stands for: half-lines are written with step.
Expr to_expression(const NormalForm& sigma);

}  // namespace nke
