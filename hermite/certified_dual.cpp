// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>
#include <optional>
#include <tuple>

#include <nke/exact/expr/substitute.hpp>
#include <nke/exact/real/arb_access.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_coefficients.hpp>
#include <nke/hermite/certified_dual.hpp>
#include <nke/hermite/certified_plane.hpp>

#include "certified_angle.hpp"
#include "certified_change.hpp"

namespace nke {
namespace {

constexpr int guard_digits = 3;  // of coefficients over those of the result
constexpr int first_degree = 64;
constexpr int series_limit = 1024;  // degrees; beyond, the plane is cheaper
constexpr int tight_degree = 400;   // up to here the series is taken without a look at the tail
constexpr std::size_t cache_limit = 64;
constexpr int patience = 8;  // integrals at the same variances, next to the same end, before a table is made

using Shared = std::shared_ptr<const CertifiedCoefficients>;

// Rounded up to a few values, so that nearby correlations share coefficients.
int rounded_degree(double needed) {
  int degree = first_degree;
  while (degree < needed && degree < series_limit) degree = degree * 3 / 2;
  return std::min(degree, series_limit);
}

}  // namespace

struct CertifiedDual::State {
  Activation sigma;
  int digits;
  Declarations declared;
  CertifiedPieces pieces;
  std::mutex mutex;
  std::map<Rational, Shared> known;
  // Next to ρ = ±1 at two variances; null if none can be made.
  struct Near {
    int asked = 0;
    bool tried = false;
    std::shared_ptr<const AngleTable> table;
  };
  std::map<std::tuple<Rational, Rational, int>, Near> near;
  std::once_flag changed;
  std::optional<CertifiedChange> changes;

  State(const Activation& s, int d, const Declarations& given)
      : sigma(s),
        digits(d),
        declared(given),
        pieces(certified_pieces(s, given, Precision::digits(d).bits() + 200, Singularity::at_zero)) {}

  const CertifiedChange& change() {
    std::call_once(changed, [this] { changes.emplace(sigma, pieces); });
    return *changes;
  }

  // h_0 … h_N at least, from the cache if it has them.
  Shared coefficients(const Rational& variance, int degree) {
    {
      const std::scoped_lock lock(mutex);
      const auto found = known.find(variance);
      if (found != known.end() && static_cast<int>(found->second->values.size()) > degree) return found->second;
    }
    auto made = std::make_shared<const CertifiedCoefficients>(certified_coefficients(
        sigma, variance, {.degree = degree, .digits = digits + guard_digits, .declared = declared}));
    const std::scoped_lock lock(mutex);
    if (known.size() >= cache_limit) known.clear();
    known[variance] = made;
    return made;
  }

  CertifiedValue series(const CertifiedCoefficients& of_a, const CertifiedCoefficients& of_b, const Ball& rho) const {
    const std::size_t count = std::min(of_a.values.size(), of_b.values.size());
    // Horner, from the highest degree.
    Ball sum = Ball(0).at_precision(Precision::bits(rho.bits()));
    for (std::size_t n = count; n-- > 0;) sum = sum * rho + of_a.values[n] * of_b.values[n];
    const double tails = std::sqrt(of_a.tail.upper() * of_b.tail.upper()) * (1 + 0x1p-50);
    const Ball rest = pow_int(abs(rho), static_cast<long>(count)) * Ball::from_double_exactly(tails);
    return {widen(sum, rest), "series, degree " + std::to_string(count - 1)};
  }

  CertifiedValue plane(const Rational& a, const Rational& b, const Rational& c, double log_scale, int to_digits) const {
    const PlaneValue integral =
        certified_plane(pieces, {.a = a, .b = b, .c = c, .digits = to_digits, .log_scale = log_scale});
    return {integral.value, "plane, " + std::to_string(integral.evaluations) + " evaluations"};
  }

  // What serves one end, made if it is wanted at once or has been asked for often enough.
  Near next_to(const Rational& a, const Rational& b, int sign, double log_scale, bool now) {
    if (pieces.smooth() || pieces.singular) return {};
    const std::tuple key(a, b, sign);
    {
      const std::scoped_lock lock(mutex);
      if (near.size() >= cache_limit) near.clear();
      Near& end = near[key];
      if (end.tried || (++end.asked < patience && !now)) return end;
      end.tried = true;  // others that ask meanwhile integrate
    }
    const auto made =
        AngleTable::make(pieces, {.a = a, .b = b, .sign = sign, .digits = digits + 1, .log_scale = log_scale},
                         [&](const Rational& c) { return plane(a, b, c, log_scale, digits + 2).value; });
    const std::scoped_lock lock(mutex);
    return near[key] = {patience, true, made};
  }

  bool narrow(const Ball& value, const Ball& norm_a, const Ball& norm_b) const {
    const double scale = std::sqrt(norm_a.upper()) * std::sqrt(norm_b.upper());
    return value.radius() <= std::pow(10.0, -digits) * scale;
  }

  // u = ±(√b/√a) v almost surely: E σ(√a x) σ(±√b x).
  CertifiedValue line(const Rational& a, const Rational& b, int sign) {
    const auto scaled = [&](const Expr& factor) { return substitute(sigma.expression(), "x", factor * symbol("x")); };
    Expr product;
    Rational variance = 1;
    if (a == b) {
      if (sign > 0) return {coefficients(a, 0)->norm, "line"};
      product = sigma.expression() * scaled(Expr(-1));
      variance = a;
    } else {
      product = scaled(sqrt(Expr(a))) * scaled(Expr(sign) * sqrt(Expr(b)));
    }
    if (declared.breakpoints || declared.growth) {
      throw NotCertified("at |rho| = 1 declared breakpoints and growth cannot be used");
    }
    const Activation both(product, sigma.name() + " twice");
    const auto integral = certified_coefficients(both, variance, {.degree = 0, .digits = digits + guard_digits});
    return {integral.values[0], "line"};
  }
};

CertifiedDual::CertifiedDual(const Activation& sigma, int digits, const Declarations& declared)
    : state_(std::make_shared<State>(sigma, digits, declared)) {}

const Activation& CertifiedDual::activation() const {
  return state_->sigma;
}
const std::vector<std::string>& CertifiedDual::assumptions() const {
  return state_->pieces.assumptions;
}
int CertifiedDual::digits() const {
  return state_->digits;
}
CertifiedValue CertifiedDual::operator()(const Rational& a, const Rational& b, const Rational& c) const {
  if (a.sign() < 0 || b.sign() < 0) throw DomainError("a variance is negative");
  const Rational ab = a * b;
  if (c * c > ab)
    throw DomainError("c^2 > ab for a = " + a.to_string() + ", b = " + b.to_string() + ", c = " + c.to_string() +
                      ": not a covariance");
  State& state = *state_;
  if (ab.is_zero() || c.is_zero()) {
    return {state.coefficients(a, 0)->values[0] * state.coefficients(b, 0)->values[0],
            ab.is_zero() ? "point" : "series, degree 0"};
  }
  if (c * c == ab) return state.line(a, b, c.sign());
  const Precision precision = Precision::bits(Precision::digits(state.digits + guard_digits).bits() + 40);
  const Ball rho = Ball(c, precision) / sqrt(Ball(ab, precision));
  // −log |ρ|, from the small quantity 1 − ρ² = (ab − c²)/ab where |ρ| is close to 1.
  const double decay = -0.5 * std::log1p(-((ab - c * c) / ab).to_double());
  const double needed = (state.digits + guard_digits) * std::numbers::ln10 / decay;
  const int first = needed <= tight_degree ? rounded_degree(needed) : first_degree;
  Shared of_a = state.coefficients(a, first);
  Shared of_b = a == b ? of_a : state.coefficients(b, first);
  CertifiedValue value = state.series(*of_a, *of_b, rho);
  if (state.narrow(value.value, of_a->norm, of_b->norm)) return value;
  if (state.pieces.smooth() || state.pieces.removable) {
    // Smooth: the tail itself falls like e^{−κ √N}. Would a longer series do?
    const double tail = std::log(std::max(of_a->tail.upper() / of_a->norm.mid(), 1e-300));
    const double count = static_cast<double>(of_a->values.size());
    for (const int degree : {216, 486, series_limit}) {
      const double longer = degree / count;
      const double predicted = tail * std::sqrt(std::max(longer, 1.0)) - decay * degree;
      if (predicted > -state.digits * std::numbers::ln10 || longer <= 1) continue;
      of_a = state.coefficients(a, degree);
      of_b = a == b ? of_a : state.coefficients(b, degree);
      value = state.series(*of_a, *of_b, rho);
      if (state.narrow(value.value, of_a->norm, of_b->norm)) return value;
      break;
    }
  }
  const double log_scale = (std::log(of_a->norm.upper()) + std::log(of_b->norm.upper())) / 2;
  const auto near = state.next_to(a, b, c.sign(), log_scale, false);
  if (near.table) {
    const Ball theta = AngleTable::angle(a, b, c, near.table->bits());
    if (theta.upper() <= near.table->reach()) {
      value = {(*near.table)(theta), "table in arccos rho, " + std::to_string(near.table->nodes()) + " nodes"};
      if (state.narrow(value.value, of_a->norm, of_b->norm)) return value;
    }
  }
  if ((near.tried || state.pieces.singular) && needed <= series_limit) {
    // Not that near, and many values are asked for: a long series pays.
    of_a = state.coefficients(a, rounded_degree(needed));
    of_b = a == b ? of_a : state.coefficients(b, rounded_degree(needed));
    value = state.series(*of_a, *of_b, rho);
    if (state.narrow(value.value, of_a->norm, of_b->norm)) return value;
  }
  if (state.pieces.singular) {
    throw NotCertified("K of " + state.sigma.name() +
                       ", which is singular at 0, is computed by its series alone: at rho = " + rho.to_decimal(6) +
                       " it does not reach " + std::to_string(state.digits) + " digits");
  }
  value = state.plane(a, b, c, log_scale, state.digits);
  if (!state.narrow(value.value, of_a->norm, of_b->norm)) {
    throw NotCertified("K is only known to be " + value.value.to_string(10) + ", not to " +
                       std::to_string(state.digits) + " digits");
  }
  return value;
}

double CertifiedDual::prepare(const Rational& a, const Rational& b, int sign) const {
  if (a.sign() <= 0 || b.sign() <= 0) throw DomainError("variances to prepare for must be positive");
  const auto log_norm = [&](const Rational& v) {
    return std::log(state_->coefficients(v, first_degree)->norm.upper());
  };
  const auto near = state_->next_to(a, b, sign < 0 ? -1 : 1, (log_norm(a) + log_norm(b)) / 2, true);
  return near.table ? near.table->reach() : 0;
}

namespace {

// The centre itself: a double near it would cost all digits beyond the sixteenth.
Rational center_of(const Ball& x) {
  mpq_class center;
  fmpq_t exact;
  fmpq_init(exact);
  arf_get_fmpq(exact, arb_midref(arb_of(x)));
  fmpq_get_mpq(center.get_mpq_t(), exact);
  fmpq_clear(exact);
  return Rational(center);
}

Ball exact(const Rational& q, const Ball& like) {
  return {q, Precision::bits(std::max(like.bits(), 200L) + 64)};
}

}  // namespace

Ball CertifiedDual::norm(const Ball& a, const NormAtCentre& known) const {
  State& state = *state_;
  const CertifiedOptions options{.degree = 0, .digits = state.digits + guard_digits, .declared = state.declared};
  // A narrow ball may stand for its centre throughout the quadrature; a wider one would never come out narrow.
  const bool narrow = a.radius() <= std::pow(10.0, -state.digits - 2 * guard_digits) * a.mid();
  if (!known && (a.is_exact() || narrow || !certainly_positive(a))) return certified_norm(state.sigma, a, options);
  const Ball at = exact(center_of(a), a);
  Ball value = known ? known(at) : Ball::indeterminate(Precision::of_double());
  if (!value.is_finite()) value = certified_norm(state.sigma, at, options);
  if (a.is_exact()) return value;
  return widen(value, Ball::from_double_exactly(state.change().of_norm(a, at)));
}

CertifiedValue CertifiedDual::over(const Ball& a, const Ball& b, const Ball& c, const AtCentre& known) const {
  const Rational a0 = center_of(a);
  const Rational b0 = center_of(b);
  Rational c0 = center_of(c);
  if (!certainly_positive(a) || !certainly_positive(b)) {
    throw NotCertified("uncertain variances must be positive for certain");
  }
  if (c0 * c0 > a0 * b0) {
    // The centres are no covariance; a fraction next to the end that makes one.
    if (abs(c).lower() > sqrt(a * b).upper()) throw DomainError("c^2 > ab: not a covariance");
    const Ball root = sqrt(exact(a0 * b0, a));
    const Rational limit = center_of(root) - Rational::from_double_exactly(root.radius());
    c0 = c0.sign() < 0 ? -limit : limit;
  }
  const CovarianceOf<Ball> at{exact(a0, a), exact(b0, b), exact(c0, c)};
  CertifiedValue result{known ? known(at.a, at.b, at.c) : Ball::indeterminate(Precision::of_double()), "as given"};
  if (!result.value.is_finite()) result = (*this)(a0, b0, c0);
  if (a.is_exact() && b.is_exact() && abs(c - at.c).upper() == 0) return result;
  result.value = widen(result.value, Ball::from_double_exactly(state_->change()({a, b, c}, at)));
  return result;
}

}  // namespace nke
