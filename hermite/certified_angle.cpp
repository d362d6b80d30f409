// SPDX-License-Identifier: Apache-2.0
#include "certified_angle.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <nke/exact/real/arb_access.hpp>

#include "angle_bound.hpp"
#include "plane_tail.hpp"

namespace nke {
namespace {

constexpr double widest = 0.55;     // angle: beyond, a Hermite series of moderate degree does
constexpr double narrowest = 0.02;  // below, a table is not worth its making
constexpr std::size_t most_nodes = 72;
constexpr double ratios[] = {9, 6, 4.2, 3, 2.2};  // r of the ellipse

struct Plan {
  double reach = 0;
  double r = 0;
  double log_bound = 0;
  std::size_t nodes = 0;
  // of the interpolant alone
  double log_error() const {
    return log_bound + std::log(4 / (r - 1)) - (static_cast<double>(nodes) - 1) * std::log(r) + 1e-9;
  }
};

// The fewest nodes for this reach, if any ellipse is proven.
std::optional<Plan> plan_for(const AngleBound& bound, double reach, double log_error) {
  std::optional<Plan> best;
  for (const double r : ratios) {
    const double m = bound.log_on_ellipse(reach, r);
    if (m == no_bound) continue;
    Plan plan{reach, r, m, 2};
    const double needed = 2 + std::max(0.0, (plan.log_error() + std::log(r) - log_error) / std::log(r));
    if (!(needed < static_cast<double>(most_nodes))) continue;
    plan.nodes = static_cast<std::size_t>(std::ceil(needed)) + 1;
    if (best && plan.nodes >= best->nodes) break;
    best = plan;
  }
  return best;
}

// A fraction near x, of a few more bits.
Rational fraction_near(const Ball& x, long bits) {
  fmpz_t scaled;
  fmpz_init(scaled);
  Ball shifted = x;
  arb_mul_2exp_si(arb_of(shifted), arb_of(x), bits);
  arf_get_fmpz(scaled, arb_midref(arb_of(shifted)), ARF_RND_DOWN);
  mpz_class numerator;
  fmpz_get_mpz(numerator.get_mpz_t(), scaled);
  fmpz_clear(scaled);
  mpq_class value(numerator);
  value /= mpq_class(mpz_class(1) << static_cast<mp_bitcnt_t>(bits));
  return Rational(value);
}

}  // namespace

Ball AngleTable::angle(const Rational& a, const Rational& b, const Rational& c, long bits) {
  const Precision precision = Precision::bits(bits);
  return atan2(sqrt(Ball(a * b - c * c, precision)), abs(Ball(c, precision)));
}

std::shared_ptr<const AngleTable> AngleTable::make(const CertifiedPieces& pieces, const AngleRequest& request,
                                                   const Value& value) {
  const double asked = request.log_scale - request.digits * std::numbers::ln10;
  const PlaneTail tail(pieces.growth, request.a, request.b);
  const double radius = tail.reach(asked - std::log(40));
  const AngleBound bound(pieces, request, radius);
  std::optional<Plan> plan;
  for (double reach = bound.reach(widest); !plan && reach >= narrowest; reach /= 2) {
    plan = plan_for(bound, reach, asked - std::log(4));
  }
  if (!plan) return nullptr;

  auto table = std::make_shared<AngleTable>();
  table->reach_ = plan->reach;
  const auto n = plan->nodes;
  table->bits_ = Precision::digits(request.digits).bits() + 40 + 2 * static_cast<long>(n);
  const Precision precision = Precision::bits(2 * table->bits_ + 60);
  const Ball root = sqrt(Ball(request.a * request.b, precision));
  const Ball half = Ball::from_double_exactly(plan->reach / 2, precision);
  // How far a segment of the real line is from the ellipse: what |K_R'| ≤ M/distance costs a node that is misplaced.
  const double distance = plan->reach / 2 * ((plan->r + 1 / plan->r) / 2 - 1);
  double worst = 0;
  std::vector<Ball> values;
  std::vector<Ball> cosines;  // cos(π (j + 1/2)/n)
  for (std::size_t j = 0; j < n; ++j) {
    cosines.push_back(cos(pi<Ball>(precision) * Ball(Rational(2 * j + 1, 2 * n), precision)));
    const Ball theta = half * (1 + cosines.back());
    const Rational c = fraction_near(root * cos(theta), precision.bits()) * Rational(request.sign);
    const Ball found = value(c);
    const double misplaced = abs(angle(request.a, request.b, c, precision.bits()) - theta).upper();
    const double moved = misplaced * std::exp(plan->log_bound + 1e-9) / distance;
    worst = std::max(worst, found.radius() + moved);
    values.push_back(found.center().at_precision(precision));
  }
  const double lebesgue = 1 + 0.64 * std::log(static_cast<double>(n) + 1);
  const double of_values = lebesgue * (worst + std::exp(tail.log_at(radius) + 1e-9));
  table->error_ = (of_values + std::exp(plan->log_error()) + std::exp(tail.log_at(radius))) * (1 + 1e-9);
  // c_k = (2/n) Σ_j values_j cos(k π (j + 1/2)/n), the first halved; by the recurrence of T_k at all nodes at once.
  std::vector<Ball> before(n, Ball(1).at_precision(precision));
  std::vector<Ball> current = cosines;
  for (std::size_t k = 0; k < n; ++k) {
    Ball sum = Ball(0).at_precision(precision);
    for (std::size_t j = 0; j < n; ++j) sum += values[j] * before[j];
    sum *= Ball(Rational(k == 0 ? 1 : 2, n), precision);
    table->coefficients_.push_back(sum.at_precision(Precision::bits(table->bits_)));
    for (std::size_t j = 0; j < n; ++j) {
      Ball next = 2 * cosines[j] * current[j] - before[j];
      before[j] = std::move(current[j]);
      current[j] = std::move(next);
    }
  }
  return table;
}

Ball AngleTable::operator()(const Ball& theta) const {
  // Clenshaw.
  const Precision precision = Precision::bits(bits_);
  const Ball t = 2 * theta.at_precision(precision) / Ball::from_double_exactly(reach_, precision) - 1;
  const Ball twice = 2 * t;
  Ball last = Ball(0).at_precision(precision);
  Ball before = last;
  for (std::size_t k = coefficients_.size(); k-- > 1;) {
    Ball next = twice * last - before + coefficients_[k];
    before = std::move(last);
    last = std::move(next);
  }
  return widen(t * last - before + coefficients_[0], Ball::from_double_exactly(error_));
}

}  // namespace nke
