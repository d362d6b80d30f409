// SPDX-License-Identifier: Apache-2.0
#include "dual_integrals.hpp"

#include <algorithm>
#include <cmath>

#include <nke/exact/real/error.hpp>

namespace nke {

std::shared_ptr<const NestedQuadrature> DualIntegrals::rule_for(double largest) const {
  const int power = largest > 0 ? (std::ilogb(largest) + 2) / 2 : 0;
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

Estimate DualIntegrals::operator()(const Covariance& at) const {
  return (*rule_for(std::max(at.a, at.b)))(at);
}

double DualIntegrals::scale(double a, double b) const {
  const auto moment = [&](double variance) { return rule_for(variance)->second_moment(variance).value; };
  return std::sqrt(moment(a)) * std::sqrt(moment(b));
}

}  // namespace nke
