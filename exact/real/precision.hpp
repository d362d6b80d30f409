// SPDX-License-Identifier: Apache-2.0
// How many digits a number carries: a value that travels with the numbers, never a global setting.
//
// Definition  bits() is the length of the mantissa; digits(D) takes the fewest bits that hold any D decimal digits.
// Domain      2 bits … 4 million bits, 1 digit … 1 million digits. Outside: LimitError.
// Error       none here: digits(D).digits() >= D always. Guard digits are the business of each algorithm.
#pragma once

#include <compare>
#include <string>

#include <nke/exact/real/error.hpp>

namespace nke {

class Precision {
 public:
  static constexpr int digit_limit = 1'000'000;
  static constexpr long bit_limit = 4'000'000;

  static constexpr Precision digits(int count) {
    if (count < 1 || count > digit_limit) {
      throw LimitError("a precision of " + std::to_string(count) + " digits is outside 1 ... " +
                       std::to_string(digit_limit));
    }
    // log2(10) = 3.32192809488736…, here rounded up; one bit more so that D digits survive the way there and back.
    return Precision(static_cast<long>((count * 332192810LL + 99999999LL) / 100000000LL) + 1);
  }

  static constexpr Precision bits(long count) {
    if (count < 2 || count > bit_limit) {
      throw LimitError("a precision of " + std::to_string(count) + " bits is outside 2 ... " +
                       std::to_string(bit_limit));
    }
    return Precision(count);
  }

  /// The mantissa of a double.
  static constexpr Precision of_double() { return Precision(53); }

  constexpr long bits() const { return bits_; }
  /// Decimal digits that always fit: floor((bits − 1) log10 2).
  constexpr int digits() const { return static_cast<int>(((bits_ - 1) * 30102999566LL) / 100000000000LL); }

  /// Room for an algorithm that loses this many bits.
  constexpr Precision with_guard(long extra) const { return bits(bits_ + extra); }

  friend constexpr auto operator<=>(const Precision&, const Precision&) = default;

 private:
  explicit constexpr Precision(long count) : bits_(count) {}
  long bits_;
};

}  // namespace nke
