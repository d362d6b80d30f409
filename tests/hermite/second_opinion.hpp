// SPDX-License-Identifier: Apache-2.0
// Hermite coefficients one by one, by Arb's own rigorous adaptive integration: slow, and sharing nothing with the rules
// under test but balls and the proven pieces of σ.
#pragma once

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/ball.hpp>

namespace nke::test {

/// h_n(a) to about this many digits; σ must have a growth bound A (1+|x|)^p.
Ball integrated_coefficient(const Activation& sigma, const Rational& variance, int n, int digits);

}  // namespace nke::test
