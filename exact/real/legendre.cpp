// SPDX-License-Identifier: Apache-2.0
#include "legendre.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <utility>

namespace nke {
namespace {

struct Legendre {
  Mpfr value, slope;
};

// P_n and its derivative.
Legendre legendre_at(int n, const Mpfr& x) {
  Mpfr before = x * 0 + 1, value = x;
  for (int m = 2; m <= n; ++m) {
    Mpfr next = ((2 * m - 1) * x * value - (m - 1) * before) / m;
    before = std::move(value);
    value = std::move(next);
  }
  return {value, n * (x * value - before) / (x * x - 1)};
}

// Tricomi's approximation, then Newton's method with twice the digits each time.
std::vector<LegendreNode> rule(int n, long bits) {
  const int degree = 2 * n;
  std::vector<LegendreNode> nodes;
  for (int i = 1; i <= n; ++i) {
    const double start = std::cos(std::numbers::pi * (4 * i - 1) / (4 * degree + 2));
    Mpfr x = Mpfr::from_double_exactly(start);
    Legendre p = legendre_at(degree, x);
    for (long good = 8;; good *= 2) {
      x = x.at_precision(Precision::bits(std::clamp(2 * good + 20, 64L, bits + 20)));
      p = legendre_at(degree, x);
      x = x - p.value / p.slope;
      if (good >= bits) break;
    }
    nodes.push_back({x.at_precision(Precision::bits(bits)),
                     (2 / ((1 - x * x) * p.slope * p.slope)).at_precision(Precision::bits(bits))});
  }
  return nodes;
}

}  // namespace

const std::vector<LegendreNode>& legendre_half(int n, long bits) {
  thread_local std::map<std::pair<int, long>, std::vector<LegendreNode>> known;
  constexpr std::size_t most = 16;
  const auto found = known.find({n, bits});
  if (found != known.end()) return found->second;
  if (known.size() >= most) known.clear();
  return known.emplace(std::pair(n, bits), rule(n, bits)).first->second;
}

}  // namespace nke
