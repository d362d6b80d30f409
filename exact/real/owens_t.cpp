// SPDX-License-Identifier: Apache-2.0
#include "owens_t.hpp"

#include <cmath>

#include "gaussian_tail.hpp"

namespace nke {
namespace {

double approximately(const arb_t x) {
  return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

// exp(−R²/2)/(2π).
void gaussian_at(arb_t out, const arb_t square_radius, slong prec) {
  Arb pi;
  arb_mul_2exp_si(out, square_radius, -1);
  arb_neg(out, out);
  arb_exp(out, out, prec);
  arb_const_pi(pi, prec);
  arb_mul_2exp_si(pi, pi, 1);
  arb_div(out, out, pi, prec);
}

// T(h, w/h) for |w| up to h or little more, with b = w²/R² and z = R²/2:
//   (h w/(2π R²)) Σ_n c_n b^n e^(−z) e_n(z),  c_n = ∫_0^1 (1−t²)^n dt = (2n)!!/(2n+1)!!,  e_n(z) = Σ_{i≤n} z^i/i!,
// Euler's series of the arc tangent with each term weighted by a Poisson probability (Komelj 2023). Both sides vanish
// for z → ∞, and at fixed b their derivatives in z agree: −(h w/(2π R²)) ∫_0^1 exp(−z (1 − b (1−t²))) dt, expanded in b.
// All terms are positive. e_(n+1)/e_n falls with n, as the e_n are sums of a log-concave sequence, so the ratio of
// successive terms falls too, and what follows term N is at most a geometric series of ratio b e_(N+1)/e_N.
void owens_t_series(arb_t out, const arb_t h, const arb_t w, slong prec) {
  Arb square, z, b, power, exponential, weight, total, t;
  arb_sqr(square, h, prec);
  arb_sqr(t, w, prec);
  arb_add(square, square, t, prec);
  arb_div(b, t, square, prec);
  arb_mul_2exp_si(z, square, -1);
  arb_set_d(t, 0.75);
  if (arb_lt(b, t) == 0 || arb_rel_accuracy_bits(z) < 8) {  // nothing is known of w: no ratio would be below 1
    arb_indeterminate(out);
    return;
  }
  arb_one(power);        // z^n/n!
  arb_one(exponential);  // e_n(z)
  arb_one(weight);       // c_n b^n
  arb_one(total);
  mag_t term, sum, ratio, rest;
  mag_init(term);
  mag_init(sum);
  mag_init(ratio);
  mag_init(rest);
  constexpr ulong longest = 4'000'000;
  for (ulong n = 1; n < longest; ++n) {
    arb_mul(power, power, z, prec);
    arb_div_ui(power, power, n, prec);
    if (n % 8 == 0) {  // the ratio of term n to term n − 1, and with it a bound of all that is not in the total
      arb_div(t, power, exponential, 30);
      arb_add_ui(t, t, 1, 30);
      arb_mul(t, t, b, 30);
      arb_get_mag(ratio, t);
      arb_mul(t, weight, exponential, 30);
      arb_get_mag(term, t);
      arb_get_mag_lower(sum, total);
      mag_mul_2exp_si(sum, sum, -prec);
      if (mag_cmp_2exp_si(ratio, 0) < 0) {
        mag_geom_series(rest, ratio, 1);
        mag_mul(rest, rest, term);
        if (mag_cmp(rest, sum) < 0) break;
      }
    }
    mag_inf(rest);
    arb_add(exponential, exponential, power, prec);
    arb_mul(weight, weight, b, prec);
    arb_mul_ui(weight, weight, 2 * n, prec);
    arb_div_ui(weight, weight, 2 * n + 1, prec);
    arb_addmul(total, weight, exponential, prec);
  }
  arb_add_error_mag(total, rest);
  mag_clear(term);
  mag_clear(sum);
  mag_clear(ratio);
  mag_clear(rest);
  gaussian_at(t, square, prec);
  arb_mul(total, total, t, prec);
  arb_mul(t, h, w, prec);
  arb_div(t, t, square, prec);
  arb_mul(out, total, t, prec);
}

// V(h, −w) for large w > 0. On the ray at angle s from the outward one the mass is that of M(R cos s) = 1 − R cos s
// Q(R cos s)/φ(R cos s) = Σ_k (−1)^k (2k+1)!!/(R cos s)^(2k+2), and the partial sums envelop it. So V is
// exp(−R²/2)/(2π) Σ_k (−1)^k u_k with u_k = (2k+1)!!/R^(2k+2) ∫_0^{atan(h/w)} ds/cos(s)^(2k+2), for which
// u_k = (h/(w R²)) (2k−1)!!/w^(2k) + (2k/R²) u_(k−1), positive; the error is between 0 and the first term left out.
void sector_far_out(arb_t out, const arb_t h, const arb_t w, slong prec) {
  Arb inverse_square, inverse_radius, term, direct, total, square;
  arb_sqr(inverse_square, w, prec);
  arb_sqr(square, h, prec);
  arb_add(square, square, inverse_square, prec);
  arb_inv(inverse_square, inverse_square, prec);
  arb_inv(inverse_radius, square, prec);
  arb_div(direct, h, w, prec);
  arb_mul(direct, direct, inverse_radius, prec);
  arb_set(term, direct);
  arb_set(total, term);
  mag_t bound, previous;
  mag_init(bound);
  mag_init(previous);
  arb_get_mag(previous, term);
  for (ulong k = 1;; ++k) {
    arb_mul(direct, direct, inverse_square, prec);
    arb_mul_ui(direct, direct, 2 * k - 1, prec);
    arb_mul(term, term, inverse_radius, prec);
    arb_mul_ui(term, term, 2 * k, prec);
    arb_add(term, term, direct, prec);
    arb_get_mag(bound, term);
    // Done, or the terms begin to grow, or are no numbers any more.
    if (arb_rel_error_bits(total) > -2 || mag_cmp(bound, previous) >= 0) break;
    Arb smallest;
    arb_mul_2exp_si(smallest, total, -prec);
    mag_t target;
    mag_init(target);
    arb_get_mag_lower(target, smallest);
    const bool done = mag_cmp(bound, target) < 0;
    mag_clear(target);
    if (done) break;
    if (k % 2 == 1) {
      arb_sub(total, total, term, prec);
    } else {
      arb_add(total, total, term, prec);
    }
    mag_set(previous, bound);
  }
  arb_add_error_mag(total, bound);
  mag_clear(bound);
  mag_clear(previous);
  gaussian_at(term, square, prec);
  arb_mul(out, total, term, prec);
}

}  // namespace

void sector_mass(arb_t out, const arb_t h, const arb_t w, slong prec) {
  if (arb_is_finite(h) == 0 || arb_is_finite(w) == 0) {
    arb_indeterminate(out);
    return;
  }
  constexpr double bits_of_half = 0.7213475204444817;  // exp(−w²/2) = 2^(−0.72 w²)
  const double at = approximately(w);
  const double lost = bits_of_half * at * at;  // V(h, −|w|) is about 2^(−lost) of Q(h)
  Arb size, near, t;
  if (at >= 0) {
    arb_set(size, w);
  } else {
    arb_neg(size, w);
  }
  if (lost > static_cast<double>(prec) + 16) {
    sector_far_out(near, h, size, prec + 10);
  } else {
    const slong work = prec + 10 + (at < 0 ? static_cast<slong>(lost) : 0);
    if (arf_cmpabs(arb_midref(w), arb_midref(h)) <= 0) {
      owens_t_series(t, h, w, work);
      normal_tail(out, h, work);
      arb_mul_2exp_si(out, out, -1);
      arb_add(out, out, t, prec);
      return;
    }
    // The same sector, cut off a right angle at P instead: V(h, −w) = T(w, h/w) − Q(w) (½ − Q(h)).
    owens_t_series(near, size, h, work);
    normal_tail(t, size, work);
    Arb inner;
    arb_sqrt_ui(inner, 2, work);
    arb_div(inner, h, inner, work);
    arb_hypgeom_erf(inner, inner, work);
    arb_mul(t, t, inner, work);
    arb_mul_2exp_si(t, t, -1);
    arb_sub(near, near, t, work);
  }
  if (at < 0) {
    arb_set_round(out, near, prec);
  } else {
    normal_tail(t, h, prec + 10);
    arb_sub(out, t, near, prec);
  }
}

}  // namespace nke
