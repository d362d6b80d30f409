// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <mutex>

#include <nke/exact/integrate/gauss_legendre_nodes.hpp>

namespace nke {
namespace {

std::shared_ptr<const GaussLegendreNodes> computed(int points, long bits) {
  auto rule = std::make_shared<GaussLegendreNodes>();
  const auto count = static_cast<std::size_t>(points);
  rule->nodes = ArbVector(count);
  rule->weights = ArbVector(count);
  rule->bits = bits;
  // Arb numbers the roots from the right.
  for (std::size_t i = 0; i < (count + 1) / 2; ++i) {
    const std::size_t mirror = count - 1 - i;
    arb_hypgeom_legendre_p_ui_root(rule->nodes[mirror], rule->weights[mirror], count, i, bits);
    if (mirror == i) break;
    arb_neg(rule->nodes[i], rule->nodes[mirror]);
    arb_set(rule->weights[i], rule->weights[mirror]);
  }
  return rule;
}

}  // namespace

std::shared_ptr<const GaussLegendreNodes> gauss_legendre_nodes(int points, long bits) {
  static std::mutex mutex;
  static std::map<int, std::shared_ptr<const GaussLegendreNodes>> known;
  const std::scoped_lock lock(mutex);
  auto& rule = known[points];
  if (!rule || rule->bits < bits) rule = computed(points, (bits + 63) / 64 * 64);
  return rule;
}

}  // namespace nke
