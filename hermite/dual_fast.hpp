// SPDX-License-Identifier: Apache-2.0
// The dual of any activation in doubles: K(a,b,c) = E[σ(u)σ(v)] and K̇(a,b,c) = E[σ'(u)σ'(v)].
//
// Definition  (u, v) ~ N(0, [[a, c], [c, b]]); σ' is the derivative almost everywhere: jumps of σ leave no trace in K̇.
// Method      the closed form where σ has one and its running error bound says its doubles are good (block_dual.hpp);
//             else the Mehler series Σ h_n(a) h_n(b) ρⁿ where its Parseval tail |ρ|^{N+1} √(T_a T_b) is below
//             rounding; else the nested integral (nested_quadrature.hpp). The three share nothing but σ.
// Domain      that of Covariance, E σ² finite at both variances. K̇ by the same rules for σ'.
// Degenerate  a = 0 or b = 0: one variable is 0, a jump of σ at 0 counts as the mean of its sides. ρ = ±1 is exact.
// Error       error_bound: running bound of the roundings (closed form), truncation bound plus estimated rounding
//             (series) or the estimate of the nested rule. Not proven; measured in docs/hermite.md and
//             docs/generated/accuracy.md.
// Cost        µs (closed form, once it is derived: 1 … 50 ms), tens of µs (series) to ms (nested); matrices take
//             FastDual instead (dual.hpp).
// Source      Mehler 1866; the expansion in Hermite polynomials as in 2209.04121, eq. 3 ff.
#pragma once

#include <string_view>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/dual/covariance.hpp>

namespace nke {

struct DualValue {
  double value;
  double error_bound;
  std::string_view method;  ///< "closed form", "Mehler series" or "nested quadrature"
};

/// K(a,b,c).
DualValue dual_activation(const Activation& sigma, const Covariance& at);

/// K̇(a,b,c).
DualValue derivative_dual(const Activation& sigma, const Covariance& at);

}  // namespace nke
