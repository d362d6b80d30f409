// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include <nke/exact/expr/parse.hpp>

namespace nke {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Insertions, deletions, substitutions and swaps of neighbours that turn a into b; case does not count.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last.back();
}

}  // namespace

std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t longest_name = 40;  // nothing longer is a misspelt name
  if (name.empty() || name.size() > longest_name) return {};
  const auto length_gap = [name](std::string_view other) {
    return name.size() > other.size() ? name.size() - other.size() : other.size() - name.size();
  };
  std::string_view nearest;
  std::size_t smallest = 1 + std::max<std::size_t>(1, name.size() / 3);  // a third of the letters may be wrong
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance >= candidate.size()) continue;  // every letter would be wrong
    const bool as_near = distance == smallest && !nearest.empty() && length_gap(candidate) < length_gap(nearest);
    if (distance < smallest || as_near) {
      smallest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace nke
