// SPDX-License-Identifier: Apache-2.0
#include "dual_integrals.hpp"

#include <algorithm>
#include <cmath>

#include <nke/exact/real/error.hpp>

namespace nke {

double DualIntegrals::operator()(const Covariance& at) const {
  const double largest = std::max(at.a, at.b);
  const int power = largest > 0 ? (std::ilogb(largest) + 2) / 2 : 0;
  std::shared_ptr<const NestedQuadrature> rule;
  {
    const std::scoped_lock lock(mutex_);
    std::shared_ptr<const NestedQuadrature>& planned = planned_[power];
    if (!planned) {
      try {
        planned = std::make_shared<const NestedQuadrature>(sigma_, std::max(largest, std::ldexp(1.0, 2 * power)));
      } catch (const Error&) {  // σ may be integrable here and not a little further out
        return NestedQuadrature(sigma_, largest)(at).value;
      }
    }
    rule = planned;
  }
  return (*rule)(at).value;
}

}  // namespace nke
