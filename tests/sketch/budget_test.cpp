// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <numeric>
#include <queue>
#include <vector>

#include <nke/exact/real/error.hpp>
#include <nke/sketch/budget.hpp>
#include <nke/sketch/random.hpp>

#include "support.hpp"

using nke::sketch::remaining_cost;
using nke::sketch::share_features;

namespace {

// The best split into integers: features are given out one at a time where the next one helps most (the sum is convex).
double least_cost(const std::vector<double>& costs, std::size_t total) {
  std::vector<std::size_t> m(costs.size(), 0);
  const auto gain = [&](std::size_t n) {
    const double k = static_cast<double>(m[n]);
    return costs[n] / (k * (k + 1));
  };
  std::priority_queue<std::pair<double, std::size_t>> next;
  for (std::size_t n = 0; n < costs.size(); ++n) {
    if (costs[n] == 0) continue;
    m[n] = 1;
    --total;
    next.emplace(gain(n), n);
  }
  for (; total > 0; --total) {
    const std::size_t n = next.top().second;
    next.pop();
    ++m[n];
    next.emplace(gain(n), n);
  }
  return remaining_cost(costs, m);
}

}  // namespace

TEST_CASE("a budget with a solution in integers is solved exactly [fact]") {
  CHECK(share_features(std::vector<double>{1, 4, 9, 0, 16}, 100) == std::vector<std::size_t>{10, 20, 30, 0, 40});
  CHECK(share_features(std::vector<double>{0, 3}, 7) == std::vector<std::size_t>{0, 7});
  CHECK(share_features(std::vector<double>{1, 1e-30, 1e-30}, 10) == std::vector<std::size_t>{8, 1, 1});
}

TEST_CASE("all features are given out, one at least to every block with a cost, and nearly in the best way [law]") {
  CAPTURE(nke::test::seed());
  nke::sketch::RandomStream random(nke::test::seed(), 21);
  for (int i = 0; i < nke::test::iterations(300); ++i) {
    std::vector<double> costs(1 + random.below(12));
    std::size_t blocks = 0;
    for (double& c : costs) c = random.below(4) == 0 ? 0 : std::exp(8 * random.gaussian());
    for (const double c : costs) blocks += c > 0 ? 1 : 0;
    if (blocks == 0) continue;
    const std::size_t total = blocks + random.below(3000);
    CAPTURE(costs);
    CAPTURE(total);
    const auto m = share_features(costs, total);
    CHECK(std::accumulate(m.begin(), m.end(), std::size_t{0}) == total);
    for (std::size_t n = 0; n < m.size(); ++n) CHECK((m[n] > 0) == (costs[n] > 0));
    // Rounding moves each m_n by less than one: by less than m_n/2 if m_n ≥ 2, so the sum at most doubles, and it is
    // far closer when the features are many.
    const double best = least_cost(costs, total);
    CHECK(remaining_cost(costs, m) >= best * (1 - 1e-12));
    CHECK(remaining_cost(costs, m) <= 2 * best);
    if (total > 100 * blocks) CHECK(remaining_cost(costs, m) <= 1.05 * best);
  }
}

TEST_CASE("budgets without an answer are refused [fault]") {
  const double infinite = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(share_features(std::vector<double>{0, 0}, 5), nke::DomainError);
  CHECK_THROWS_AS(share_features(std::vector<double>{1, -1}, 5), nke::DomainError);
  CHECK_THROWS_AS(share_features(std::vector<double>{1, infinite}, 5), nke::DomainError);
  CHECK_THROWS_AS(share_features(std::vector<double>{1, std::nan("")}, 5), nke::DomainError);
  CHECK_THROWS_WITH_AS(share_features(std::vector<double>{1, 1, 1}, 2),
                       "2 features cannot be shared among 3 blocks: at least 3 are needed", nke::DomainError);
}
