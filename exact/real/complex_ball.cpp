// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <ostream>

#include <nke/exact/real/complex_ball.hpp>

#include "arb_scratch.hpp"

namespace nke {
namespace {

ComplexBall blank(long bits) {
  return ArbAccess::blank_complex(bits);
}
slong ring_precision(long bits) {
  return bits == 0 ? ARF_PREC_EXACT : bits;
}

template <class F>
ComplexBall direct(const ComplexBall& z, F f, const char* name) {
  ComplexBall result = blank(stated_precision(z.bits(), name));
  f(acb_of(result), acb_of(z), result.bits());
  return result;
}

template <class F>
ComplexBall with_flag(const ComplexBall& z, Analytic analytic, F f) {
  ComplexBall result = blank(z.bits());
  f(acb_of(result), acb_of(z), analytic == Analytic::yes ? 1 : 0, ring_precision(z.bits()));
  return result;
}

// Whether 1 + w may meet the cut (−∞, 0] of the logarithm.
bool may_meet_log_cut(const ComplexBall& one_plus_w) {
  acb_srcptr z = acb_of(one_plus_w);
  return arb_contains_zero(acb_imagref(z)) != 0 && arb_is_positive(acb_realref(z)) == 0;
}

}  // namespace

ComplexBall::ComplexBall() noexcept {
  acb_init(reinterpret_cast<acb_ptr>(storage_.data()));
}
ComplexBall::ComplexBall(const Ball& re) : ComplexBall() {
  acb_set_arb(acb_of(*this), arb_of(re));
  bits_ = re.bits();
}
ComplexBall::ComplexBall(const Ball& re, const Ball& im) : ComplexBall() {
  acb_set_arb_arb(acb_of(*this), arb_of(re), arb_of(im));
  bits_ = std::max(re.bits(), im.bits());
}
ComplexBall::ComplexBall(const ComplexBall& other) : ComplexBall() {
  acb_set(acb_of(*this), acb_of(other));
  bits_ = other.bits_;
}
ComplexBall::ComplexBall(ComplexBall&& other) noexcept : ComplexBall() {
  *this = std::move(other);
}
ComplexBall& ComplexBall::operator=(const ComplexBall& other) {
  acb_set(acb_of(*this), acb_of(other));
  bits_ = other.bits_;
  return *this;
}
ComplexBall& ComplexBall::operator=(ComplexBall&& other) noexcept {
  acb_swap(acb_of(*this), acb_of(other));
  std::swap(bits_, other.bits_);
  return *this;
}
ComplexBall::~ComplexBall() {
  acb_clear(acb_of(*this));
}

ComplexBall ComplexBall::indeterminate(Precision precision) {
  ComplexBall result = blank(precision.bits());
  acb_indeterminate(acb_of(result));
  return result;
}

Ball ComplexBall::re() const {
  Ball result = ArbAccess::blank(bits_);
  arb_set(arb_of(result), acb_realref(acb_of(*this)));
  return result;
}

Ball ComplexBall::im() const {
  Ball result = ArbAccess::blank(bits_);
  arb_set(arb_of(result), acb_imagref(acb_of(*this)));
  return result;
}

bool ComplexBall::is_finite() const {
  return acb_is_finite(acb_of(*this)) != 0;
}
bool ComplexBall::is_real() const {
  return acb_is_real(acb_of(*this)) != 0;
}
bool ComplexBall::contains_zero() const {
  return acb_contains_zero(acb_of(*this)) != 0;
}
bool ComplexBall::overlaps(const ComplexBall& other) const {
  return acb_overlaps(acb_of(*this), acb_of(other)) != 0;
}
bool ComplexBall::contains(const ComplexBall& other) const {
  return acb_contains(acb_of(*this), acb_of(other)) != 0;
}

double ComplexBall::abs_upper() const {
  if (!is_finite()) return std::numeric_limits<double>::infinity();
  Arf bound;
  acb_get_abs_ubound_arf(bound, acb_of(*this), 53);
  return arf_get_d(bound, ARF_RND_CEIL);
}

double ComplexBall::abs_lower() const {
  if (!is_finite()) return 0;
  Arf bound;
  acb_get_abs_lbound_arf(bound, acb_of(*this), 53);
  return arf_get_d(bound, ARF_RND_FLOOR);
}

std::string ComplexBall::to_string() const {
  return std::string("(").append(re().to_string()).append(") + (").append(im().to_string()).append(") i");
}

ComplexBall operator+(const ComplexBall& a, const ComplexBall& b) {
  ComplexBall result = blank(std::max(a.bits_, b.bits_));
  acb_add(acb_of(result), acb_of(a), acb_of(b), ring_precision(result.bits_));
  return result;
}

ComplexBall operator-(const ComplexBall& a, const ComplexBall& b) {
  ComplexBall result = blank(std::max(a.bits_, b.bits_));
  acb_sub(acb_of(result), acb_of(a), acb_of(b), ring_precision(result.bits_));
  return result;
}

ComplexBall operator*(const ComplexBall& a, const ComplexBall& b) {
  ComplexBall result = blank(std::max(a.bits_, b.bits_));
  acb_mul(acb_of(result), acb_of(a), acb_of(b), ring_precision(result.bits_));
  return result;
}

ComplexBall operator/(const ComplexBall& a, const ComplexBall& b) {
  ComplexBall result = blank(stated_precision(std::max(a.bits_, b.bits_), "division"));
  acb_div(acb_of(result), acb_of(a), acb_of(b), result.bits_);
  return result;
}

ComplexBall operator-(const ComplexBall& a) {
  ComplexBall result = blank(a.bits_);
  acb_neg(acb_of(result), acb_of(a));
  return result;
}

bool operator==(const ComplexBall& a, const ComplexBall& b) {
  return acb_equal(acb_of(a), acb_of(b)) != 0;
}
std::ostream& operator<<(std::ostream& out, const ComplexBall& z) {
  return out << z.to_string();
}

ComplexBall exp(const ComplexBall& z) {
  return direct(z, acb_exp, "exp");
}
ComplexBall expm1(const ComplexBall& z) {
  return direct(z, acb_expm1, "expm1");
}
ComplexBall sin(const ComplexBall& z) {
  return direct(z, acb_sin, "sin");
}
ComplexBall cos(const ComplexBall& z) {
  return direct(z, acb_cos, "cos");
}
ComplexBall tan(const ComplexBall& z) {
  return direct(z, acb_tan, "tan");
}
ComplexBall sinh(const ComplexBall& z) {
  return direct(z, acb_sinh, "sinh");
}
ComplexBall cosh(const ComplexBall& z) {
  return direct(z, acb_cosh, "cosh");
}
ComplexBall tanh(const ComplexBall& z) {
  return direct(z, acb_tanh, "tanh");
}
// Arb gives up on boxes around tiny numbers at few bits. There, with |z| < 1, |erf(z) − 2z/√π| ≤ (2/√π) |z|³/2.
ComplexBall erf(const ComplexBall& z) {
  const ComplexBall result = direct(z, acb_hypgeom_erf, "erf");
  if (result.is_finite() || !(z.abs_upper() < 1)) return result;
  const Ball slope = 2 / sqrt(pi<Ball>(Precision::bits(result.bits())));
  const Ball size = Ball::from_double_exactly(z.abs_upper(), Precision::bits(result.bits()));
  const Ball rest = widen(Ball(0), slope * pow_int(size, 3) / 2);
  return slope * z + ComplexBall(rest, rest);
}
ComplexBall erfc(const ComplexBall& z) {
  return direct(z, acb_hypgeom_erfc, "erfc");
}

ComplexBall Phi(const ComplexBall& z) {
  const Precision precision = Precision::bits(stated_precision(z.bits(), "Phi"));
  return erfc(-z / sqrt(Ball(2, precision))) / 2;
}

ComplexBall phi(const ComplexBall& z) {
  const Precision precision = Precision::bits(stated_precision(z.bits(), "phi"));
  return exp(-pow_int(z, 2) / 2) / sqrt(2 * pi<Ball>(precision));
}

// The exponential that is small: a large one on a wide box contains 0, and −1 with it.
ComplexBall sigmoid(const ComplexBall& z) {
  if (!certainly_negative(z.re())) return 1 / (1 + exp(-z));
  const ComplexBall e = exp(z);
  return e / (1 + e);
}

ComplexBall pow_int(const ComplexBall& z, long n) {
  ComplexBall result = blank(n < 0 ? stated_precision(z.bits(), "a negative power") : z.bits());
  acb_pow_si(acb_of(result), acb_of(z), n, ring_precision(result.bits()));
  return result;
}

ComplexBall log(const ComplexBall& z, Analytic analytic) {
  stated_precision(z.bits(), "log");
  return with_flag(z, analytic, acb_log_analytic);
}

ComplexBall log1p(const ComplexBall& z, Analytic analytic) {
  const Precision precision = Precision::bits(stated_precision(z.bits(), "log1p"));
  if (analytic == Analytic::yes && may_meet_log_cut(1 + z)) return ComplexBall::indeterminate(precision);
  return direct(z, acb_log1p, "log1p");
}

ComplexBall sqrt(const ComplexBall& z, Analytic analytic) {
  stated_precision(z.bits(), "sqrt");
  return with_flag(z, analytic, acb_sqrt_analytic);
}

// The cuts go from ±i along the imaginary axis to infinity.
ComplexBall atan(const ComplexBall& z, Analytic analytic) {
  const Precision precision = Precision::bits(stated_precision(z.bits(), "atan"));
  if (analytic == Analytic::yes && z.re().contains_zero() && !certainly_less(abs(z.im()), 1)) {
    return ComplexBall::indeterminate(precision);
  }
  return direct(z, acb_atan, "atan");
}

// log(1 + e^z) = z + log(1 + e^−z) where |Im z| < π; on the right half plane the second form is the tight one, and
// holomorphic because |e^−z| < 1.
ComplexBall softplus(const ComplexBall& z, Analytic analytic) {
  const Precision precision = Precision::bits(stated_precision(z.bits(), "softplus"));
  if (certainly_positive(z.re()) && certainly_less(abs(z.im()), pi<Ball>(precision))) {
    return z + log1p(exp(-z));
  }
  if (analytic == Analytic::yes) {
    // Holomorphic off the points iπ(2k+1): continued from the real axis on either side of the imaginary one, which may
    // be crossed below the first of them only.
    if (certainly_positive(z.re())) return z + log1p(exp(-z));
    if (!certainly_negative(z.re()) && !certainly_less(abs(z.im()), pi<Ball>(precision))) {
      return ComplexBall(Ball::indeterminate(precision));
    }
  }
  return log1p(exp(z), analytic);
}

ComplexBall pow(const ComplexBall& z, const ComplexBall& w, Analytic analytic) {
  if (w.is_real()) {
    if (const auto n = w.re().to_long()) return pow_int(z, *n);
  }
  ComplexBall result = blank(stated_precision(std::max(z.bits(), w.bits()), "a power"));
  acb_pow_analytic(acb_of(result), acb_of(z), acb_of(w), analytic == Analytic::yes ? 1 : 0, result.bits());
  return result;
}

ComplexBall abs(const ComplexBall& z, Analytic analytic) {
  return with_flag(z, analytic, acb_real_abs);
}
ComplexBall sign(const ComplexBall& z, Analytic analytic) {
  return with_flag(z, analytic, acb_real_sgn);
}
ComplexBall step(const ComplexBall& z, Analytic analytic) {
  return with_flag(z, analytic, acb_real_heaviside);
}

ComplexBall min(const ComplexBall& z, const ComplexBall& w, Analytic analytic) {
  return -max(-z, -w, analytic);
}

ComplexBall max(const ComplexBall& z, const ComplexBall& w, Analytic analytic) {
  ComplexBall result = blank(std::max(z.bits(), w.bits()));
  acb_real_max(acb_of(result), acb_of(z), acb_of(w), analytic == Analytic::yes ? 1 : 0, ring_precision(result.bits()));
  return result;
}

template <>
ComplexBall number<ComplexBall>(const Rational& q, Precision precision) {
  return Ball(q, precision);
}

template <>
ComplexBall pi<ComplexBall>(Precision precision) {
  return pi<Ball>(precision);
}

template <>
ComplexBall euler<ComplexBall>(Precision precision) {
  return euler<Ball>(precision);
}

}  // namespace nke
