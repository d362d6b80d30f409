// SPDX-License-Identifier: Apache-2.0
// Balls as text. Arb writes decimal intervals that contain the ball; here they get one spelling.
#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include <nke/exact/real/ball.hpp>

#include "arb_scratch.hpp"

namespace nke {
namespace {

std::string arb_text(const Ball& x, long digits, ulong flags) {
  const std::unique_ptr<char, void (*)(void*)> text(arb_get_str(arb_of(x), digits, flags), flint_free);
  return text.get();
}

// "0.2500000" and "2.500e-7" lose the zeros that say nothing.
std::string without_trailing_zeros(const std::string& number) {
  const std::size_t exponent = std::min(number.find('e'), number.size());
  std::string mantissa = number.substr(0, exponent);
  if (mantissa.find('.') != std::string::npos) {
    mantissa.erase(mantissa.find_last_not_of('0') + 1);
    if (mantissa.back() == '.') mantissa.pop_back();
  }
  return mantissa + number.substr(exponent);
}

}  // namespace

std::string Ball::to_string() const {
  return to_string(bits_ == 0 ? Precision::digit_limit : Precision::bits(std::max(bits_, 4L)).digits());
}

std::string Ball::to_string(int digits) const {
  if (!is_finite()) return "indeterminate";
  std::string text = arb_text(*this, std::max(digits, 1), 0);
  // A ball whose centre has no digit to show comes as "[+/- 3e-10]": ask for three digits of its centre all the same.
  if (text.starts_with("[+")) text = arb_text(*this, 3, ARB_STR_MORE);
  // Two spellings come back: "1.25" if exact, "[1.25 +/- 3e-10]" if not.
  if (text.front() != '[') return without_trailing_zeros(text) + " +/- 0";
  return text.starts_with("[+") ? "0 " + text.substr(1, text.size() - 2) : text.substr(1, text.size() - 2);
}

int Ball::proven_digits() const {
  if (!is_finite()) return 0;
  if (is_exact()) return Precision::digit_limit;
  // Arb's relative accuracy in bits tells how many digits are worth trying; the text tells how many came out.
  const long bits = arb_rel_accuracy_bits(arb_of(*this));
  if (bits < 0) return 0;
  const int attempt = static_cast<int>(
      std::min(static_cast<long>(static_cast<double>(bits) * 0.30103) + 2, static_cast<long>(Precision::digit_limit)));
  const std::string text = arb_text(*this, attempt, 0);
  if (text.front() == '[' && text[1] == '+') return 0;
  int digits = 0;
  bool leading = true;
  for (const char c : text) {
    if (c == 'e' || c == ' ') break;
    if (c < '0' || c > '9') continue;
    leading = leading && c == '0';
    if (!leading) ++digits;
  }
  return digits;
}

std::string Ball::to_decimal(int digits) const {
  if (!is_finite()) return to_string();
  const std::string text = arb_text(*this, std::max(digits, 1), ARB_STR_NO_RADIUS);
  if (is_exact()) return without_trailing_zeros(text);
  return proven_digits() > 0 ? text : to_string();
}

std::ostream& operator<<(std::ostream& out, const Ball& x) {
  return out << x.to_string();
}

}  // namespace nke
