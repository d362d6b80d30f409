// SPDX-License-Identifier: Apache-2.0
// Lanes:  float and double, on every target Highway knows with vectors of fixed size.
// Error:  that of the additions (fwht.hpp). All targets add in the same order, stages by ascending distance.
// Valid:  power-of-two lengths; no alignment is needed.
//
// Where the time would go, and what is done about it:
//  - The first stages add neighbours. Inside a register that is x ← fma(x, ±1, swap(x)): one permutation and one fma.
//  - A tile (16 registers of 16 floats) goes through its in-lane stages and a radix-16 butterfly without touching
//    memory in between; then passes of radix 16 or 8 combine tiles. 4096 elements: two trips to L1 instead of twelve.
//  - Above L1 the transform recurses eight ways, so that a block is finished while it is in cache.
//  - Rows a power of two apart share one cache set: a pass with such a stride reads at most 8 rows at once (L1 has 8
//    ways or more). Slower at every length when tried: 16 rows at once (65536 elements at 69 instead of 112 Gflop/s),
//    and 64 rows through a dense copy of a few columns (131072 elements at 64 instead of 112).

#include <hwy/base.h>
#include <hwy/detect_compiler_arch.h>

// Vectors of unknown size cannot be put in arrays of registers; those machines have NEON or the scalar path.
#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nke/sketch/fwht_simd.cpp"
#include <algorithm>
#include <bit>
#include <utility>

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "fwht_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::sketch::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class T>
using Tag = hn::CappedTag<T, 64 / sizeof(T)>;
template <class T>
using Vec = hn::Vec<Tag<T>>;
template <class T>
inline constexpr std::size_t lanes = HWY_LANES(T) < 64 / sizeof(T) ? HWY_LANES(T) : 64 / sizeof(T);

// Values held in registers at once: 32 registers hold 16 values and the sign patterns, 16 registers hold 8.
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_NEON
inline constexpr std::size_t max_radix = 16;
#else
inline constexpr std::size_t max_radix = 8;
#endif
inline constexpr std::size_t aliasing_radix = 8;    // rows of one cache set that a pass may hold
inline constexpr std::size_t alias_bytes = 4096;    // L1 sets repeat after this distance
inline constexpr std::size_t l1_bytes = 32 * 1024;  // a block that is finished before the next is begun

// Lanes whose number has bit H set get −1: the lower of two neighbours is added, the upper subtracted.
template <class T, std::size_t H>
struct Signs {
  alignas(64) T at[lanes<T>];
  constexpr Signs() : at{} {
    for (std::size_t i = 0; i < lanes<T>; ++i) at[i] = (i & H) != 0 ? T{-1} : T{1};
  }
};
template <class T, std::size_t H>
inline constexpr Signs<T, H> signs_of_stage{};

// Exchanges lanes i and i ^ H.
#if HWY_TARGET != HWY_SCALAR
template <std::size_t H, class T, class V>
HWY_INLINE V swap_lanes(Tag<T> d, V v) {
  if constexpr (2 * H == lanes<T> && 2 * H * sizeof(T) > 16) {
    return hn::ConcatLowerUpper(d, v, v);
  } else if constexpr (H * sizeof(T) == 16) {
    return hn::SwapAdjacentBlocks(v);
  } else if constexpr (sizeof(T) == 8) {
    return hn::Shuffle01(v);
  } else if constexpr (H == 1) {
    return hn::Shuffle2301(v);
  } else {
    return hn::Shuffle1032(v);
  }
}
#endif

// All stages inside one register.
template <class T, std::size_t H = 1, class V>
HWY_INLINE V transform_lanes(Tag<T> d, V v) {
#if HWY_TARGET != HWY_SCALAR
  if constexpr (H < lanes<T>) {
    const V sign = hn::Load(d, signs_of_stage<T, H>.at);
    return transform_lanes<T, 2 * H>(d, hn::MulAdd(v, sign, swap_lanes<H, T>(d, v)));
  }
#else
  (void)d;
#endif
  return v;
}

template <std::size_t I, std::size_t H, class V>
HWY_INLINE void add_subtract(V* v) {
  constexpr std::size_t lower = I / H * 2 * H + I % H;
  const V a = v[lower], b = v[lower + H];
  v[lower] = hn::Add(a, b);
  v[lower + H] = hn::Sub(a, b);
}
template <std::size_t H, class V, std::size_t... I>
HWY_INLINE void stage(V* v, std::index_sequence<I...>) {
  (add_subtract<I, H>(v), ...);
}
// All stages between R registers.
template <std::size_t R, std::size_t H = 1, class V>
HWY_INLINE void butterfly(V* v) {
  if constexpr (H < R) {
    stage<H>(v, std::make_index_sequence<R / 2>());
    butterfly<R, 2 * H>(v);
  }
}

// Where a tile comes from: memory as it is, or memory with signs put on the way.
template <class T>
struct Plain {
  const T* from;
  HWY_INLINE Vec<T> load(Tag<T> d, std::size_t i) const { return hn::LoadU(d, from + i); }
  HWY_INLINE T one(std::size_t i) const { return from[i]; }
};
struct Signed {
  const float* from;
  const std::uint8_t* signs;
  HWY_INLINE Vec<float> load(Tag<float> d, std::size_t i) const {
    const Vec<float> v = hn::LoadU(d, from + i);
    // Copied first, for LoadMaskBits may read eight bytes; the compiler makes one load of it.
    alignas(8) std::uint8_t bits[8] = {};
    if constexpr (lanes<float> >= 8) {
      hwy::CopyBytes<lanes<float> / 8>(signs + i / 8, bits);
    } else {
      bits[0] = static_cast<std::uint8_t>((signs[i / 8] >> i % 8) & ((1u << lanes<float>)-1));
    }
#if HWY_TARGET == HWY_SCALAR
    return bits[0] != 0 ? hn::Neg(v) : v;
#else
    return hn::IfThenElse(hn::LoadMaskBits(d, bits), hn::Neg(v), v);
#endif
  }
  HWY_INLINE float one(std::size_t i) const {
    return (signs[i / 8] >> i % 8 & 1) != 0 ? -from[i] : from[i];
  }
};

template <class T, class Source, std::size_t... I>
HWY_INLINE void load_tile(const Source& source, std::size_t at, Vec<T>* v, std::index_sequence<I...>) {
  const Tag<T> d;
  ((v[I] = transform_lanes<T>(d, source.load(d, at + I * lanes<T>))), ...);
}
template <class T, std::size_t... I>
HWY_INLINE void load_rows(const T* x, std::size_t stride, Vec<T>* v, std::index_sequence<I...>) {
  const Tag<T> d;
  ((v[I] = hn::LoadU(d, x + I * stride)), ...);
}
template <class T, std::size_t... I>
HWY_INLINE void store_rows(const Vec<T>* v, std::size_t stride, T* x, std::index_sequence<I...>) {
  const Tag<T> d;
  (hn::StoreU(v[I], d, x + I * stride), ...);
}

// H of every run of R registers: x[i, i + R·lanes) for the tiles of [begin, end).
template <std::size_t R, class T, class Source>
HWY_INLINE void tiles(const Source& source, T* x, std::size_t begin, std::size_t end) {
  constexpr auto all = std::make_index_sequence<R>();
  for (std::size_t i = begin; i < end; i += R * lanes<T>) {
    Vec<T> v[R];
    load_tile<T>(source, i, v, all);
    butterfly<R>(v);
    store_rows<T>(v, lanes<T>, x + i, all);
  }
}

// Combines R transforms of length h into one of R·h, for all of them in x[0, n).
template <std::size_t R, class T>
HWY_INLINE void pass(T* x, std::size_t n, std::size_t h) {
  constexpr auto all = std::make_index_sequence<R>();
  for (std::size_t i = 0; i < n; i += R * h) {
    for (std::size_t j = i; j < i + h; j += lanes<T>) {
      Vec<T> v[R];
      load_rows<T>(x + j, h, v, all);
      butterfly<R>(v);
      store_rows<T>(v, h, x + j, all);
    }
  }
}

// Stages from distance h up to n.
template <class T>
HWY_INLINE void passes(T* x, std::size_t n, std::size_t h) {
  while (h < n) {
    const std::size_t left = n >> std::countr_zero(h);  // n/h; a division would cost as much as 64 additions
    const std::size_t widest = h * sizeof(T) < alias_bytes ? max_radix : aliasing_radix;
    std::size_t radix = std::min(left, widest);
    if (left == 32 && radix == 16) radix = 8;  // 8 · 4 instead of 16 · 2: the last pass does more work a load
    switch (radix) {
      case 2: pass<2>(x, n, h); break;
      case 4: pass<4>(x, n, h); break;
      case 8: pass<8>(x, n, h); break;
      default: pass<max_radix>(x, n, h); break;
    }
    h *= radix;
  }
}

template <class T, class Source>
void transform_small(const Source& source, T* x, std::size_t begin, std::size_t n) {
  constexpr std::size_t L = lanes<T>;
  const std::size_t end = begin + n;
  if (n < L || n == 1) {
    for (std::size_t i = begin; i < end; ++i) x[i] = source.one(i);
    for (std::size_t h = 1; h < n; h *= 2) {
      for (std::size_t i = begin; i < end; i += 2 * h) {
        for (std::size_t j = i; j < i + h; ++j) {
          const T a = x[j], b = x[j + h];
          x[j] = a + b;
          x[j + h] = a - b;
        }
      }
    }
    return;
  }
  switch (n / L) {
    case 1: return tiles<1>(source, x, begin, end);
    case 2: return tiles<2>(source, x, begin, end);
    case 4: return tiles<4>(source, x, begin, end);
    case 8: return tiles<8>(source, x, begin, end);
    default: return tiles<max_radix>(source, x, begin, end);
  }
}

// x[begin, begin + n) ← H source[begin, begin + n).
template <class T, class Source>
void transform(const Source& source, T* x, std::size_t begin, std::size_t n) {
  constexpr std::size_t tile = max_radix * lanes<T>;
  if (n <= tile) return transform_small(source, x, begin, n);
  if (n * sizeof(T) <= l1_bytes) {
    tiles<max_radix>(source, x, begin, begin + n);
    if (n == 4 * tile) return pass<4>(x + begin, 4 * tile, tile);  // 1024 floats: 2 % for loops of known length
    return passes(x + begin, n, tile);
  }
  const std::size_t rows = std::clamp<std::size_t>(n * sizeof(T) / l1_bytes, 4, aliasing_radix);
  const std::size_t h = n / rows;
  for (std::size_t i = 0; i < n; i += h) transform(source, x, begin + i, h);
  passes(x + begin, n, h);
}

void transform_float(float* x, std::size_t n) {
  transform(Plain<float>{x}, x, 0, n);
}
void transform_double(double* x, std::size_t n) {
  transform(Plain<double>{x}, x, 0, n);
}
void transform_signed(const float* in, const std::uint8_t* signs, float* out, std::size_t n) {
  transform(Signed{in, signs}, out, 0, n);
}
const char* target_name() {
  return hwy::TargetName(HWY_TARGET);
}

}  // namespace nke::sketch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nke::sketch::simd {

HWY_EXPORT(transform_float);
HWY_EXPORT(transform_double);
HWY_EXPORT(transform_signed);
HWY_EXPORT(target_name);

void fwht(float* x, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(transform_float)(x, n);
}
void fwht(double* x, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(transform_double)(x, n);
}
void signed_fwht(const float* in, const std::uint8_t* signs, float* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(transform_signed)(in, signs, out, n);
}
const char* target() {
  return HWY_DYNAMIC_DISPATCH(target_name)();
}

}  // namespace nke::sketch::simd
#endif
