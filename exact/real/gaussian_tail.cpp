// SPDX-License-Identifier: Apache-2.0
#include "gaussian_tail.hpp"

#include <algorithm>

namespace nke {
namespace {

// Bits by which the exponent −x² exceeds its fraction.
slong exponent_bits(const arb_t x, slong prec) {
  return 10 + 2 * std::clamp<slong>(arf_abs_bound_lt_2exp_si(arb_midref(x)), 0, prec + 200);
}

}  // namespace

// erfc at the centre, times exp(±u): the logarithm of erfc has a slope of at most x + √(x² + 2) ≤ 2|x| + 2 in size, so
// over a radius r it changes by at most u = r (2 (|x| + r) + 2), and exp(u) − 1 ≤ 2u for u ≤ 1.
void erfc_with_tail(arb_t out, const arb_t x, slong prec) {
  if (arb_is_finite(x) == 0) {
    arb_indeterminate(out);
    return;
  }
  const slong work = prec + exponent_bits(x, prec);
  Arb center;
  mag_t u, rest;
  mag_init(u);
  mag_init(rest);
  arb_get_mag(u, x);
  mag_add_ui(u, u, 1);
  mag_mul_2exp_si(u, u, 1);
  mag_mul(u, u, arb_radref(x));
  arb_get_mid_arb(center, x);
  if (mag_cmp_2exp_si(u, 0) <= 0) {
    arb_hypgeom_erfc(out, center, work);
    arb_get_mag(rest, out);
    mag_mul(rest, rest, u);
    mag_mul_2exp_si(rest, rest, 1);
    arb_add_error_mag(out, rest);
  } else {
    arb_hypgeom_erfc(out, x, work);
  }
  mag_clear(u);
  mag_clear(rest);
  arb_set_round(out, out, prec);
}

void normal_tail(arb_t out, const arb_t h, slong prec) {
  const slong work = prec + exponent_bits(h, prec);
  Arb root;
  arb_sqrt_ui(root, 2, work);
  arb_div(root, h, root, work);
  erfc_with_tail(out, root, prec);
  arb_mul_2exp_si(out, out, -1);
}

}  // namespace nke
