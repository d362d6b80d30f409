// SPDX-License-Identifier: Apache-2.0
#include "arb_interval.hpp"

namespace nke {
namespace {

// mag_t from a non-negative arf_t of at most MAG_BITS bits, exactly; arf_get_mag would add one unit all the same.
void set_mag_exactly(mag_t out, const arf_t x) {
  Fmpz mantissa;
  Fmpz exponent;
  arf_get_fmpz_2exp(mantissa, exponent, x);
  mag_set_fmpz_2exp_fmpz(out, mantissa, exponent);
}

struct Ends {
  Arf low;
  Arf high;
};

// The ends of a ball, rounded outwards.
void find_ends(Ends& ends, const arb_t x, slong prec) {
  Arf radius;
  arf_set_mag(radius, arb_radref(x));
  arf_add(ends.high, arb_midref(x), radius, prec, ARF_RND_CEIL);
  arf_sub(ends.low, arb_midref(x), radius, prec, ARF_RND_FLOOR);
}

// Exactly [low, high], both small integers.
void set_range(arb_t x, Range range) {
  arf_set_d(arb_midref(x), (range.low + range.high) / 2);
  mag_set_ui_2exp_si(arb_radref(x), static_cast<ulong>(range.high - range.low), -1);
}

}  // namespace

void set_interval(arb_t x, const arf_t low, const arf_t high, slong prec) {
  if (arf_is_finite(low) == 0 || arf_is_finite(high) == 0) {
    arb_indeterminate(x);
    return;
  }
  Range range;
  if (arf_sgn(low) >= 0) range.low = 0;
  if (arf_sgn(high) <= 0) range.high = 0;
  Arf middle;
  arf_add(middle, low, high, prec, ARF_RND_NEAR);
  arf_mul_2exp_si(middle, middle, -1);
  Arf up;
  Arf down;
  arf_sub(up, high, middle, MAG_BITS, ARF_RND_CEIL);
  arf_sub(down, middle, low, MAG_BITS, ARF_RND_CEIL);
  set_mag_exactly(arb_radref(x), arf_cmp(up, down) > 0 ? up : down);
  arf_swap(arb_midref(x), middle);
  keep_in_range(x, range, prec);
}

void enclose_both(arb_t out, const arb_t a, const arb_t b, slong prec) {
  if (arb_is_finite(a) == 0 || arb_is_finite(b) == 0) {
    arb_indeterminate(out);  // comparisons below would take NaN for a small number
    return;
  }
  Arf low;
  Arf other_low;
  Arf high;
  Arf other_high;
  arb_get_lbound_arf(low, a, prec);
  arb_get_lbound_arf(other_low, b, prec);
  arb_get_ubound_arf(high, a, prec);
  arb_get_ubound_arf(other_high, b, prec);
  set_interval(out, arf_cmp(low, other_low) < 0 ? low : other_low, arf_cmp(high, other_high) > 0 ? high : other_high,
               prec);
}

void keep_in_range(arb_t x, Range range, slong prec) {
  if (arb_is_finite(x) == 0) return;
  Ends ends;
  find_ends(ends, x, prec);
  const bool above = arf_cmp_d(ends.high, range.high) > 0;
  const bool below = arf_cmp_d(ends.low, range.low) < 0;
  if (!above && !below) return;
  if (above && below) {
    set_range(x, range);
    return;
  }
  // The centre moves by as much as the end stuck out. A radius far below the last bit (tanh of a huge number) would
  // need a centre of as many bits, so it is made larger first.
  const double edge = above ? range.high : range.low;
  if (edge != 0 && mag_cmp_2exp_si(arb_radref(x), -prec - 4) < 0) mag_set_ui_2exp_si(arb_radref(x), 1, -prec - 4);
  Arf radius;
  arf_set_mag(radius, arb_radref(x));
  // Beside a radius beyond all doubles the edge of the range is not seen, and an exact sum would have as many bits as
  // the exponent says: cosh([0, 10^18]) ends at 0, not at 1.
  if (edge != 0 && mag_cmp_2exp_si(arb_radref(x), prec + 4096) > 0) {
    mag_add_ui(arb_radref(x), arb_radref(x), 1);  // edges are −1 and 1 here
    if (edge > 0) arf_set_mag(radius, arb_radref(x));
    (above ? arf_neg : arf_set)(arb_midref(x), radius);
    return;
  }
  arf_set_d(arb_midref(x), edge);
  (above ? arf_sub : arf_add)(arb_midref(x), arb_midref(x), radius, ARF_PREC_EXACT, ARF_RND_NEAR);
  find_ends(ends, x, prec);
  if (arf_cmp_d(ends.low, range.low) < 0 || arf_cmp_d(ends.high, range.high) > 0) set_range(x, range);
}

}  // namespace nke
