// SPDX-License-Identifier: Apache-2.0
// What is left for the single entries no faster method reaches. Private to the fast dual.
//
// Method      with a closed form: that form over balls (exact_value.hpp), 17 digits of the scale, 0.1 to 1 ms. Else, where the
//             one kink is at 0, zero_kink_dual.hpp, some 10 µs; else a nested integral, 1 to 10 ms. Both are planned
//             once for each power of four of the variance.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/dual/covariance.hpp>
#include <nke/exact/dual/exact_value.hpp>
#include <nke/hermite/nested_quadrature.hpp>

#include "zero_kink_dual.hpp"

namespace nke {

class DualIntegrals {
 public:
  explicit DualIntegrals(Activation sigma) : sigma_(std::move(sigma)) {}
  Estimate operator()(const Covariance& at) const;
  /// √(E σ(u)² E σ(v)²).
  double scale(double a, double b) const;

 private:
  std::shared_ptr<const NestedQuadrature> rule_for(double largest) const;
  std::shared_ptr<const ZeroKinkDual> zero_kink_for(double largest) const;

  Activation sigma_;
  mutable std::mutex mutex_;
  mutable std::map<int, std::shared_ptr<const NestedQuadrature>> planned_;
  mutable std::map<int, std::shared_ptr<const ZeroKinkDual>> zero_kinks_;  // null where there is none
};

/// A covariance as exact fractions, c² ≤ ab to the letter; `d`, where given, says what ab − c² is, and c follows it.
struct ExactCovariance {
  ExactCovariance(double a, double b, double c, std::optional<double> d);
  Rational a, b, c;
};

class DualExactly {
 public:
  DualExactly(const Activation& sigma, const ClosedForm& form);
  /// DomainError where the expectation is infinite, NotCertified where it takes too many bits.
  double operator()(const ExactCovariance& at, DualPart part) const;

 private:
  ExactDual dual_;
};

}  // namespace nke
