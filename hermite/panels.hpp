// SPDX-License-Identifier: Apache-2.0
// On which pieces of the line is an activation as good as a polynomial?
//
// Definition  a partition of [−reach, reach], refined until on every panel σ equals, to the accuracy of doubles, the
//             polynomial through its values at 16 Gauss–Legendre nodes. Breakpoints are always edges.
// Why         a composite rule on these panels integrates σ against anything smooth without knowing what σ is: the
//             kinks, the steep middle of tanh(100 x), the corner that a pole near the axis makes.
// Method      bisection of a start that is dyadic around 0 and around every breakpoint; a panel is accepted when its
// last
//             Legendre coefficients are at rounding level and three points between the nodes agree. Towards a singular
//             breakpoint panels shrink geometrically to 1e−13 of their distance, and the last one is accepted as it is.
// Error       a heuristic, not a proof: an oscillation faster than every sample is not seen.
// Limit       4000 panels: NotCertified, saying how far they reach.
#pragma once

#include <vector>

namespace nke {

class Activation;

/// The edges of the panels, ascending, from −reach to reach.
std::vector<double> resolved_panels(const Activation& sigma, double reach);

}  // namespace nke
