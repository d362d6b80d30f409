// SPDX-License-Identifier: Apache-2.0
#include "inverse_functions.hpp"

#include <nke/exact/real/arb_access.hpp>

namespace nke {
namespace {

bool may_meet_outer_cuts(const ComplexBall& z) {
  return z.im().contains_zero() && !(certainly_less(-1, z.re()) && certainly_less(z.re(), 1));
}

}  // namespace

ComplexBall arc_sine(const ComplexBall& z, Analytic analytic) {
  const Precision precision = Precision::bits(z.bits());
  if (may_meet_outer_cuts(z) && (analytic == Analytic::yes || z.is_real()))
    return ComplexBall::indeterminate(precision);
  ComplexBall result = ArbAccess::blank_complex(precision.bits());
  acb_asin(acb_of(result), acb_of(z), precision.bits());
  return result;
}

ComplexBall arc_cosine(const ComplexBall& z, Analytic analytic) {
  return pi<Ball>(Precision::bits(z.bits())) / 2 - arc_sine(z, analytic);
}

ComplexBall arc_tangent(const ComplexBall& y, const ComplexBall& x, Analytic analytic) {
  const Precision precision = Precision::bits(std::max(x.bits(), y.bits()));
  const ComplexBall quarter = pi<Ball>(precision) / 2;
  if (certainly_positive(x.re())) return atan(y / x, analytic);
  if (certainly_positive(y.re())) return quarter - atan(x / y, analytic);
  if (certainly_negative(y.re())) return -quarter - atan(x / y, analytic);
  return ComplexBall::indeterminate(precision);
}

}  // namespace nke
