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
HWY_ATTR HWY_INLINE T correlate_group(const SeriesGroup<T>& g, const T* c, T* rho) {
  const hn::CappedTag<T, 64 / sizeof(T)> d;
  using V = hn::Vec<decltype(d)>;
  const V one = hn::Set(d, T{1}), root = hn::Set(d, g.inverse_root);
  V largest = hn::Zero(d);
  for (std::size_t j = 0; j < series_group<T>; j += hn::Lanes(d)) {
    const V r = hn::Mul(hn::LoadU(d, c + j), hn::Mul(root, hn::LoadU(d, g.inverse_roots + j)));
    const V size = hn::Abs(r);
    const auto inside = hn::Not(hn::Gt(size, one));  // of NaN too
    hn::StoreU(hn::IfThenElse(inside, r, hn::CopySign(one, r)), d, rho + j);
    largest = hn::IfThenElse(hn::Gt(size, largest), hn::Min(size, one), largest);
  }
  return hn::GetLane(hn::MaxOfLanes(d, largest));
}

template <class T>
HWY_ATTR HWY_INLINE void sum_group(const SeriesGroup<T>& g, const T* rho, T* value, T* slope) {
  constexpr std::size_t group = series_group<T>;
  const hn::CappedTag<T, 64 / sizeof(T)> d;
  using V = hn::Vec<decltype(d)>;
  const std::size_t lanes = hn::Lanes(d);
  const V zero = hn::Zero(d), two = hn::Set(d, T{2});
  const V inverse_root = hn::Set(d, g.inverse_root), mean_slope = hn::Set(d, g.mean_slope);
  for (std::size_t begin = 0; begin < group; begin += 4 * lanes) {
    V at[4], sum[4], steep[4];
    for (std::size_t u = 0; u < 4; ++u) {
      const V r = hn::LoadU(d, rho + begin + u * lanes);
      at[u] = g.stride == 2 ? hn::Mul(r, r) : r;
      sum[u] = steep[u] = zero;
    }
    for (std::size_t m = g.terms; m-- > 0;) {
      const V h = hn::Set(d, g.row[m]);
      const T* column = g.columns + m * group + begin;
      for (std::size_t u = 0; u < 4; ++u) {
        steep[u] = hn::MulAdd(steep[u], at[u], sum[u]);
        sum[u] = hn::MulAdd(sum[u], at[u], hn::Mul(h, hn::LoadU(d, column + u * lanes)));
      }
    }
    // From the polynomial in x = ρ or ρ² and its derivative in x to those in ρ, and in c.
    for (std::size_t u = 0; u < 4; ++u) {
      const std::size_t j = begin + u * lanes;
      const V r = hn::LoadU(d, rho + j);
      V of_rho = steep[u];
      if (g.stride == 2) {
        of_rho = g.first == 1 ? hn::MulAdd(hn::Mul(two, at[u]), steep[u], sum[u]) : hn::Mul(hn::Mul(two, r), steep[u]);
      }
      const V inverse = hn::Mul(inverse_root, hn::LoadU(d, g.inverse_roots + j));
      const V at_zero = hn::Mul(mean_slope, hn::LoadU(d, g.mean_slopes + j));
      hn::StoreU(g.first == 1 ? hn::Mul(r, sum[u]) : sum[u], d, value + j);
      hn::StoreU(hn::IfThenElse(hn::Gt(inverse, zero), hn::Mul(of_rho, inverse), at_zero), d, slope + j);
    }
  }
}

HWY_ATTR double correlate_doubles(const SeriesGroup<double>& group, const double* c, double* rho) {
  return correlate_group(group, c, rho);
}
HWY_ATTR float correlate_floats(const SeriesGroup<float>& group, const float* c, float* rho) {
  return correlate_group(group, c, rho);
}
HWY_ATTR void sum_doubles(const SeriesGroup<double>& group, const double* rho, double* value, double* slope) {
  sum_group(group, rho, value, slope);
}
HWY_ATTR void sum_floats(const SeriesGroup<float>& group, const float* rho, float* value, float* slope) {
  sum_group(group, rho, value, slope);
}

}  // namespace HWY_NAMESPACE
}  // namespace nke
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nke {

HWY_EXPORT(correlate_doubles);
HWY_EXPORT(correlate_floats);
HWY_EXPORT(sum_doubles);
HWY_EXPORT(sum_floats);

double correlate_series(const SeriesGroup<double>& group, const double* c, double* rho) {
  return HWY_DYNAMIC_DISPATCH(correlate_doubles)(group, c, rho);
}
float correlate_series(const SeriesGroup<float>& group, const float* c, float* rho) {
  return HWY_DYNAMIC_DISPATCH(correlate_floats)(group, c, rho);
}
void sum_series(const SeriesGroup<double>& group, const double* rho, double* value, double* slope) {
  HWY_DYNAMIC_DISPATCH(sum_doubles)(group, rho, value, slope);
}
void sum_series(const SeriesGroup<float>& group, const float* rho, float* value, float* slope) {
  HWY_DYNAMIC_DISPATCH(sum_floats)(group, rho, value, slope);
}

}  // namespace nke
#endif
