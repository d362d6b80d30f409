// SPDX-License-Identifier: Apache-2.0
#include "exact_evaluate.hpp"

#include <algorithm>
#include <limits>

#include <nke/exact/dual/covariance.hpp>
#include <nke/exact/dual/exact_value.hpp>
#include <nke/exact/real/error.hpp>

#include "exact_radius.hpp"

namespace nke::detail {
namespace {

constexpr long first_guard = 24;  // what two or three cancellations of tame size take
constexpr long limb = 64;         // bits are had by the word
constexpr std::size_t most_ready = 16;
constexpr long scale_bits = 128;
constexpr long scale_bit_ceiling = 2048;

}  // namespace

std::array<Ball, 4> ExactPoint::at(Precision precision) const {
  return {Ball(a, precision), Ball(b, precision), Ball(c, precision), Ball(d, precision)};
}

Ball ExactFormula::operator()(const ExactPoint& point, Precision precision) const {
  const auto prepared = [&] {
    const std::lock_guard lock(mutex_);
    auto found = ready_.find(precision.bits());
    if (found == ready_.end()) {
      if (ready_.size() == most_ready) ready_.clear();
      const std::vector<std::string> variables{"a", "b", "c", "d"};
      found = ready_.emplace(precision.bits(), Evaluator<Ball>(formula_, variables, precision)).first;
    }
    return found->second;
  }();
  const std::array<Ball, 4> values = point.at(precision);
  return prepared(std::span<const Ball>(values));
}

void ExactPoint::require_covariance() const {
  const bool is_one = a.sign() >= 0 && b.sign() >= 0 && d.sign() >= 0;
  if (!is_one) static_cast<void>(Covariance(a, b, c));  // which says what is wrong
}

std::string ExactPoint::pair_text() const {
  return "(a, b) = (" + a.to_string() + ", " + b.to_string() + ")";
}

Evaluation evaluate_until(const ExactFormula& form, const ExactPoint& point, long first, long bit_ceiling,
                          const Aim& aim) {
  Evaluation result{Ball(), first, false, false};
  bool undefined_before = false;
  long missing_before = std::numeric_limits<long>::max(), bits_before = 0;
  for (long bits = first; bits <= bit_ceiling;) {
    const Precision precision = Precision::bits(bits);
    result.value = form(point, precision);
    result.bits = bits;
    if (result.value.is_finite()) {
      result.reached = aim.reached(result.value);
      if (result.reached) break;
      const long missing = aim.missing_bits(result.value);
      // A ball that shrinks by a bit for each bit spent does not get there: e^(-10^11) as a difference of terms near 1.
      const bool steadily = bits_before > 0 && missing_before - missing <= 2 * (bits - bits_before);
      if (steadily && missing > 4 * bit_ceiling) break;
      missing_before = missing;
      bits_before = bits;
      bits += std::max(bits / 4, std::min(missing + 16, 3 * bits));
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
  return scaled_by_power_of_two(Ball(1), -Precision::digits(digits).bits() - 2);
}

long first_bits(int digits) {
  const long wanted = Precision::digits(digits).bits() + first_guard;
  return (wanted + limb - 1) / limb * limb;
}

std::optional<Ball> diagonal_from_below(const ExactFormula& form, const Rational& a) {
  const auto known = [](const Ball& square) { return radius_at_most(square, least_magnitude(square) / 4); };
  const auto missing = [](const Ball& square) { return square.bits(); };
  const Evaluation square = evaluate_until(form, {a, a, a}, scale_bits, scale_bit_ceiling, {known, missing});
  if (!square.reached) return std::nullopt;
  return least_magnitude(square.value);
}

}  // namespace nke::detail
