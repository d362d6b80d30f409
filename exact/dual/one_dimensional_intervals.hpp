// SPDX-License-Identifier: Apache-2.0
// Between which points is the integrand one calm function?
//
// Method      the line ends where the tails are below the tolerance, or where nothing is left (relu on the left). It is cut
//             at the thresholds of half-lines, and around every place where a gate turns: beyond, what the gate still
//             adds is bounded by its exponent at the ends of the interval; if the bound is below the tolerance, the gate
//             counts as open or shut there and the bound goes into the error. So ρ = 1 − 10^(−30) costs no more
//             intervals than ρ = 1/2.
#pragma once

#include <vector>

#include "one_dimensional_integrand.hpp"

namespace nke::detail {

struct CalmInterval {
  Ball left;
  Ball right;
  GateStates states;
};

struct CalmIntervals {
  std::vector<CalmInterval> intervals;
  Ball left_out;  ///< a bound of all that is not in them, the factor 1/√(2πa) left out
};

/// The ends of the line: what is beyond them is at most `left_out`.
struct Line {
  Ball left;
  Ball right;
  Ball left_out;
};

/// `tolerance` bounds each tail.
Line line_of_integration(const std::vector<NumericTerm>& sigma, const std::vector<NumericTerm>& tau, const Outer& place,
                         const Ball& tolerance);

/// `fine` knows the thresholds, `coarse`, the same at few bits, is what bounds are computed with. The tolerance is for
/// the integral without its factor 1/√(2πa).
CalmIntervals calm_intervals(const Integrand& fine, const Integrand& coarse, const Line& line, const Ball& tolerance);

/// An upper bound of ∫ |integrand| over the line, within a few powers of ten: each interval by the greatest value of its
/// exponents. Indeterminate where waves have gates.
Ball size_on_line(const Integrand& fine, const Integrand& coarse, const Line& line, const Ball& tolerance);

}  // namespace nke::detail
