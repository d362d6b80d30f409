// SPDX-License-Identifier: Apache-2.0
// Negative powers whose base vanishes at a point: what has to be cleared to see whether a singularity is removable.
#pragma once

#include <nke/exact/expr/expr.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke::detail {

struct Pole {
  Expr base;
  long order = 0;  ///< 0: no such power
};

/// The first base found and the highest power of its reciprocal in f.
Pole find_pole(const Expr& f, const Rational& at);

/// f·base^order, multiplied out, so that the denominators are gone. Zero order: f.
Expr cleared_of(const Expr& f, const Pole& pole);

}  // namespace nke::detail
