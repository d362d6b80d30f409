// SPDX-License-Identifier: Apache-2.0
// Sums of terms: the arithmetic of the class. Private to exact/dual.
#pragma once

#include <vector>

#include <nke/exact/dual/normal_form.hpp>

#include "normal_form_signs.hpp"

namespace nke::detail {

using Terms = std::vector<Term>;

/// An expression free of x, multiplied out, so that what is equal looks equal.
Expr tidy(const Expr& e);

Terms constant_term(const Expr& coefficient);
/// coefficient · x^power.
Terms monomial(const Expr& coefficient, int power);
Terms scaled(const Expr& factor, Terms terms);
Terms added(Terms a, const Terms& b);
/// NoClosedForm if two gates meet; LimitError past 5000 terms.
Terms multiplied(const Terms& a, const Terms& b);
/// Each term times a half-line 1(side·(x − threshold) > 0).
Terms on_half_line(const Terms& terms, int side, const Expr& threshold);

/// The coefficients c_0 … c_n of a polynomial without gate, exponential or wave; empty if it is none.
std::vector<Expr> as_polynomial(const Terms& terms);

/// Merged, sorted, gates turned to their side (normal_form.hpp), phases in [−π/2, π/2).
Terms canonical(const Terms& terms, Signs& signs);

/// cos(angle), multiples of π/2 taken out: cos(1 − π/2) is sin 1.
Expr cosine(const Expr& angle);

/// One term as an expression in x.
Expr to_expression(const Term& term);

}  // namespace nke::detail
