// SPDX-License-Identifier: Apache-2.0
// Radii as numbers of any magnitude: a dual may be e^(10^12), and a double cannot hold its error.
#pragma once

#include <nke/exact/real/complex_ball.hpp>

namespace nke::detail {

/// The radius, exactly.
Ball radius_of(const Ball& x);
/// Finite, and radius ≤ bound for every bound in the ball.
bool radius_at_most(const Ball& x, const Ball& bound);
/// e with 2^(e−1) ≤ |x| < 2^e for the largest |x| in the ball, clamped to ±2^60; −2^60 for 0.
long binary_exponent(const Ball& x);
Ball scaled_by_power_of_two(const Ball& x, long exponent);
/// The least |x| in the ball, rounded down; exact.
Ball least_magnitude(const Ball& x);

/// The greatest |z| in the box, rounded up; exact.
Ball greatest_magnitude(const ComplexBall& z);

}  // namespace nke::detail
