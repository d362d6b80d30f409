// SPDX-License-Identifier: Apache-2.0
#include "dual_integrals.hpp"

#include <algorithm>
#include <cmath>

#include <nke/exact/real/error.hpp>

namespace nke {

namespace {

// The power of four from which on a plan serves this variance.
int power_for(double largest) {
  return largest > 0 ? (std::ilogb(largest) + 2) / 2 : 0;
}

}  // namespace

std::shared_ptr<const NestedQuadrature> DualIntegrals::rule_for(double largest) const {
  const int power = power_for(largest);
  const std::scoped_lock lock(mutex_);
  std::shared_ptr<const NestedQuadrature>& planned = planned_[power];
  if (!planned) {
    try {
      planned = std::make_shared<const NestedQuadrature>(sigma_, std::max(largest, std::ldexp(1.0, 2 * power)));
    } catch (const Error&) {  // σ may be integrable here and not a little further out
      return std::make_shared<const NestedQuadrature>(sigma_, largest);
    }
  }
  return planned;
}

std::shared_ptr<const ZeroKinkDual> DualIntegrals::zero_kink_for(double largest) const {
  const int power = power_for(largest);
  const std::scoped_lock lock(mutex_);
  const auto [at, is_new] = zero_kinks_.try_emplace(power);
  if (is_new) at->second = ZeroKinkDual::make(sigma_, std::ldexp(1.0, 2 * power));
  return at->second;
}

Estimate DualIntegrals::operator()(const Covariance& at) const {
  const double largest = std::max(at.a, at.b);
  if (at.a > 0 && at.b > 0 && at.sine > 0) {
    if (const auto apart = zero_kink_for(largest)) {
      if (const std::optional<Estimate> found = (*apart)(at)) return *found;
    }
  }
  return (*rule_for(largest))(at);
}

double DualIntegrals::scale(double a, double b) const {
  const auto moment = [&](double variance) { return rule_for(variance)->second_moment(variance).value; };
  return std::sqrt(moment(a)) * std::sqrt(moment(b));
}

ExactCovariance::ExactCovariance(double a_given, double b_given, double c_given, std::optional<double> d)
    : a(Rational::from_double_exactly(a_given)),
      b(Rational::from_double_exactly(b_given)),
      c(Rational::from_double_exactly(c_given)) {
  const Rational product = a * b;
  // Far from ρ = ±1 the covariance is better known than what d says of it.
  const bool by_d = d && Rational(2) * c * c > product;
  if (!by_d && c * c <= product) return;
  const Rational beneath = by_d && *d > 0 ? Rational::from_double_exactly(*d) : Rational(0);
  if (beneath > product) return;
  const Rational square = product - beneath;
  if (a == b && beneath.is_zero()) {
    c = c.sign() < 0 ? -a : a;
    return;
  }
  // Newton's steps towards the root of `square`: 53 more bits each.
  for (int i = 0; i < 4; ++i) c = c + Rational::from_double_exactly(((square - c * c) / (c + c)).to_double());
  const Rational inwards = Rational(1) - Rational(1) / pow(Rational(2), 180);
  while (c * c > product) c = c * inwards;
}

DualExactly::DualExactly(const Activation& sigma, const ClosedForm& form) : dual_(form, normal_form(sigma)) {}

double DualExactly::operator()(const ExactCovariance& at, DualPart part) const {
  ExactOptions options;
  options.digits = 17;
  options.part = part;
  return dual_(at.a, at.b, at.c, options).value.mid();
}

}  // namespace nke
