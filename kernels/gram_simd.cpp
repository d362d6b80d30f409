// SPDX-License-Identifier: Apache-2.0
// Lanes:  float and double, on every target with vectors of fixed size.
// Error:  that of one chain of at most gram_depth fused multiply-adds, and of the sum of such chains.
// Valid:  see gram_simd.hpp; no alignment is needed.
//
// A block of rows × three vectors of columns is held in registers (24 of the 32 there are with AVX-512, 12 of 16
// otherwise), so that each load of B serves all rows and each broadcast of A three products.
#include <hwy/base.h>

#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nke/kernels/gram_simd.cpp"
#include <algorithm>
#include <utility>

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "gram_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class T>
using Tag = hn::CappedTag<T, 64 / sizeof(T)>;
template <class T>
using Vec = hn::Vec<Tag<T>>;
template <class T>
inline constexpr std::size_t lanes = HWY_LANES(T) < 64 / sizeof(T) ? HWY_LANES(T) : 64 / sizeof(T);
template <class T>
inline constexpr std::size_t width = 3 * lanes<T>;

#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_NEON
inline constexpr std::size_t block_rows = 8;
#else
inline constexpr std::size_t block_rows = 4;
#endif

template <class T, std::size_t... R>
HWY_INLINE void block(const T* HWY_RESTRICT a, std::size_t stride, const T* HWY_RESTRICT b, std::size_t depth, bool add,
                      T* HWY_RESTRICT c, std::index_sequence<R...>) {
  const Tag<T> d;
  Vec<T> left[sizeof...(R)] = {(static_cast<void>(R), hn::Zero(d))...};
  Vec<T> middle[sizeof...(R)] = {(static_cast<void>(R), hn::Zero(d))...};
  Vec<T> right[sizeof...(R)] = {(static_cast<void>(R), hn::Zero(d))...};
  for (std::size_t k = 0; k < depth; ++k, b += width<T>) {
    const Vec<T> b0 = hn::LoadU(d, b), b1 = hn::LoadU(d, b + lanes<T>), b2 = hn::LoadU(d, b + 2 * lanes<T>);
    const auto row = [&](auto r) HWY_ATTR {
      const Vec<T> x = hn::Set(d, a[r * stride + k]);
      left[r] = hn::MulAdd(x, b0, left[r]);
      middle[r] = hn::MulAdd(x, b1, middle[r]);
      right[r] = hn::MulAdd(x, b2, right[r]);
    };
    (row(std::integral_constant<std::size_t, R>()), ...);
  }
  const auto store = [&](auto r) HWY_ATTR {
    T* to = c + r * simd::tile_side;
    if (add) {
      left[r] = hn::Add(hn::LoadU(d, to), left[r]);
      middle[r] = hn::Add(hn::LoadU(d, to + lanes<T>), middle[r]);
      right[r] = hn::Add(hn::LoadU(d, to + 2 * lanes<T>), right[r]);
    }
    hn::StoreU(left[r], d, to);
    hn::StoreU(middle[r], d, to + lanes<T>);
    hn::StoreU(right[r], d, to + 2 * lanes<T>);
  };
  (store(std::integral_constant<std::size_t, R>()), ...);
}

template <class T>
void tile(const T* a, std::size_t m, const T* panels, std::size_t n, std::size_t depth, T* c) {
  const std::size_t cuts = (depth + simd::gram_depth - 1) / simd::gram_depth;
  const std::size_t length = cuts > 0 ? (depth + cuts - 1) / cuts : 0;
  for (std::size_t j = 0; j < n; j += width<T>) {
    const T* panel = panels + j * depth;
    for (std::size_t k = 0; k < std::max<std::size_t>(depth, 1); k += std::max<std::size_t>(length, 1)) {
      const std::size_t here = std::min(length, depth - k);
      std::size_t i = 0;
      for (; i + block_rows <= m; i += block_rows) {
        block(a + i * depth + k, depth, panel + k * width<T>, here, k > 0, c + i * simd::tile_side + j,
              std::make_index_sequence<block_rows>());
      }
      for (; i < m; ++i) {
        block(a + i * depth + k, depth, panel + k * width<T>, here, k > 0, c + i * simd::tile_side + j,
              std::make_index_sequence<1>());
      }
    }
  }
}

template <class T>
void pack_rows(const T* rows, std::size_t count, std::size_t depth, T* packed) {
  for (std::size_t j = 0; j < count; j += width<T>) {
    const std::size_t here = std::min(width<T>, count - j);
    T* to = packed + j * depth;
    for (std::size_t k = 0; k < depth; ++k, to += width<T>) {
      for (std::size_t r = 0; r < here; ++r) to[r] = rows[(j + r) * depth + k];
      std::fill(to + here, to + width<T>, T{0});
    }
  }
}

void tile_float(const float* a, std::size_t m, const float* panels, std::size_t n, std::size_t depth, float* c) {
  tile(a, m, panels, n, depth, c);
}
void tile_double(const double* a, std::size_t m, const double* panels, std::size_t n, std::size_t depth, double* c) {
  tile(a, m, panels, n, depth, c);
}
void pack_float(const float* rows, std::size_t count, std::size_t depth, float* packed) {
  pack_rows(rows, count, depth, packed);
}
void pack_double(const double* rows, std::size_t count, std::size_t depth, double* packed) {
  pack_rows(rows, count, depth, packed);
}
std::size_t width_float() {
  return width<float>;
}
std::size_t width_double() {
  return width<double>;
}

}  // namespace nke::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nke::kernels::simd {

HWY_EXPORT(tile_float);
HWY_EXPORT(tile_double);
HWY_EXPORT(pack_float);
HWY_EXPORT(pack_double);
HWY_EXPORT(width_float);
HWY_EXPORT(width_double);

std::size_t panel_width(float) {
  return HWY_DYNAMIC_DISPATCH(width_float)();
}
std::size_t panel_width(double) {
  return HWY_DYNAMIC_DISPATCH(width_double)();
}
void pack(const float* rows, std::size_t count, std::size_t depth, float* packed) {
  HWY_DYNAMIC_DISPATCH(pack_float)(rows, count, depth, packed);
}
void pack(const double* rows, std::size_t count, std::size_t depth, double* packed) {
  HWY_DYNAMIC_DISPATCH(pack_double)(rows, count, depth, packed);
}
void gram_tile(const float* a, std::size_t m, const float* panels, std::size_t n, std::size_t depth, float* c) {
  HWY_DYNAMIC_DISPATCH(tile_float)(a, m, panels, n, depth, c);
}
void gram_tile(const double* a, std::size_t m, const double* panels, std::size_t n, std::size_t depth, double* c) {
  HWY_DYNAMIC_DISPATCH(tile_double)(a, m, panels, n, depth, c);
}

}  // namespace nke::kernels::simd
#endif
