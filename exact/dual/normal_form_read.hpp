// SPDX-License-Identifier: Apache-2.0
// An expression without switches, read as a sum of terms. Private to exact/dual.
#pragma once

#include "normal_form_terms.hpp"

namespace nke::detail {

/// NoClosedForm naming the first subexpression that is outside the class.
Terms read_terms(const Expr& e, Signs& signs);

}  // namespace nke::detail
