// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include <nke/plots/ticks.hpp>

namespace nke::plots {

namespace {

constexpr double slack = 1e-9;  // of a step: a tick on the end of the range is inside it

std::string with_minus_sign(std::string number) {
  if (number.starts_with('-')) number.replace(0, 1, "−");
  return number;
}

Text power_of_ten(int exponent) {
  return Text("10") + Text(with_minus_sign(std::to_string(exponent)), Face::raised);
}

std::vector<Tick> linear_ticks(Range range, int wanted) {
  const double raw = (range.upper - range.lower) / wanted;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  const double lead = raw / power;
  const int digit = lead < std::sqrt(2.0) ? 1 : lead < std::sqrt(10.0) ? 2 : lead < std::sqrt(50.0) ? 5 : 10;
  const double step = power * digit;
  const int minor = digit == 2 ? 2 : 5;  // parts of a step
  std::vector<Tick> found;
  const double farthest = std::max(std::abs(range.lower), std::abs(range.upper));
  if (farthest / step > 1e9) return {{range.lower, tick_label(range.lower)}};  // neighbouring labels would read alike
  const auto first = static_cast<long>(std::ceil(range.lower / step * minor - slack));
  const auto last = static_cast<long>(std::floor(range.upper / step * minor + slack));
  for (long i = first; i <= last; ++i) {
    // Rounding to the step's own digits turns 0.30000000000000004 into the number that is meant.
    const double at = i == 0 ? 0.0 : std::stod(fmt::format("{:.12g}", static_cast<double>(i) * step / minor));
    found.push_back({at, i % minor == 0 ? tick_label(at) : Text()});
  }
  return found;
}

std::vector<Tick> log_ticks(Range range, int wanted) {
  const double low = std::log10(range.lower);
  const double high = std::log10(range.upper);
  const auto first = static_cast<int>(std::floor(low + slack));
  const auto last = static_cast<int>(std::ceil(high - slack));
  int stride = 1;
  for (const int candidate : {1, 2, 3, 5, 10, 20, 50, 100}) {
    stride = candidate;
    if ((high - low) / candidate <= wanted + 1) break;
  }
  const bool few = high - low < 2;              // then decades alone say too little
  const bool plain = first >= -3 && last <= 5;  // 0.02 reads better than 2×10^{−2}
  std::vector<Tick> found;
  for (int decade = first; decade <= last; ++decade) {
    for (int digit = 1; digit < 10; ++digit) {
      const double at = digit * std::pow(10.0, decade);
      const double position = std::log10(at);
      if (position < low - slack || position > high + slack) continue;
      if (digit == 1 && decade % stride == 0) {
        found.push_back({at, few && plain ? tick_label(at) : power_of_ten(decade)});
      } else if (few && (digit == 2 || digit == 5)) {
        found.push_back({at, plain ? tick_label(at) : Text(std::to_string(digit) + "×") + power_of_ten(decade)});
      } else if (stride == 1 || digit == 1) {
        found.push_back({at, {}});
      }
    }
  }
  return found;
}

}  // namespace

Text tick_label(double value) {
  const double size = std::abs(value);
  if (value == 0 || (size >= 1e-4 && size < 1e6)) return with_minus_sign(fmt::format("{:.6g}", value));
  const auto exponent = static_cast<int>(std::floor(std::log10(size) + slack));
  const std::string lead = fmt::format("{:.4g}", value / std::pow(10.0, exponent));
  if (lead == "1") return power_of_ten(exponent);
  return Text(with_minus_sign(lead) + "×") + power_of_ten(exponent);
}

std::vector<Tick> ticks(const Axis& axis, Range range, int wanted) {
  if (!axis.ticks.empty()) {
    std::vector<Tick> found;
    for (const double at : axis.ticks) {
      if (at >= range.lower && at <= range.upper) found.push_back({at, tick_label(at)});
    }
    std::sort(found.begin(), found.end(), [](const Tick& a, const Tick& b) { return a.at < b.at; });
    return found;
  }
  if (!(range.upper > range.lower)) return {{range.lower, tick_label(range.lower)}};
  return axis.scale == Scale::log ? log_ticks(range, wanted) : linear_ticks(range, wanted);
}

}  // namespace nke::plots
