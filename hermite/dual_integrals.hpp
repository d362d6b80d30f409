// SPDX-License-Identifier: Apache-2.0
// Nested integrals for the single entries no faster method reaches, planned once for each power of four of the
// variance. Private to the fast dual.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/dual/covariance.hpp>
#include <nke/hermite/nested_quadrature.hpp>

namespace nke {

class DualIntegrals {
 public:
  explicit DualIntegrals(Activation sigma) : sigma_(std::move(sigma)) {}
  Estimate operator()(const Covariance& at) const;
  /// √(E σ(u)² E σ(v)²).
  double scale(double a, double b) const;

 private:
  std::shared_ptr<const NestedQuadrature> rule_for(double largest) const;

  Activation sigma_;
  mutable std::mutex mutex_;
  mutable std::map<int, std::shared_ptr<const NestedQuadrature>> planned_;
};

}  // namespace nke
