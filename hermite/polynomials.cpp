// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <string>

#include <nke/exact/expr/block_math.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/polynomials.hpp>

namespace nke {

HermiteRecurrence::HermiteRecurrence(int degree) {
  if (degree < 0) throw DomainError("a Hermite degree is 0 or more, not " + std::to_string(degree));
  if (degree > 100'000) throw LimitError("Hermite degrees end at 100000; " + std::to_string(degree) + " was asked for");
  // scale_{n+1} = √(n/(n+1)) scale_{n−1} removes the factor of q_{n−1}; alpha_n = scale_n / (√(n+1) scale_{n+1}).
  const auto count = static_cast<std::size_t>(degree) + 1;
  std::vector<long double> scale(count + 1, 1.0L);
  for (std::size_t n = 1; n + 1 <= count; ++n) {
    const auto m = static_cast<long double>(n);
    scale[n + 1] = std::sqrt(m / (m + 1)) * scale[n - 1];
  }
  for (std::size_t n = 0; n < count; ++n) {
    alpha_.push_back(static_cast<double>(scale[n] / (std::sqrt(static_cast<long double>(n + 1)) * scale[n + 1])));
    scale_.push_back(static_cast<double>(scale[n]));
  }
}

void orthonormal_hermite(double z, std::span<double> p) {
  if (p.empty()) return;
  p[0] = 1;
  if (p.size() > 1) p[1] = z;
  for (std::size_t n = 1; n + 1 < p.size(); ++n) {
    const auto m = static_cast<double>(n);
    p[n + 1] = (z * p[n] - std::sqrt(m) * p[n - 1]) / std::sqrt(m + 1);
  }
}

// The rounding of z² costs z²/4 units of the result, which is then as small as exp(−z²/4): never more than half a unit
// of √phi(0).
void root_density(std::span<const double> z, std::span<double> root) {
  constexpr double at_zero = 0.63161877774606470129;  // (2π)^(−1/4)
  for (std::size_t k = 0; k < z.size(); ++k) root[k] = -0.25 * z[k] * z[k];
  block::exp(root, root);
  for (double& value : root) value *= at_zero;
}

}  // namespace nke
