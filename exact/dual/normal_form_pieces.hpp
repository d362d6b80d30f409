// SPDX-License-Identifier: Apache-2.0
// σ cut at symbolic thresholds into expressions without switches. Private to exact/dual.
//
// Why         the analysis in exact/activation proves more, but only without parameters, and its cuts are usable here
//             only where they are exact. This one resolves switches whose argument is, on each piece, a polynomial of
//             degree at most two in x.
#pragma once

#include <vector>

#include "normal_form_signs.hpp"

namespace nke::detail {

struct SymbolicPieces {
  std::vector<Expr> cuts;    ///< in increasing order
  std::vector<Expr> values;  ///< one more than cuts
};

/// NoClosedForm naming a switch whose argument is none of those.
SymbolicPieces cut_symbolically(const Expr& sigma, Signs& signs);

}  // namespace nke::detail
