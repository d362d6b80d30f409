// SPDX-License-Identifier: Apache-2.0
// Does an expression contain anything that cuts the line: switches, or functions with a limited domain?
#pragma once

#include <nke/exact/expr/expr.hpp>

namespace nke::detail {

/// abs, sign, step, min, max, atan2 or piecewise anywhere in e.
bool has_switch(const Expr& e);
/// That, or log, asin, acos, tan, or a power that is not a natural number.
bool has_switch_or_domain(const Expr& e);

}  // namespace nke::detail
