// SPDX-License-Identifier: Apache-2.0
#include "exact_radius.hpp"

#include <algorithm>

#include <nke/exact/real/arb_access.hpp>

namespace nke::detail {
namespace {

constexpr long radius_bits = 64;
constexpr long far = 1L << 60;

}  // namespace

Ball radius_of(const Ball& x) {
  Ball result = ArbAccess::blank(radius_bits);
  arb_get_rad_arb(arb_of(result), arb_of(x));
  return result;
}

bool radius_at_most(const Ball& x, const Ball& bound) {
  return x.is_finite() && certainly_less_equal(radius_of(x), bound);
}

long binary_exponent(const Ball& x) {
  if (!x.is_finite()) return far;
  mag_t size;
  mag_init(size);
  arb_get_mag(size, arb_of(x));
  long exponent = -far;
  if (!mag_is_zero(size)) {
    exponent = fmpz_fits_si(MAG_EXPREF(size)) ? std::clamp<long>(fmpz_get_si(MAG_EXPREF(size)), -far, far)
                                              : fmpz_sgn(MAG_EXPREF(size)) * far;
  }
  mag_clear(size);
  return exponent;
}

Ball scaled_by_power_of_two(const Ball& x, long exponent) {
  Ball result = ArbAccess::blank(std::max(x.bits(), radius_bits));
  arb_mul_2exp_si(arb_of(result), arb_of(x), exponent);
  return result;
}

Ball least_magnitude(const Ball& x) {
  Ball result = ArbAccess::blank(radius_bits);
  arb_get_abs_lbound_arf(arb_midref(arb_of(result)), arb_of(x), radius_bits);
  return result;
}

Ball greatest_magnitude(const ComplexBall& z) {
  Ball result = ArbAccess::blank(radius_bits);
  acb_get_abs_ubound_arf(arb_midref(arb_of(result)), acb_of(z), radius_bits);
  return result;
}

}  // namespace nke::detail
