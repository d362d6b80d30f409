// SPDX-License-Identifier: Apache-2.0
// Closed-form duals: which formula has E[σ(u)σ(v)], and how is it written so that it can be computed?
//
// Definition  K(a,b,c) = E[σ(u)σ(v)], K̇(a,b,c) = E[σ'(u)σ'(v)], (u,v) ~ N(0, [[a,c],[c,b]]), σ' almost everywhere.
//             Derived, not looked up: no formula of any activation is in the library.
// Has one     every σ with a normal form (normal_form.hpp), unless a pair of its terms needs three or more gates.
// Two forms   value, derivative, jumps: over a, b, c and the parameters, as an author prints them. stable_…: the same
//             functions over a, b, c and d = ab − c², in which ab is never subtracted from c²; these are the ones to
//             evaluate, with d from where it is known well (covariance.hpp, exact rationals).
// Domain      a, b > 0, c² < ab, and for an σ that grows like exp(x²): integrable_where_positive. The forms are
//             continuous up to c² = ab where K is, but a quotient in them may be 0/0 there; likewise at a = 0.
// Jumps       ∂K/∂c = K̇ + jumps for |ρ| < 1; jumps → ∞ as |ρ| → 1 for an σ that jumps.
// Error       evaluated over Ball: proven. Over double: |K| is a sum of terms; where these are much larger than K
//             (tiny variance and exp(x) − 1; huge variance and a bounded σ) digits are lost.
// Determinism the same expressions on every run and machine.
// Cost        1 … 50 ms, once.
// Source      Stein recursion for truncated moments; docs/closed-forms-theory.md.
#pragma once

#include <optional>
#include <vector>

#include <nke/exact/dual/normal_form.hpp>

namespace nke {

struct ClosedForm {
  Expr value;       ///< K
  Expr derivative;  ///< K̇
  Expr jumps;  ///< what the jumps of σ add to K̇ if its distributional derivative is meant; 0 if it is continuous

  Expr stable_value;
  Expr stable_derivative;
  Expr stable_jumps;

  Expr mean;      ///< E σ(u), u ~ N(0,a), in a
  Expr diagonal;  ///< E σ(u)², in a

  /// Over a, b, c, d and the parameters: E exists iff all of them are > 0. Empty if it always does.
  std::vector<Expr> integrable_where_positive;
  /// On the parameters.
  std::vector<Assumption> assumptions;
};

/// NoClosedForm naming what leaves the class.
ClosedForm closed_form_dual(const Activation& sigma);
/// The same for an expression in x whose other symbols are parameters: closed_form_dual(activation_formula("elu(alpha)")).
ClosedForm closed_form_dual(const Expr& sigma);
std::optional<ClosedForm> try_closed_form_dual(const Activation& sigma);
/// E σ(u)², in a, alone: ClosedForm::diagonal. Of σ', what K̇ is on the diagonal.
Expr mean_square(const NormalForm& form);

}  // namespace nke
