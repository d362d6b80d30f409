// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <nke/exact/real/error.hpp>
#include <nke/sketch/budget.hpp>

namespace nke::sketch {
namespace {

// total · √A_n / Σ √A, where those that would get less than 1 get 1 and the rest share what is left.
std::vector<double> real_shares(std::span<const double> costs, double total) {
  std::vector<double> shares(costs.size(), 0);
  std::vector<bool> at_least_one(costs.size(), false);
  for (bool settled = false; !settled;) {
    double weight = 0, left = total;
    for (std::size_t n = 0; n < costs.size(); ++n) {
      if (at_least_one[n]) {
        left -= 1;
      } else {
        weight += std::sqrt(costs[n]);
      }
    }
    settled = true;
    for (std::size_t n = 0; n < costs.size(); ++n) {
      if (costs[n] == 0 || at_least_one[n]) continue;
      shares[n] = left * std::sqrt(costs[n]) / weight;
      if (shares[n] < 1) {
        shares[n] = 1;
        at_least_one[n] = true;
        settled = false;
      }
    }
  }
  return shares;
}

}  // namespace

std::vector<std::size_t> share_features(std::span<const double> costs, std::size_t total) {
  std::size_t blocks = 0;
  for (const double cost : costs) {
    if (!(cost >= 0) || std::isinf(cost)) throw DomainError("the cost of a block must be finite and not negative");
    blocks += cost > 0 ? 1 : 0;
  }
  if (blocks == 0) throw DomainError("no block has a cost: there is nothing to share the features among");
  if (total < blocks) {
    throw DomainError(std::to_string(total) + " features cannot be shared among " + std::to_string(blocks) +
                      " blocks: at least " + std::to_string(blocks) + " are needed");
  }
  const std::vector<double> shares = real_shares(costs, static_cast<double>(total));
  std::vector<std::size_t> features(shares.size());
  std::vector<std::size_t> by_fraction;
  for (std::size_t n = 0; n < shares.size(); ++n) {
    features[n] = static_cast<std::size_t>(shares[n]);
    if (costs[n] > 0) by_fraction.push_back(n);
  }
  // The largest fractions are rounded up until the total is met; ties go to the lower degree. Rounding in `shares` may
  // move the floor sum by one either way, so both directions are walked.
  const auto fraction = [&](std::size_t n) { return shares[n] - std::floor(shares[n]); };
  std::stable_sort(by_fraction.begin(), by_fraction.end(),
                   [&](std::size_t a, std::size_t b) { return fraction(a) > fraction(b); });
  std::size_t used = std::accumulate(features.begin(), features.end(), std::size_t{0});
  for (std::size_t i = 0; used < total; ++i, ++used) ++features[by_fraction[i % by_fraction.size()]];
  for (std::size_t i = 0; used > total; ++i) {
    std::size_t& m = features[by_fraction[by_fraction.size() - 1 - i % by_fraction.size()]];
    if (m > 1) --m, --used;
  }
  return features;
}

double remaining_cost(std::span<const double> costs, std::span<const std::size_t> features) {
  double sum = 0;
  for (std::size_t n = 0; n < costs.size(); ++n) {
    if (costs[n] > 0) sum += costs[n] / static_cast<double>(features[n]);
  }
  return sum;
}

}  // namespace nke::sketch
