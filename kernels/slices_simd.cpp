// SPDX-License-Identifier: Apache-2.0
// Lanes:  float and double, on every target with vectors of fixed size; rows of 1, 2, 4 or 8 vectors.
// Error:  sums of 9, products, and the fits of the activation (1e-7 in float, 1e-13 in double).
// Valid:  see slices_simd.hpp. Buffers are aligned to 64 bytes.
//
// Bound by the number of vector operations, not by memory: a slice is 8 kB. Rows summed horizontally wait in a buffer, so
// that a convolution is two additions of loaded rows and two neighbours in registers.
#include <hwy/base.h>

#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nke/kernels/slices_simd.cpp"
#include <algorithm>

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "slice_duals_simd.hpp"
#include "slices_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using simd::SliceStage;

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

template <class T, std::size_t N>
class Slice {
 public:
  Slice(const SliceStage<T>& stage, const Edges<T, N>& edges, int dy, int sx)
      : s_(stage),
        dy_(dy),
        sx_(sx),
        first_(std::max(0, -dy)),
        end_(std::min(stage.height, stage.height - dy)),
        edges_(edges),
        plane_(static_cast<std::size_t>(stage.height) * stage.stride) {
    const std::size_t block = static_cast<std::size_t>(stage.height + 2) * stage.stride;
    for (std::size_t b = 0; b < 4; ++b) buffer_[b] = stage.scratch + b * block;
  }

  simd::SliceSums run() {
    fill_input();
    bool same = s_.channels > 0;  // Θ' = Σ' in the first layer
    for (int l = 0; l < s_.layers; ++l) {
      const SliceActivation<T>& a = *s_.layer[l].dual;
      switch (a.kind) {
        case simd::SliceDual::kinked: layer(l, same, Kinked<T>{a}); break;
        case simd::SliceDual::smooth: layer(l, same, Smooth<T>{a}); break;
        case simd::SliceDual::exponential: layer(l, same, Exponential<T>{a}); break;
        case simd::SliceDual::series: layer(l, same, Series<T>{a}); break;
      }
      same = false;
    }
    return {sum_k_, sum_m_};
  }

 private:
  T* row(std::size_t buffer, int i) const { return buffer_[buffer] + static_cast<std::size_t>(i + 1) * s_.stride; }
  void clear_ends(std::size_t buffer) const {
    std::fill_n(row(buffer, first_ - 1), s_.stride, T{0});
    std::fill_n(row(buffer, end_), s_.stride, T{0});
  }

  // Rows of the input with their neighbours: K into buffer 0, M into buffer 1.
  HWY_INLINE void fill_input() {
    const Tag<T> d;
    clear_ends(0);
    clear_ends(1);
    for (int i = first_; i < end_; ++i) {
      Vec<T> k[N], m[N];
      if (s_.channels > 0) {
        const std::size_t x = static_cast<std::size_t>(i) * s_.stride,
                          y = static_cast<std::size_t>(i + dy_) * s_.stride;
        for (std::size_t v = 0; v < N; ++v) {
          k[v] = hn::Zero(d);
          for (int c = 0; c < s_.channels; ++c) {
            const std::size_t at = static_cast<std::size_t>(c) * plane_ + v * lanes<T>;
            k[v] = hn::MulAdd(hn::Load(d, s_.x + at + x), hn::Load(d, s_.y + at + y), k[v]);
          }
        }
        store_sums<T, N>(edges_, k, row(0, i));
        continue;
      }
      const int h = s_.height;
      const std::size_t slice = (static_cast<std::size_t>((dy_ + h) % h) * static_cast<std::size_t>(s_.width) +
                                 static_cast<std::size_t>(sx_)) *
                                plane_;
      const std::size_t at = slice + static_cast<std::size_t>(i) * s_.stride;
      for (std::size_t v = 0; v < N; ++v) {
        k[v] = hn::Load(d, s_.k_in + at + v * lanes<T>);
        m[v] = hn::Load(d, s_.m_in + at + v * lanes<T>);
      }
      store_sums<T, N>(edges_, k, row(0, i));
      store_sums<T, N>(edges_, m, row(1, i));
    }
  }

  template <class Dual>
  HWY_INLINE void layer(int number, bool same, const Dual& dual) {
    const Tag<T> d;
    const SliceLayer<T>& l = s_.layer[number];
    const bool last = number + 1 == s_.layers;
    const std::size_t from = number % 2 == 0 ? 0 : 2, to = 2 - from;
    if (!last) {
      clear_ends(to);
      clear_ends(to + 1);
    }
    const Vec<T> bias = hn::Set(d, l.bias);
    Vec<T> total_k = hn::Zero(d), total_m = hn::Zero(d);
    for (int i = first_; i < end_; ++i) {
      const std::size_t x = static_cast<std::size_t>(i) * s_.stride, y = static_cast<std::size_t>(i + dy_) * s_.stride;
      Vec<T> k[N], m[N];
      for (std::size_t v = 0; v < N; ++v) {
        const std::size_t at = v * lanes<T>;
        const auto three = [&](std::size_t b) HWY_ATTR {
          return hn::Add(hn::Load(d, row(b, i - 1) + at),
                         hn::Add(hn::Load(d, row(b, i) + at), hn::Load(d, row(b, i + 1) + at)));
        };
        const Vec<T> sigma = hn::Add(three(from), bias);
        const Vec<T> theta = same ? sigma : hn::Add(three(from + 1), bias);
        dual(l, x + at, y + at, plane_, sigma, theta, k[v], m[v]);
      }
      if (!last) {
        store_sums<T, N>(edges_, k, row(to, i));
        store_sums<T, N>(edges_, m, row(to + 1, i));
        continue;
      }
      for (std::size_t v = 0; v < N; ++v) {
        k[v] = hn::IfThenElseZero(edges_.pixel[v], k[v]);
        m[v] = hn::IfThenElseZero(edges_.pixel[v], m[v]);
        total_k = hn::Add(total_k, k[v]);
        total_m = hn::Add(total_m, m[v]);
      }
      if (s_.k_out != nullptr) pool(i, k, m);
    }
    if (last) {
      sum_k_ = static_cast<double>(hn::GetLane(hn::SumOfLanes(d, total_k)));
      sum_m_ = static_cast<double>(hn::GetLane(hn::SumOfLanes(d, total_m)));
    }
  }

  // Even and odd columns of a row go to one or two slices of the pooled image.
  HWY_INLINE void pool(int i, const Vec<T> (&k)[N], const Vec<T> (&m)[N]) const {
    const int h = s_.height / 2, w = s_.width / 2;
    const int row_out = i / 2;
    const int dy = ((i + dy_) / 2 - row_out + h) % h;
    const int s_even = sx_ / 2 % w, s_odd = (sx_ + 1) / 2 % w;
    const std::size_t plane = static_cast<std::size_t>(h) * s_.out_stride;
    const auto at = [&](int s) {
      return (static_cast<std::size_t>(dy) * static_cast<std::size_t>(w) + static_cast<std::size_t>(s)) * plane +
             static_cast<std::size_t>(row_out) * s_.out_stride;
    };
    add_halves(k, s_.k_out + at(s_even), s_.k_out + at(s_odd));
    add_halves(m, s_.m_out + at(s_even), s_.m_out + at(s_odd));
  }
  HWY_INLINE void add_halves(const Vec<T> (&v)[N], T* even, T* odd) const {
    const Tag<T> d;
#if HWY_TARGET != HWY_SCALAR
    if constexpr (N > 1) {
      for (std::size_t p = 0; p < N / 2; ++p) {
        const Vec<T> e = hn::ConcatEven(d, v[2 * p + 1], v[2 * p]), o = hn::ConcatOdd(d, v[2 * p + 1], v[2 * p]);
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
    for (int j = 0; j < s_.width / 2; ++j) {
      even[j] += buffer[2 * j];
      odd[j] += buffer[2 * j + 1];
    }
  }

  const SliceStage<T>& s_;
  int dy_, sx_, first_, end_;
  const Edges<T, N>& edges_;
  std::size_t plane_;
  T* buffer_[4];
  double sum_k_ = 0, sum_m_ = 0;
};

template <class T>
void turn(const T* doubled, std::size_t rows, std::size_t stride, int sx, T* to) {
  const Tag<T> d;
  const T* from = doubled + sx;
  for (std::size_t row = 0; row < rows; ++row, from += 2 * stride, to += stride) {
    for (std::size_t v = 0; v < stride; v += lanes<T>) hn::Store(hn::LoadU(d, from + v), d, to + v);
  }
}
void turn_float(const float* doubled, std::size_t rows, std::size_t stride, int sx, float* to) {
  turn(doubled, rows, stride, sx, to);
}
void turn_double(const double* doubled, std::size_t rows, std::size_t stride, int sx, double* to) {
  turn(doubled, rows, stride, sx, to);
}

// All slices of one shift of columns: where rows wrap is found once for them.
template <class T, std::size_t N>
simd::SliceSums run_rows(const SliceStage<T>& stage, int sx, int reach) {
  const Edges<T, N> edges(stage.width, sx);
  simd::SliceSums total;
  for (int dy = -reach; dy <= reach; ++dy) {
    const simd::SliceSums sums = Slice<T, N>(stage, edges, dy, sx).run();
    total.k += sums.k;
    total.m += sums.m;
  }
  return total;
}

template <class T>
simd::SliceSums run_of(const SliceStage<T>& stage, int sx, int reach) {
  switch (stage.stride / lanes<T>) {
    case 1: return run_rows<T, 1>(stage, sx, reach);
    case 2: return run_rows<T, 2>(stage, sx, reach);
    case 4: return run_rows<T, 4>(stage, sx, reach);
    default: return run_rows<T, 8>(stage, sx, reach);
  }
}

simd::SliceSums run_float(const SliceStage<float>& stage, int sx, int reach) {
  return run_of(stage, sx, reach);
}
simd::SliceSums run_double(const SliceStage<double>& stage, int sx, int reach) {
  return run_of(stage, sx, reach);
}
std::size_t bytes_of_vector() {
  return lanes<float> == 1 ? 0 : lanes<float> * sizeof(float);
}

}  // namespace nke::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nke::kernels::simd {

HWY_EXPORT(run_float);
HWY_EXPORT(run_double);
HWY_EXPORT(turn_float);
HWY_EXPORT(turn_double);
HWY_EXPORT(bytes_of_vector);

SliceSums run_slices(const SliceStage<float>& stage, int sx, int reach) {
  return HWY_DYNAMIC_DISPATCH(run_float)(stage, sx, reach);
}
SliceSums run_slices(const SliceStage<double>& stage, int sx, int reach) {
  return HWY_DYNAMIC_DISPATCH(run_double)(stage, sx, reach);
}
void turn_rows(const float* doubled, std::size_t rows, std::size_t stride, int sx, float* to) {
  HWY_DYNAMIC_DISPATCH(turn_float)(doubled, rows, stride, sx, to);
}
void turn_rows(const double* doubled, std::size_t rows, std::size_t stride, int sx, double* to) {
  HWY_DYNAMIC_DISPATCH(turn_double)(doubled, rows, stride, sx, to);
}
std::size_t vector_bytes() {
  return HWY_DYNAMIC_DISPATCH(bytes_of_vector)();
}

}  // namespace nke::kernels::simd
#endif
