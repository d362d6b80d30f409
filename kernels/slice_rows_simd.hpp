// SPDX-License-Identifier: Apache-2.0
// Neighbours of pixels in rows of a slice: included once a target by slices_simd.cpp, and by nobody else.
//
// Definition  lane j of the N vectors of a row is the pair of pixels j of x and (j + sx) mod width of x'. A neighbour counts
//             if both its pixels are in their image.
#if defined(NKE_SLICE_ROWS_SIMD) == defined(HWY_TARGET_TOGGLE)
#ifdef NKE_SLICE_ROWS_SIMD
#undef NKE_SLICE_ROWS_SIMD
#else
#define NKE_SLICE_ROWS_SIMD
#endif

#include "slice_duals_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::kernels::HWY_NAMESPACE {

#ifndef NKE_UNROLL
// Arrays of vectors are to be registers, which they are only if their indices are constants.
#if defined(__clang__)
#define NKE_UNROLL _Pragma("unroll")
#else
#define NKE_UNROLL _Pragma("GCC unroll 8")
#endif

#endif
#undef NKE_ALIGNR
#define NKE_ALIGNR (HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL)

// Which lanes have a left, a right neighbour, and which are pixels at all.
template <class T, std::size_t N>
struct Edges {
  using Mask = decltype(hn::Ne(Vec<T>(), Vec<T>()));
  Mask left[N], right[N], pixel[N];
  Edges(int width, int sx) {
    const Tag<T> d;
    for (std::size_t v = 0; v < N; ++v) {
      alignas(64) T l[lanes<T>], r[lanes<T>], p[lanes<T>];
      for (std::size_t i = 0; i < lanes<T>; ++i) {
        const int j = static_cast<int>(v * lanes<T> + i);
        const bool inside = j < width;
        p[i] = inside ? T{1} : T{0};
        l[i] = inside && j > 0 && (j + sx) % width != 0 ? T{1} : T{0};
        r[i] = j + 1 < width && (j + sx + 1) % width != 0 ? T{1} : T{0};
      }
      left[v] = hn::Ne(hn::Load(d, l), hn::Zero(d));
      right[v] = hn::Ne(hn::Load(d, r), hn::Zero(d));
      pixel[v] = hn::Ne(hn::Load(d, p), hn::Zero(d));
    }
  }
};

// Lane j of the result is lane j − 1 of (before, here), where the mask allows.
template <class T, class Mask>
HWY_INLINE Vec<T> left_of(Mask mask, Vec<T> before, Vec<T> here) {
#if NKE_ALIGNR
  if constexpr (sizeof(T) == 4) {
    return Vec<T>{_mm512_castsi512_ps(
        _mm512_maskz_alignr_epi32(mask.raw, _mm512_castps_si512(here.raw), _mm512_castps_si512(before.raw), 15))};
  } else {
    return Vec<T>{_mm512_castsi512_pd(
        _mm512_maskz_alignr_epi64(mask.raw, _mm512_castpd_si512(here.raw), _mm512_castpd_si512(before.raw), 7))};
  }
#else
  alignas(64) T buffer[2 * lanes<T>];
  const Tag<T> d;
  hn::Store(before, d, buffer);
  hn::Store(here, d, buffer + lanes<T>);
  return hn::IfThenElseZero(mask, hn::LoadU(d, buffer + lanes<T> - 1));
#endif
}
template <class T, class Mask>
HWY_INLINE Vec<T> right_of(Mask mask, Vec<T> here, Vec<T> after) {
#if NKE_ALIGNR
  if constexpr (sizeof(T) == 4) {
    return Vec<T>{_mm512_castsi512_ps(
        _mm512_maskz_alignr_epi32(mask.raw, _mm512_castps_si512(after.raw), _mm512_castps_si512(here.raw), 1))};
  } else {
    return Vec<T>{_mm512_castsi512_pd(
        _mm512_maskz_alignr_epi64(mask.raw, _mm512_castpd_si512(after.raw), _mm512_castpd_si512(here.raw), 1))};
  }
#else
  alignas(64) T buffer[2 * lanes<T>];
  const Tag<T> d;
  hn::Store(here, d, buffer);
  hn::Store(after, d, buffer + lanes<T>);
  return hn::IfThenElseZero(mask, hn::LoadU(d, buffer + 1));
#endif
}

// A row plus its neighbours on both sides, into `to`.
template <class T, std::size_t N>
HWY_INLINE void store_sums(const Edges<T, N>& edges, const Vec<T> (&row)[N], T* to) {
  const Tag<T> d;
  for (std::size_t v = 0; v < N; ++v) {
    const Vec<T> l = left_of<T>(edges.left[v], v > 0 ? row[v > 0 ? v - 1 : 0] : row[v], row[v]);
    const Vec<T> r = right_of<T>(edges.right[v], row[v], v + 1 < N ? row[v + 1 < N ? v + 1 : v] : row[v]);
    hn::Store(hn::Add(row[v], hn::Add(l, r)), d, to + v * lanes<T>);
  }
}

// Even and odd columns of a row, added to rows of half the width.
template <class T, std::size_t N>
HWY_INLINE void add_halves(const Vec<T> (&v)[N], int width, T* even, T* odd) {
  const Tag<T> d;
#if HWY_TARGET != HWY_SCALAR
  if constexpr (N > 1) {
    for (std::size_t p = 0; p < N / 2; ++p) {
      const Vec<T> e = hn::ConcatEven(d, v[2 * p + 1], v[2 * p]), o = hn::ConcatOdd(d, v[2 * p + 1], v[2 * p]);
      if (even == odd) {
        hn::Store(hn::Add(hn::Load(d, even + p * lanes<T>), hn::Add(e, o)), d, even + p * lanes<T>);
        continue;
      }
      hn::Store(hn::Add(hn::Load(d, even + p * lanes<T>), e), d, even + p * lanes<T>);
      hn::Store(hn::Add(hn::Load(d, odd + p * lanes<T>), o), d, odd + p * lanes<T>);
    }
    return;
  } else {
    const Vec<T> zero = hn::Zero(d);
    hn::Store(hn::Add(hn::Load(d, even), hn::ConcatEven(d, zero, v[0])), d, even);
    hn::Store(hn::Add(hn::Load(d, odd), hn::ConcatOdd(d, zero, v[0])), d, odd);
    return;
  }
#endif
  alignas(64) T buffer[simd::slice_vectors * 64 / sizeof(T)] = {};
  for (std::size_t p = 0; p < N; ++p) hn::Store(v[p], d, buffer + p * lanes<T>);
  for (int j = 0; j < width / 2; ++j) {
    even[j] += buffer[2 * j];
    odd[j] += buffer[2 * j + 1];
  }
}

}  // namespace nke::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
