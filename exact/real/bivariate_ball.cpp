// SPDX-License-Identifier: Apache-2.0
// Phi2 over balls: at a point by sectors, on a box at two of its corners.
#include <algorithm>

#include <nke/exact/real/bivariate.hpp>

#include "arb_interval.hpp"
#include "gaussian_tail.hpp"
#include "owens_t.hpp"

namespace nke {
namespace {

struct Point {
  Arb h, k, x, y;  // exact
};

// ½ erf(h/√2) = ½ − Q(h).
void half_erf(arb_t out, const arb_t h, slong prec) {
  Arb root;
  arb_sqrt_ui(root, 2, prec + 4);
  arb_div(root, h, root, prec + 4);
  arb_hypgeom_erf(out, root, prec);
  arb_mul_2exp_si(out, out, -1);
}

void normal_distribution(arb_t out, const arb_t h, slong prec) {
  Arb mirrored;
  arb_neg(mirrored, h);
  normal_tail(out, mirrored, prec);
}

// w_h = (k − r h)/√(1−r²) = (k s − x h)/y with s = √(x²+y²). For x ≥ 0, k s − x h = (k − h) s + h (s − x) with
// s − x = y²/(s + x); otherwise (k + h) s − h (s + x): neither loses digits as r goes to ±1.
void coordinate_on_line(arb_t w, const arb_t h, const arb_t k, const Point& p, const arb_t s, slong prec) {
  Arb t;
  if (arf_sgn(arb_midref(p.x.value)) >= 0) {
    arb_sub(w, k, h, prec);
    arb_add(t, s, p.x.value, prec);
  } else {
    arb_add(w, k, h, prec);
    arb_sub(t, p.x.value, s, prec);  // the sign that h has in this case
  }
  arb_mul(w, w, s, prec);
  arb_div(w, w, p.y.value, prec);
  arb_div(t, p.y.value, t, prec);
  arb_addmul(w, t, h, prec);
}

void by_sectors(arb_t out, const Point& p, slong prec) {
  const bool low_h = arf_sgn(arb_midref(p.h.value)) <= 0;
  const bool low_k = arf_sgn(arb_midref(p.k.value)) <= 0;
  Arb s, t, along_h, along_k, size_h, size_k;
  arb_sqr(s, p.x.value, prec);
  arb_sqr(t, p.y.value, prec);
  arb_add(s, s, t, prec);
  arb_sqrt(s, s, prec);
  coordinate_on_line(along_h, p.h.value, p.k.value, p, s, prec);
  coordinate_on_line(along_k, p.k.value, p.h.value, p, s, prec);
  arb_abs(size_h, p.h.value);
  arb_abs(size_k, p.k.value);
  if (!low_h && !low_k) {
    arb_neg(along_h, along_h);
    arb_neg(along_k, along_k);
  }
  sector_mass(out, size_h, along_h, prec);
  sector_mass(t, size_k, along_k, prec);
  if (low_h == low_k) {
    arb_add(out, out, t, prec);
  } else if (low_h) {
    arb_sub(out, out, t, prec);
  } else {
    arb_sub(out, t, out, prec);
  }
  if (!low_h && !low_k) {
    half_erf(t, p.h.value, prec);
    arb_add(out, out, t, prec);
    half_erf(t, p.k.value, prec);
    arb_add(out, out, t, prec);
  }
}

// r = ±1.
void by_one_variable(arb_t out, const Point& p, slong prec) {
  if (arf_sgn(arb_midref(p.x.value)) > 0) {
    const bool h_smaller = arf_cmp(arb_midref(p.h.value), arb_midref(p.k.value)) < 0;
    normal_distribution(out, h_smaller ? p.h.value : p.k.value, prec);
    return;
  }
  Arb t;
  arb_neg(t, p.k.value);
  if (arf_cmp(arb_midref(p.h.value), arb_midref(t.value)) <= 0) {
    arb_zero(out);
    return;
  }
  // Φ(h) − Φ(−k), where both are below ½ if one threshold is negative.
  const bool low_h = arf_sgn(arb_midref(p.h.value)) <= 0;
  const bool low_k = arf_sgn(arb_midref(p.k.value)) <= 0;
  if (!low_h && !low_k) {
    half_erf(out, p.h.value, prec);
    half_erf(t, p.k.value, prec);
    arb_add(out, out, t, prec);
  } else {
    normal_distribution(out, low_h ? p.h.value : p.k.value, prec);
    normal_tail(t, low_h ? p.k.value : p.h.value, prec);
    arb_sub(out, out, t, prec);
  }
}

slong size_bits(const arb_t x) {
  return std::clamp<slong>(arf_abs_bound_lt_2exp_si(arb_midref(x)), 0, 100'000);
}

// At exact arguments, y ≥ 0, not x = y = 0. The precision grows until the result has prec bits: what is lost depends on
// how near r is to −1 and how far out the wedge is.
void at_point(arb_t out, const Point& p, slong prec) {
  if (arb_is_zero(p.h.value) && arb_is_zero(p.k.value)) {
    Arb mirrored;
    arb_neg(mirrored, p.x.value);
    arb_atan2(out, p.y.value, mirrored, prec + 10);
    arb_const_pi(mirrored, prec + 10);
    arb_div(out, out, mirrored, prec + 2);
    arb_mul_2exp_si(out, out, -1);
    return;
  }
  const bool degenerate = arb_is_zero(p.y.value);
  const slong most = 2 * prec + 3000;
  for (slong work = prec + 20 + 2 * std::max(size_bits(p.h.value), size_bits(p.k.value));;) {
    if (degenerate) {
      by_one_variable(out, p, work);
    } else {
      by_sectors(out, p, work);
    }
    // A ball around 0 has no digits at all, which Arb says by the most negative number there is.
    const slong known = arb_is_zero(out) ? prec : std::clamp<slong>(arb_rel_accuracy_bits(out), -most, prec);
    const slong missing = prec - known;
    if (missing <= 0 || work >= most) return;
    work = std::min(most, work + std::max(missing + 10, work / 2));
  }
}

void end_of(arb_t end, const Ball& x, bool high, slong prec) {
  (high ? arb_get_ubound_arf : arb_get_lbound_arf)(arb_midref(end), arb_of(x), 2 * prec + 60);
}

}  // namespace

// Phi2 grows with h, with k and with r, and r with x; with y, |r| falls. So the extremes over a box are at two corners.
Ball Phi2(const Ball& h, const Ball& k, const Ball& x, const Ball& y) {
  const long prec = stated_precision(std::max({h.bits(), k.bits(), x.bits(), y.bits()}), "Phi2");
  Ball result = ArbAccess::blank(prec);
  arb_ptr out = arb_of(result);
  const bool finite = h.is_finite() && k.is_finite() && x.is_finite() && y.is_finite();
  if (!finite || !arb_is_nonnegative(arb_of(y)) || (x.contains_zero() && y.contains_zero())) {
    return Ball::indeterminate(Precision::bits(prec));
  }
  const bool exact = h.is_exact() && k.is_exact() && x.is_exact() && y.is_exact();
  Arb value;
  for (const bool high : {false, true}) {
    if (exact && high) break;
    Point p;
    end_of(p.h, h, high, prec);
    end_of(p.k, k, high, prec);
    end_of(p.x, x, high, prec);
    end_of(p.y, y, high == (arf_sgn(arb_midref(p.x.value)) < 0), prec);
    if (arf_sgn(arb_midref(p.y.value)) < 0) arb_zero(p.y);  // the ball's end, rounded outwards
    at_point(high ? value.value : out, p, prec + 4);
  }
  if (exact) {
    arb_set_round(out, out, prec);
  } else {
    enclose_both(out, out, value, prec);
  }
  keep_in_range(out, {.low = 0, .high = 1}, prec);
  return result;
}

}  // namespace nke
