// SPDX-License-Identifier: Apache-2.0
// Lanes: up to eight doubles, four vectors of nodes at a time. Error: rounding only; measured against Mpfr in the tests
// of coefficients. Range: |z| < 50, beyond which √phi leaves the normal numbers.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <nke/hermite/polynomials.hpp>

// Few targets, for the time of the compiler; vectors without a size known to it cannot stand in arrays.
#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nke/hermite/projection_simd.cpp"
#include <hwy/foreach_target.h>
// Highway's own header comes after foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nke {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<double, 8>;
using V = hn::Vec<D>;

// One tile of `Tile` vectors of nodes. q and p are q_n and q_{n−1}; each degree costs a product and two fused
// operations a vector. Sums of a degree stay spread over the lanes of `sums` until all tiles are done.
template <int Tile>
HWY_ATTR HWY_INLINE void project_tile(const double* alpha, std::size_t count, const double* z, const double* root,
                                      const double* even, const double* odd, double* sums) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  V x[Tile], q[Tile], p[Tile];
  for (int u = 0; u < Tile; ++u) {
    const std::size_t at = static_cast<std::size_t>(u) * lanes;
    x[u] = hn::LoadU(d, z + at);
    q[u] = hn::LoadU(d, root + at);
    p[u] = hn::Zero(d);
  }
  const double* weights[2] = {even, odd};
  for (std::size_t n = 0; n < count; ++n) {
    const double* weight = weights[n % 2];
    const V a = hn::Set(d, alpha[n]);
    V sum = hn::Load(d, sums + n * lanes);
    for (int u = 0; u < Tile; ++u) {
      sum = hn::MulAdd(hn::LoadU(d, weight + static_cast<std::size_t>(u) * lanes), q[u], sum);
      const V next = hn::MulSub(hn::Mul(a, x[u]), q[u], p[u]);
      p[u] = q[u];
      q[u] = next;
    }
    hn::Store(sum, d, sums + n * lanes);
  }
}

HWY_ATTR void project_all(const double* alpha, const double* scale, std::size_t count, const double* z,
                          const double* root, const double* even, const double* odd, std::size_t nodes, double* sums,
                          double* h) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  std::fill_n(sums, count * lanes, 0.0);
  std::size_t k = 0;
  for (; k + 4 * lanes <= nodes; k += 4 * lanes) {
    project_tile<4>(alpha, count, z + k, root + k, even + k, odd + k, sums);
  }
  // What is left goes as one tile too: a single vector would wait for its own recurrence.
  const std::size_t left = (nodes - k) / lanes;
  if (left == 3) project_tile<3>(alpha, count, z + k, root + k, even + k, odd + k, sums);
  if (left == 2) project_tile<2>(alpha, count, z + k, root + k, even + k, odd + k, sums);
  if (left == 1) project_tile<1>(alpha, count, z + k, root + k, even + k, odd + k, sums);
  for (std::size_t n = 0; n < count; ++n) {
    h[n] = scale[n] * hn::GetLane(hn::SumOfLanes(d, hn::Load(d, sums + n * lanes)));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace nke
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nke {

HWY_EXPORT(project_all);

void project(const HermiteRecurrence& recurrence, std::span<const double> z, std::span<const double> root,
             std::span<const double> even, std::span<const double> odd, std::span<double> h) {
  const std::size_t count = h.size();
  thread_local std::vector<double> memory;
  if (memory.size() < 8 * count + 8) memory.resize(8 * count + 8);
  const auto address = reinterpret_cast<std::uintptr_t>(memory.data());
  double* sums = memory.data() + (64 - address % 64) % 64 / sizeof(double);
  HWY_DYNAMIC_DISPATCH(project_all)
  (recurrence.alpha().data(), recurrence.scale().data(), count, z.data(), root.data(), even.data(), odd.data(),
   z.size(), sums, h.data());
}

}  // namespace nke
#endif
