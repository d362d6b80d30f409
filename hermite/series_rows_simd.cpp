// SPDX-License-Identifier: Apache-2.0
// Lanes: doubles and floats, four vectors of columns at a time: eight chains of fused operations hide their latency.
#include <cstddef>

#include "series_rows.hpp"

#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nke/hermite/series_rows_simd.cpp"
#include <hwy/foreach_target.h>
// Highway's own header comes after foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nke {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class T>
HWY_ATTR HWY_INLINE void sum_group(const T* row, const T* columns, const T* x, std::size_t terms, T* p, T* dp) {
  constexpr std::size_t group = series_group<T>;
  const hn::CappedTag<T, 64 / sizeof(T)> d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t begin = 0; begin < group; begin += 4 * lanes) {
    hn::Vec<decltype(d)> at[4], sum[4], slope[4];
    for (std::size_t u = 0; u < 4; ++u) {
      at[u] = hn::LoadU(d, x + begin + u * lanes);
      sum[u] = slope[u] = hn::Zero(d);
    }
    for (std::size_t m = terms; m-- > 0;) {
      const auto h = hn::Set(d, row[m]);
      const T* column = columns + m * group + begin;
      for (std::size_t u = 0; u < 4; ++u) {
        slope[u] = hn::MulAdd(slope[u], at[u], sum[u]);
        sum[u] = hn::MulAdd(sum[u], at[u], hn::Mul(h, hn::LoadU(d, column + u * lanes)));
      }
    }
    for (std::size_t u = 0; u < 4; ++u) {
      hn::StoreU(sum[u], d, p + begin + u * lanes);
      hn::StoreU(slope[u], d, dp + begin + u * lanes);
    }
  }
}

HWY_ATTR void sum_doubles(const double* row, const double* columns, const double* x, std::size_t terms, double* p,
                          double* dp) {
  sum_group(row, columns, x, terms, p, dp);
}
HWY_ATTR void sum_floats(const float* row, const float* columns, const float* x, std::size_t terms, float* p,
                         float* dp) {
  sum_group(row, columns, x, terms, p, dp);
}

}  // namespace HWY_NAMESPACE
}  // namespace nke
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nke {

HWY_EXPORT(sum_doubles);
HWY_EXPORT(sum_floats);

void sum_series(const double* row, const double* columns, const double* x, std::size_t terms, double* p, double* dp) {
  HWY_DYNAMIC_DISPATCH(sum_doubles)(row, columns, x, terms, p, dp);
}
void sum_series(const float* row, const float* columns, const float* x, std::size_t terms, float* p, float* dp) {
  HWY_DYNAMIC_DISPATCH(sum_floats)(row, columns, x, terms, p, dp);
}

}  // namespace nke
#endif
