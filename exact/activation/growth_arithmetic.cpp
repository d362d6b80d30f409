// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <tuple>

#include "growth_rules.hpp"

namespace nke::detail {
namespace {

// The least double not below, as a fraction: amplitudes stay short however many are multiplied.
std::optional<Rational> rounded_up(const Rational& q) {
  const double high = Range::enclosing(q).high;
  if (std::isinf(high)) return std::nullopt;
  return Rational::from_double_exactly(high);
}

Bound with_amplitude(GrowthBound bound, const Rational& amplitude) {
  const auto rounded = rounded_up(amplitude);
  if (!rounded) return std::nullopt;
  bound.amplitude = *rounded;
  return bound;
}

GrowthBound fastest(const GrowthBound& a, const GrowthBound& b) {
  return {.amplitude = Rational(0),
          .power = std::max(a.power, b.power),
          .linear = std::max(a.linear, b.linear),
          .quadratic = std::max(a.quadratic, b.quadratic)};
}

}  // namespace

Bound bound_of_constant(double magnitude) {
  if (!std::isfinite(magnitude)) return std::nullopt;
  return GrowthBound{Rational::from_double_exactly(magnitude), Rational(0), Rational(0), Rational(0)};
}

Bound sum_of(const Bound& a, const Bound& b) {
  if (!a || !b) return std::nullopt;
  if (a->amplitude.is_zero()) return b;
  if (b->amplitude.is_zero()) return a;
  return with_amplitude(fastest(*a, *b), a->amplitude + b->amplitude);
}

Bound product_of(const Bound& a, const Bound& b) {
  if (!a || !b) return std::nullopt;
  if (a->amplitude.is_zero() || b->amplitude.is_zero()) return bound_of_constant(0);
  return with_amplitude({Rational(0), a->power + b->power, a->linear + b->linear, a->quadratic + b->quadratic},
                        a->amplitude * b->amplitude);
}

Bound power_of(const Bound& a, const Rational& exponent) {
  if (!a) return std::nullopt;
  if (a->amplitude.is_zero()) return a;
  const auto amplitude = bound_of_constant(pow(Range::enclosing(a->amplitude), exponent).high);
  if (!amplitude) return std::nullopt;
  return GrowthBound{amplitude->amplitude, a->power * exponent, a->linear * exponent, a->quadratic * exponent};
}

Bound join(const Bound& a, const Bound& b) {
  if (!a || !b) return std::nullopt;
  if (a->amplitude.is_zero()) return b;
  if (b->amplitude.is_zero()) return a;
  return with_amplitude(fastest(*a, *b), std::max(a->amplitude, b->amplitude));
}

Bound better_of(const Bound& a, const Bound& b) {
  if (!a || !b) return a ? a : b;
  if (a->amplitude.is_zero() || b->amplitude.is_zero()) return a->amplitude.is_zero() ? a : b;
  const auto key = [](const GrowthBound& g) { return std::tie(g.quadratic, g.linear, g.power, g.amplitude); };
  return key(*b) < key(*a) ? b : a;
}

}  // namespace nke::detail
