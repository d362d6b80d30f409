// SPDX-License-Identifier: Apache-2.0
#include "exact_evaluate.hpp"

#include <algorithm>

#include <nke/exact/dual/exact_value.hpp>
#include <nke/exact/real/error.hpp>

#include "exact_radius.hpp"

namespace nke::detail {
namespace {

constexpr long first_guard = 48;  // what two or three cancellations of tame size take
constexpr long scale_bits = 128;
constexpr long scale_bit_ceiling = 2048;

}  // namespace

Bindings<Ball> ExactPoint::at(Precision precision) const {
  return {{"a", Ball(a, precision)}, {"b", Ball(b, precision)}, {"c", Ball(c, precision)}, {"d", Ball(d, precision)}};
}

std::string ExactPoint::pair_text() const {
  return "(a, b) = (" + a.to_string() + ", " + b.to_string() + ")";
}

Evaluation evaluate_until(const Expr& form, const ExactPoint& point, long first, long bit_ceiling, const Aim& aim) {
  Evaluation result{Ball(), first, false, false};
  bool undefined_before = false;
  for (long bits = first; bits <= bit_ceiling;) {
    const Precision precision = Precision::bits(bits);
    result.value = evaluate<Ball>(form, point.at(precision), precision);
    result.bits = bits;
    if (result.value.is_finite()) {
      result.reached = aim.reached(result.value);
      if (result.reached) break;
      bits += std::max(bits / 4, std::min(aim.missing_bits(result.value) + 16, 3 * bits));
    } else {
      result.undefined = undefined_before;
      if (result.undefined) break;
      undefined_before = true;
      bits *= 2;
    }
  }
  return result;
}

Ball relative_unit(int digits) {
  if (digits < 1 || digits > exact_digit_limit) {
    throw LimitError("exact values have 1 ... " + std::to_string(exact_digit_limit) + " digits, not " +
                     std::to_string(digits));
  }
  return scaled_by_power_of_two(Ball(pow(Rational(10), -digits), Precision::bits(64)), -3);
}

long first_bits(int digits) {
  return Precision::digits(digits).bits() + first_guard;
}

std::optional<Ball> diagonal_from_below(const Expr& form, const Rational& a) {
  const auto known = [](const Ball& square) { return radius_at_most(square, least_magnitude(square) / 4); };
  const auto missing = [](const Ball& square) { return square.bits(); };
  const Evaluation square = evaluate_until(form, {a, a, a}, scale_bits, scale_bit_ceiling, {known, missing});
  if (!square.reached) return std::nullopt;
  return least_magnitude(square.value);
}

}  // namespace nke::detail
