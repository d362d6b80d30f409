// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/error.hpp>

#include "arb_scratch.hpp"

namespace nke {
namespace {

Ball blank(long bits) {
  return ArbAccess::blank(bits);
}

// Rings need no precision among exact integers.
slong ring_precision(long bits) {
  return bits == 0 ? ARF_PREC_EXACT : bits;
}

double outward_double(const Ball& x, bool up) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (!x.is_finite()) return up ? infinity : -infinity;
  Arf bound;
  if (up) {
    arb_get_ubound_arf(bound, arb_of(x), 53);
  } else {
    arb_get_lbound_arf(bound, arb_of(x), 53);
  }
  return arf_get_d(bound, up ? ARF_RND_CEIL : ARF_RND_FLOOR);
}

}  // namespace

Ball::Ball() noexcept {
  arb_init(reinterpret_cast<arb_ptr>(storage_.data()));
}
Ball::Ball(ExactInteger, long value) : Ball() {
  arb_set_si(arb_of(*this), value);
}
Ball::Ball(const Rational& value, Precision precision) : Ball() {
  bits_ = precision.bits();
  Fmpq q(value);
  arb_set_fmpq(arb_of(*this), q, bits_);
}
Ball::Ball(const Ball& other) : Ball() {
  arb_set(arb_of(*this), arb_of(other));
  bits_ = other.bits_;
}
Ball::Ball(Ball&& other) noexcept : Ball() {
  *this = std::move(other);
}
Ball& Ball::operator=(const Ball& other) {
  arb_set(arb_of(*this), arb_of(other));
  bits_ = other.bits_;
  return *this;
}
Ball& Ball::operator=(Ball&& other) noexcept {
  arb_swap(arb_of(*this), arb_of(other));
  std::swap(bits_, other.bits_);
  return *this;
}
Ball::~Ball() {
  arb_clear(arb_of(*this));
}

Ball Ball::from_double_exactly(double value, Precision precision) {
  if (!std::isfinite(value)) return indeterminate(precision);
  Ball result = blank(precision.bits());
  arb_set_d(arb_of(result), value);
  return result;
}

Ball Ball::from_interval(double low, double high, Precision precision) {
  return from_interval(Rational::from_double_exactly(low), Rational::from_double_exactly(high), precision);
}

Ball Ball::from_interval(const Rational& low, const Rational& high, Precision precision) {
  if (low > high) throw DomainError("the interval [" + low.to_string() + ", " + high.to_string() + "] is empty");
  return hull(Ball(low, precision), Ball(high, precision));
}

Ball Ball::indeterminate(Precision precision) {
  Ball result = blank(precision.bits());
  arb_indeterminate(arb_of(result));
  return result;
}

Ball Ball::at_precision(Precision precision) const {
  Ball result = blank(precision.bits());
  arb_set_round(arb_of(result), arb_of(*this), precision.bits());
  return result;
}

double Ball::mid() const {
  return arf_get_d(arb_midref(arb_of(*this)), ARF_RND_NEAR);
}

Ball Ball::center() const {
  Ball result = blank(bits_);
  arb_get_mid_arb(arb_of(result), arb_of(*this));
  return result;
}

double Ball::radius() const {
  if (!is_finite()) return std::numeric_limits<double>::infinity();
  Arf radius;
  arf_set_mag(radius, arb_radref(arb_of(*this)));
  return arf_get_d(radius, ARF_RND_CEIL);
}

double Ball::lower() const {
  return outward_double(*this, false);
}
double Ball::upper() const {
  return outward_double(*this, true);
}
bool Ball::is_finite() const {
  return arb_is_finite(arb_of(*this)) != 0;
}
bool Ball::is_exact() const {
  return arb_is_exact(arb_of(*this)) != 0 && is_finite();
}
bool Ball::contains_zero() const {
  return arb_contains_zero(arb_of(*this)) != 0;
}
bool Ball::contains(const Ball& other) const {
  return arb_contains(arb_of(*this), arb_of(other)) != 0;
}
bool Ball::contains(const Rational& q) const {
  return arb_contains_fmpq(arb_of(*this), Fmpq(q)) != 0;
}
bool Ball::overlaps(const Ball& other) const {
  return arb_overlaps(arb_of(*this), arb_of(other)) != 0;
}

std::optional<long> Ball::to_long() const {
  // Before it becomes an integer: 4^(40^9) is exact in a ball, and has more bits than there is memory.
  if (arb_is_int(arb_of(*this)) == 0 || arf_cmpabs_2exp_si(arb_midref(arb_of(*this)), 63) > 0) return std::nullopt;
  Fmpz integer;
  if (arb_get_unique_fmpz(integer, arb_of(*this)) == 0 || fmpz_fits_si(integer) == 0) return std::nullopt;
  return fmpz_get_si(integer);
}

Ball operator+(const Ball& a, const Ball& b) {
  Ball result = blank(std::max(a.bits_, b.bits_));
  arb_add(arb_of(result), arb_of(a), arb_of(b), ring_precision(result.bits_));
  return result;
}

Ball operator-(const Ball& a, const Ball& b) {
  Ball result = blank(std::max(a.bits_, b.bits_));
  arb_sub(arb_of(result), arb_of(a), arb_of(b), ring_precision(result.bits_));
  return result;
}

Ball operator*(const Ball& a, const Ball& b) {
  Ball result = blank(std::max(a.bits_, b.bits_));
  arb_mul(arb_of(result), arb_of(a), arb_of(b), ring_precision(result.bits_));
  return result;
}

Ball operator/(const Ball& a, const Ball& b) {
  Ball result = blank(stated_precision(std::max(a.bits_, b.bits_), "division"));
  arb_div(arb_of(result), arb_of(a), arb_of(b), result.bits_);
  return result;
}

Ball operator-(const Ball& a) {
  Ball result = blank(a.bits_);
  arb_neg(arb_of(result), arb_of(a));
  return result;
}

bool operator==(const Ball& a, const Ball& b) {
  return arb_equal(arb_of(a), arb_of(b)) != 0;
}

bool certainly_less(const Ball& a, const Ball& b) {
  return arb_lt(arb_of(a), arb_of(b)) != 0;
}
bool certainly_less_equal(const Ball& a, const Ball& b) {
  return arb_le(arb_of(a), arb_of(b)) != 0;
}
bool certainly_greater(const Ball& a, const Ball& b) {
  return arb_gt(arb_of(a), arb_of(b)) != 0;
}
bool certainly_greater_equal(const Ball& a, const Ball& b) {
  return arb_ge(arb_of(a), arb_of(b)) != 0;
}
bool certainly_positive(const Ball& x) {
  return arb_is_positive(arb_of(x)) != 0;
}
bool certainly_negative(const Ball& x) {
  return arb_is_negative(arb_of(x)) != 0;
}
bool certainly_nonzero(const Ball& x) {
  return arb_is_nonzero(arb_of(x)) != 0;
}

Ball widen(const Ball& x, const Ball& e) {
  Ball result = x;
  arb_add_error(arb_of(result), arb_of(e));
  return result;
}

}  // namespace nke
