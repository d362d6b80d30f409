// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <nke/exact/integrate/arb_vector.hpp>
#include <nke/exact/integrate/bounds.hpp>

namespace nke {
namespace {

constexpr long bits = 40;       // of the boxes: they are wide, digits are of no use
constexpr int depth_limit = 9;  // halvings of a box
constexpr int box_budget = 60;  // evaluations for one bound

struct Mag {
  Mag() { mag_init(value); }
  ~Mag() { mag_clear(value); }
  Mag(const Mag&) = delete;
  Mag& operator=(const Mag&) = delete;
  mag_t value;
};

// The mantissa of a mag is exact in double, so only log rounds.
double log_of(const mag_t x) {
  if (mag_is_zero(x) != 0) return -no_bound;
  if (mag_is_inf(x) != 0 || COEFF_IS_MPZ(*MAG_EXPREF(x))) return no_bound;
  const double mantissa = std::ldexp(static_cast<double>(MAG_MAN(x)), -MAG_BITS);
  return std::log(mantissa) + static_cast<double>(MAG_EXP(x)) * std::log(2.0) + log_slack;
}

}  // namespace

void add_error_of_log(arb_t x, double log_error) {
  if (log_error == -no_bound) return;
  ArbNumber error;
  arb_set_d(error, log_error + log_slack);
  arb_exp(error, error, MAG_BITS);
  arb_add_error(x, error);
}

double log_sum(double a, double b) {
  if (a < b) std::swap(a, b);
  if (b == -no_bound || a == no_bound) return a;
  return a + std::log1p(std::exp(b - a)) + log_slack;
}

HolomorphicBound::HolomorphicBound(const Expr& f)
    : value_(f, "x", Precision::bits(bits), true), vanishes_(f.is_zero()) {}

double HolomorphicBound::plain(const Box& box) const {
  const Precision precision = Precision::bits(bits);
  const ComplexBall z(Ball::from_interval(box.left, box.right, precision),
                      Ball::from_interval(box.low, box.high, precision));
  const ComplexBall value = value_(z);
  if (!value.is_finite()) return no_bound;
  Mag size;
  acb_get_mag(size.value, acb_of(value));
  return log_of(size.value);
}

double HolomorphicBound::divided(const Box& box, int depth, int& budget) const {
  if (--budget < 0) return no_bound;
  const double whole = plain(box);
  if (whole < no_bound || depth == depth_limit) return whole;
  Box first = box;
  Box second = box;
  if (box.right - box.left > box.high - box.low) {
    first.right = second.left = box.left / 2 + box.right / 2;
  } else {
    first.high = second.low = box.low / 2 + box.high / 2;
  }
  const double of_first = divided(first, depth + 1, budget);
  if (of_first == no_bound) return no_bound;
  return std::max(of_first, divided(second, depth + 1, budget));
}

double HolomorphicBound::operator()(const Box& box) const {
  if (vanishes_) return -no_bound;
  if (!std::isfinite(box.left) || !std::isfinite(box.right) || !std::isfinite(box.high)) return no_bound;
  int budget = box_budget;
  return divided(box, 0, budget);
}

}  // namespace nke
