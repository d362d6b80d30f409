// SPDX-License-Identifier: Apache-2.0
// One value of a dual to as many digits as wanted, all of them proven.
//
// Definition  K(a,b,c) = E[σ(u)σ(v)], (u,v) ~ N(0, [[a,c],[c,b]]), or K̇ = E[σ'(u)σ'(v)], at exact rational a, b, c.
// Domain      a, b ≥ 0, c² ≤ ab to the letter; σ with a closed form (otherwise NoClosedForm).
//             DomainError: c² > ab; E infinite (it names the pair a, b); K̇ with the jumps of σ at c² = ab, where two
//             jumps meet (it names the jump).
// Degenerate  a = 0 or b = 0: that variable is 0, and a jump of σ or of σ' at 0 counts as the mean of its sides.
//             c² = ab: v = cu/a. There K̇ is still E[σ'(u)σ'(v)].
// Error       |value − K| ≤ radius ≤ 10^(−digits) · scale, scale = √(K(a,a,a) K(b,b,b)), or |K| itself if asked. A ball
//             that cannot be made so narrow is a NotCertified that says what is known.
// Method      the closed form over balls; its precision is doubled until the radius is small enough. Where it would
//             take too many bits (bit_ceiling) or is not defined (0/0 at c² = ab), one certified integral instead
//             (cross_check.hpp). `method` says which it was.
// Cross-check the integral in any case, over the other variable if the value came from an integral already.
// Cost        ExactDual derives once; then 0.1 … 5 ms a value at 30 digits.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/dual/closed_form.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke {

enum class DualPart {
  value,                     ///< K
  derivative,                ///< K̇, σ' almost everywhere
  distributional_derivative  ///< K̇ with the jumps of σ as point masses of σ'; ∂K/∂c
};

enum class RelativeTo { scale, value };

struct ExactOptions {
  int digits = 30;
  DualPart part = DualPart::value;
  RelativeTo relative_to = RelativeTo::scale;
  bool cross_check = false;
};

inline constexpr int exact_digit_limit = 10'000;

struct ExactValue {
  Ball value;
  /// "closed form at 164 bits", "integral over u", …
  std::string method;
  std::optional<Ball> cross_check;
  std::string cross_check_method;

  /// No cross-check, or the two balls have a number in common.
  bool agrees() const { return !cross_check || value.overlaps(*cross_check); }
};

class ExactDual {
 public:
  /// NoClosedForm if σ has none.
  explicit ExactDual(const Activation& sigma);
  /// From a form derived before; sigma is what the cross-check integrates.
  ExactDual(ClosedForm form, NormalForm sigma);

  ExactValue operator()(const Rational& a, const Rational& b, const Rational& c,
                        const ExactOptions& options = {}) const;

  /// From how many bits on the integral is preferred to the closed form.
  static long bit_ceiling(int digits);

  struct State;

 private:
  std::shared_ptr<const State> state_;
};

ExactValue exact_dual(const Activation& sigma, const Rational& a, const Rational& b, const Rational& c,
                      const ExactOptions& options = {});

}  // namespace nke
