// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <mutex>
#include <numbers>
#include <string>

#include <nke/exact/real/error.hpp>
#include <nke/hermite/gauss_legendre.hpp>

namespace nke {

namespace {

constexpr int largest = 512;

struct LegendreValue {
  long double value;
  long double derivative;
};

LegendreValue legendre(int m, long double x) {
  long double before = 1, now = x;
  for (int n = 1; n < m; ++n) {
    const long double next = ((2 * n + 1) * x * now - n * before) / (n + 1);
    before = now;
    now = next;
  }
  return {now, m * (x * now - before) / (x * x - 1)};
}

GaussLegendre make_rule(int m) {
  if (m == 1) return {{0.5}, {1.0}};
  GaussLegendre rule{std::vector<double>(static_cast<std::size_t>(m)),
                     std::vector<double>(static_cast<std::size_t>(m))};
  for (int i = 0; i < m; ++i) {
    // Tricomi's guess is good to a few digits; the iteration converges quadratically, seven steps are ample.
    long double x = -std::cos(std::numbers::pi_v<long double> * (i + 0.75L) / (m + 0.5L));
    for (int step = 0; step < 7; ++step) {
      const LegendreValue p = legendre(m, x);
      x -= p.value / p.derivative;
    }
    const long double slope = legendre(m, x).derivative;
    rule.node[static_cast<std::size_t>(i)] = static_cast<double>((1 + x) / 2);
    rule.weight[static_cast<std::size_t>(i)] = static_cast<double>(1 / ((1 - x * x) * slope * slope));
  }
  return rule;
}

}  // namespace

const GaussLegendre& gauss_legendre(int m) {
  if (m < 1 || m > largest) {
    throw LimitError("a Gauss-Legendre rule of " + std::to_string(m) + " nodes is outside 1 ... " +
                     std::to_string(largest));
  }
  static std::array<std::once_flag, largest + 1> made;
  static std::array<GaussLegendre, largest + 1> rules;
  const auto index = static_cast<std::size_t>(m);
  std::call_once(made[index], [&] { rules[index] = make_rule(m); });
  return rules[index];
}

}  // namespace nke
