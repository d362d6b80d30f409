// SPDX-License-Identifier: Apache-2.0
#include "inner_erfcx.hpp"

#include <algorithm>

#include <nke/exact/real/arb_access.hpp>

namespace nke::detail {
namespace {

constexpr long bound_bits = 30;  // bounds need no more

// erfcx at an exact point: the square is taken at a precision that leaves its exponential accurate.
ComplexBall at_point(const ComplexBall& z, long bits) {
  const double size = z.abs_upper();
  long extra = 10;
  if (size > 1) extra += 2 * (static_cast<long>(std::ilogb(std::min(size, 1e300))) + 1);
  ComplexBall value = ArbAccess::blank_complex(bits);
  ComplexBall square = ArbAccess::blank_complex(bits);
  acb_sqr(acb_of(square), acb_of(z), bits + extra);
  acb_exp(acb_of(square), acb_of(square), bits + extra);
  acb_hypgeom_erfc(acb_of(value), acb_of(z), bits + extra);
  acb_mul(acb_of(value), acb_of(value), acb_of(square), bits);
  return value;
}

Ball inverse_sqrt_pi() {
  return 1 / sqrt(pi<Ball>(Precision::bits(bound_bits)));
}

// sup |erfcx'| on Re z >= xi.
Ball slope_bound(const Ball& xi) {
  static const Ball root = inverse_sqrt_pi();
  if (certainly_negative(xi)) return 2 * root + 4 * abs(xi) * exp(xi * xi);
  return 2 * root;
}

}  // namespace

ComplexBall erfcx(const ComplexBall& z) {
  if (!z.is_finite()) return z;
  const long bits = z.bits();
  ComplexBall center = z;
  acb_get_mid(acb_of(center), acb_of(z));

  Ball reach = ArbAccess::blank(bound_bits);  // the radius of a disc around the box
  Ball height = ArbAccess::blank(bound_bits);
  arb_get_rad_arb(arb_of(reach), acb_realref(acb_of(z)));
  arb_get_rad_arb(arb_of(height), acb_imagref(acb_of(z)));
  if (!arb_is_zero(arb_of(height))) reach = reach + height;

  Ball left = ArbAccess::blank(bound_bits);
  arb_get_lbound_arf(arb_midref(arb_of(left)), acb_realref(acb_of(z)), bound_bits);

  Ball error = reach * slope_bound(left);
  const bool wide = reach.upper() > 1e-6;
  if (wide && certainly_positive(left)) {
    static const Ball root = inverse_sqrt_pi();
    error = min(error, reach * root / (left * left));
    const Ball disc = min(Ball(1), root / left);
    if (certainly_less(disc, error)) {
      ComplexBall around_zero = ArbAccess::blank_complex(bits);
      Ball size = widen(ArbAccess::blank(bits), disc);
      acb_set_arb_arb(acb_of(around_zero), arb_of(size), arb_of(size));
      return around_zero;
    }
  }
  ComplexBall value = at_point(center, wide ? std::min(bits, 64L) : bits);
  arb_add_error(acb_realref(acb_of(value)), arb_of(error));
  if (!z.is_real()) arb_add_error(acb_imagref(acb_of(value)), arb_of(error));
  ComplexBall result = ArbAccess::blank_complex(bits);
  acb_swap(acb_of(result), acb_of(value));
  return result;
}

}  // namespace nke::detail
