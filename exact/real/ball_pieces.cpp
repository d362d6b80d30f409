// SPDX-License-Identifier: Apache-2.0
// Functions with a kink or a jump, over balls: where both pieces are possible, the hull of their values.
#include <algorithm>

#include <nke/exact/real/ball.hpp>

#include "arb_interval.hpp"

namespace nke {

// [−1, 3] has absolute values [0, 3]; Arb's own abs leaves such a ball as it is.
Ball abs(const Ball& x) {
  Ball result = ArbAccess::blank(x.bits());
  arb_ptr out = arb_of(result);
  if (!x.contains_zero() || x.is_exact() || !x.is_finite()) {
    arb_abs(out, arb_of(x));
    return result;
  }
  Arf largest;
  Arf zero;
  arb_get_abs_ubound_arf(largest, arb_of(x), x.bits());
  set_interval(out, zero, largest, x.bits());
  return result;
}

// By its ends, so that [0, 1] gives [0, 1] and not [−1, 1].
Ball sign(const Ball& x) {
  if (!x.is_finite()) return x;
  Ball result = ArbAccess::blank(x.bits());
  Arf end;
  Arf low;
  Arf high;
  arb_get_lbound_arf(end, arb_of(x), 30);
  arf_set_si(low, arf_sgn(end));
  arb_get_ubound_arf(end, arb_of(x), 30);
  arf_set_si(high, arf_sgn(end));
  set_interval(arb_of(result), low, high, 30);
  return result;
}

Ball step(const Ball& x) {
  Ball result = sign(x);
  arb_ptr out = arb_of(result);
  arb_add_ui(out, out, 1, ARF_PREC_EXACT);
  arb_mul_2exp_si(out, out, -1);
  return result;
}

Ball min(const Ball& a, const Ball& b) {
  return -max(-a, -b);
}

Ball max(const Ball& a, const Ball& b) {
  const long bits = std::max(a.bits(), b.bits());
  if (!a.is_finite() || !b.is_finite()) return Ball::indeterminate(Precision::bits(bits));
  Ball result = ArbAccess::blank(bits);
  arb_ptr out = arb_of(result);
  if (certainly_less_equal(a, b) || certainly_less_equal(b, a)) {
    arb_set(out, arb_of(certainly_less_equal(a, b) ? b : a));
    return result;
  }
  Arf low;
  Arf other_low;
  Arf high;
  Arf other_high;
  arb_get_lbound_arf(low, arb_of(a), bits);
  arb_get_lbound_arf(other_low, arb_of(b), bits);
  arb_get_ubound_arf(high, arb_of(a), bits);
  arb_get_ubound_arf(other_high, arb_of(b), bits);
  set_interval(out, arf_cmp(low, other_low) > 0 ? low : other_low, arf_cmp(high, other_high) > 0 ? high : other_high,
               bits);
  return result;
}

// The smallest ball, up to rounding, around both.
Ball hull(const Ball& a, const Ball& b) {
  if (a == b) return a.bits() >= b.bits() ? a : b;
  const long bits = stated_precision(std::max(a.bits(), b.bits()), "the hull");
  Ball result = ArbAccess::blank(bits);
  enclose_both(arb_of(result), arb_of(a), arb_of(b), bits);
  return result;
}

}  // namespace nke
