// SPDX-License-Identifier: Apache-2.0
// How exact are the fast duals? Every named activation with a closed form, over random covariances, against proven
// values; docs/generated/accuracy.md is what this prints:
//   bench_dual_accuracy > docs/generated/accuracy.md
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

#include <nke/exact/activation/named.hpp>

#include "dual_grid.hpp"

namespace {

constexpr std::uint64_t seed = 2022;

struct Zone {
  const char* name;
  double low, high;
  int points;
};
constexpr Zone usual{"1e-3 … 1e3", 1e-3, 1e3, 150}, wide{"1e-12 … 1e12", 1e-12, 1e12, 60};

struct Measured {
  double error = 0;
  int points = 0, refused = 0;
};

// 1, 2 or 5 times a power of ten, at least twice what was seen: room for points the seed did not draw.
double stated(double seen, double least) {
  const double wanted = std::max(2 * seen, least);
  const double power = std::pow(10, std::floor(std::log10(wanted)));
  for (const double digit : {1.0, 2.0, 5.0, 10.0}) {
    if (digit * power >= wanted * (1 - 1e-9)) return digit * power;
  }
  return 10 * power;
}

template <class T>
Measured measure(const nke::FastDual& dual, const nke::test::ProvenDual& proven, const Zone& zone) {
  Measured result;
  for (nke::test::GridPoint p : nke::test::dual_grid(zone.points, zone.low, zone.high, seed)) {
    if constexpr (sizeof(T) == sizeof(float)) p = nke::test::rounded_to_float(p);
    const auto want = proven.at(p);
    if (!want || !nke::test::fits<T>(*want)) continue;
    try {
      result.error = std::max(result.error, nke::test::largest_error<T>(dual, p, *want));
      ++result.points;
    } catch (const nke::Error&) {
      ++result.refused;
    }
  }
  return result;
}

std::string cell(const Measured& m, double least) {
  if (m.points == 0) return "– | –";
  char text[64];
  std::snprintf(text, sizeof text, "%.1e | %.0e", m.error, stated(m.error, least));
  return text;
}

}  // namespace

int main() {
  std::printf(
      "<!-- Written by bench_dual_accuracy; do not edit. -->\n"
      "# Accuracy of the fast duals\n\n"
      "The larger error of K and K̇ by `FastDual`, relative to √(K(a,a,a) K(b,b,b)) and to the same of K̇, against "
      "values\n"
      "proven to 20 digits (`ExactDual`). Random covariances, seed %llu: variances log-uniform over the range in the\n"
      "heading (b = a for a third), correlations uniform or with 1 − |ρ| log-uniform down to 1e-15, also 0 and ±1. "
      "`seen` "
      "is the largest error,\n"
      "`stated` what a test holds other points to. Floats are measured at arguments that are floats. Left out are "
      "points\n"
      "where E σ² is infinite, or a scale does not fit into the type.\n\n"
      "Command: `bench_dual_accuracy > docs/generated/accuracy.md`\n\n"
      "| activation | double, %s: seen | stated | float, %s: seen | stated | double, %s: seen | stated |\n"
      "|---|---|---|---|---|---|---|\n",
      static_cast<unsigned long long>(seed), usual.name, usual.name, wide.name);
  for (const nke::NamedActivation& row : nke::named_activations()) {
    if (row.closed_form != nke::ClosedFormClass::in) continue;
    const nke::Activation sigma = nke::activation(row.name);
    const nke::test::ProvenDual proven(sigma);
    const nke::FastDual dual(sigma, {.min_variance = usual.low, .max_variance = usual.high});
    const nke::FastDual far(sigma, {.min_variance = wide.low, .max_variance = wide.high});
    const Measured in_doubles = measure<double>(dual, proven, usual), in_floats = measure<float>(dual, proven, usual);
    const Measured far_out = measure<double>(far, proven, wide);
    std::printf("| `%s` | %s | %s | %s |\n", std::string(row.name).c_str(), cell(in_doubles, 5e-16).c_str(),
                cell(in_floats, 2e-7).c_str(), cell(far_out, 5e-16).c_str());
    std::fflush(stdout);
  }
}
