// SPDX-License-Identifier: Apache-2.0
// Lanes:  float and double, on every target with vectors of fixed size; rows of 1, 2, 4 or 8 vectors.
// Error:  sums of 9, products, and the fits of the activation (1e-7 in float, 1e-13 in double).
// Valid:  see slices_simd.hpp. Buffers are aligned to 64 bytes.
//
// Bound by the number of vector operations, not by memory: a slice is 8 kB. Rows summed horizontally wait in a buffer, so
// that a convolution is two additions of loaded rows and two neighbours in registers.
#include <hwy/base.h>

#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS \
  (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nke/kernels/slices_simd.cpp"
#include <algorithm>

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "slice_block_simd.hpp"
#include "slice_duals_simd.hpp"
#include "slice_gate_simd.hpp"
#include "slice_rows_simd.hpp"
#include "slice_table_simd.hpp"
#include "slices_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using simd::SliceStage;

template <class T, std::size_t N>
class Slice {
 public:
  Slice(const SliceStage<T>& stage, const Edges<T, N>& edges, int dy, int sx)
      : s_(stage),
        stride_(stage.stride),
        k_out_(stage.k_out),
        m_out_(stage.m_out),
        out_stride_(stage.out_stride),
        half_height_(stage.height / 2),
        half_width_(static_cast<std::size_t>(stage.width / 2)),
        dy_(dy),
        sx_(sx),
        first_(std::max(0, -dy)),
        end_(std::min(stage.height, stage.height - dy)),
        edges_(edges),
        plane_(static_cast<std::size_t>(stage.height) * stage.stride),
        padded_(static_cast<std::size_t>(stage.width) != stage.stride) {
    const std::size_t w = static_cast<std::size_t>(stage.width) / 2, s = static_cast<std::size_t>(sx) / 2;
    out_plane_ = static_cast<std::size_t>(stage.height / 2) * stage.out_stride;
    out_even_ = s * out_plane_;
    out_odd_ = (sx % 2 == 0 ? s : s + 1 == w ? 0 : s + 1) * out_plane_;
    const std::size_t block = static_cast<std::size_t>(stage.height + 2) * stage.stride;
    for (std::size_t b = 0; b < 4; ++b) buffer_[b] = stage.scratch + b * block;
  }

  // Inlined as all below, so that nothing here is in memory that a store might change.
  HWY_INLINE simd::SliceSums run() {
    fill_input();
    bool same = s_.channels > 0;  // Θ' = Σ' in the first layer
    for (int l = 0; l < s_.layers; ++l) {
      const SliceActivation<T>& a = *s_.layer[l].dual;
      switch (a.kind) {
        case simd::SliceDual::kinked: layer(l, same, Kinked<T>{a}); break;
        case simd::SliceDual::smooth: layer(l, same, Smooth<T>{a}); break;
        case simd::SliceDual::exponential: layer(l, same, Exponential<T>{a}); break;
        case simd::SliceDual::gated: layer(l, same, Gated<T, false>{a}); break;
        case simd::SliceDual::gated_line: layer(l, same, Gated<T, true>{a}); break;
        case simd::SliceDual::series: layer(l, same, Series<T>{a}); break;
        case simd::SliceDual::table: layer(l, same, Table<T>{a}); break;
        case simd::SliceDual::block:
          if constexpr (sizeof(T) == 8) blocked(l, same);
          break;
      }
      same = false;
    }
    return {sum_k_, sum_m_};
  }

 private:
  T* row(std::size_t buffer, int i) const { return buffer_[buffer] + static_cast<std::size_t>(i + 1) * stride_; }
  void clear_ends(std::size_t buffer) const {
    const Tag<T> d;
    T *before = row(buffer, first_ - 1), *after = row(buffer, end_);
    for (std::size_t v = 0; v < N; ++v) {
      hn::Store(hn::Zero(d), d, before + v * lanes<T>);
      hn::Store(hn::Zero(d), d, after + v * lanes<T>);
    }
  }

  // <x, x'> over channels with its neighbours, row by row.
  template <int Channels>
  HWY_INLINE void inner_products(const T* x, const T* y, T* to) const {
    const Tag<T> d;
    const std::size_t stride = stride_, plane = plane_;
    const int channels = Channels > 0 ? Channels : s_.channels;
    for (int rows = end_ - first_; rows > 0; --rows, x += stride, y += stride, to += stride) {
      Vec<T> k[N];
      for (std::size_t v = 0; v < N; ++v) k[v] = hn::Zero(d);
      std::size_t at = 0;
      for (int c = 0; c < channels; ++c, at += plane) {
        for (std::size_t v = 0; v < N; ++v) {
          k[v] = hn::MulAdd(hn::Load(d, x + at + v * lanes<T>), hn::Load(d, y + at + v * lanes<T>), k[v]);
        }
      }
      store_sums<T, N>(edges_, k, to);
    }
  }
  HWY_INLINE void neighbour_sums(const T* from, T* to) const {
    const Tag<T> d;
    const std::size_t stride = stride_;
    for (int rows = end_ - first_; rows > 0; --rows, from += stride, to += stride) {
      Vec<T> k[N];
      for (std::size_t v = 0; v < N; ++v) k[v] = hn::Load(d, from + v * lanes<T>);
      store_sums<T, N>(edges_, k, to);
    }
  }

  // Rows of the input with their neighbours: K into buffer 0, M into buffer 1.
  HWY_INLINE void fill_input() {
    clear_ends(0);
    const std::size_t begin = static_cast<std::size_t>(first_) * stride_;
    if (s_.channels > 0) {
      const T *x = s_.x + begin, *y = s_.y + static_cast<std::size_t>(first_ + dy_) * stride_;
      if (s_.channels == 3) {
        inner_products<3>(x, y, row(0, first_));
      } else if (s_.channels == 1) {
        inner_products<1>(x, y, row(0, first_));
      } else {
        inner_products<0>(x, y, row(0, first_));
      }
      return;
    }
    clear_ends(1);
    const int h = s_.height;
    const std::size_t slice =
        (static_cast<std::size_t>((dy_ + h) % h) * static_cast<std::size_t>(s_.width) + static_cast<std::size_t>(sx_)) *
        plane_;
    neighbour_sums(s_.k_in + slice + begin, row(0, first_));
    neighbour_sums(s_.m_in + slice + begin, row(1, first_));
  }

  template <class Dual>
  HWY_INLINE void layer(int number, bool same, const Dual& dual) {
    const SliceLayer<T> l = s_.layer[number];
    const bool last = number + 1 == s_.layers;
    const std::size_t from = number % 2 == 0 ? 0 : 2, to = 2 - from;
    begin_layer(to, last);
    constexpr int together = N < 4 ? static_cast<int>(4 / N) : 1;
    int i = first_;
    for (; i + together <= end_; i += together) rows<together>(i, l, from, to, same, last, dual);
    for (; i < end_; ++i) rows<1>(i, l, from, to, same, last, dual);
    if (last) sum_up();
  }

  HWY_INLINE void begin_layer(std::size_t to, bool last) {
    if (!last) {
      clear_ends(to);
      clear_ends(to + 1);
    }
    total_k_ = total_m_ = hn::Zero(Tag<T>());
  }
  HWY_INLINE void sum_up() {
    const Tag<T> d;
    sum_k_ = static_cast<double>(hn::GetLane(hn::SumOfLanes(d, total_k_)));
    sum_m_ = static_cast<double>(hn::GetLane(hn::SumOfLanes(d, total_m_)));
  }

  // The whole slice at once: first where the dual is wanted, then the dual, then what follows from it.
  HWY_NOINLINE void blocked(int number, bool same) {
    const SliceLayer<T> l = s_.layer[number];
    const bool last = number + 1 == s_.layers;
    const std::size_t from = number % 2 == 0 ? 0 : 2, to = 2 - from;
    begin_layer(to, last);
    const std::size_t block = static_cast<std::size_t>(s_.height + 2) * s_.stride;
    const BlockEntries<T> entries(s_.scratch + 4 * block, block);
    std::size_t n = 0;
    for (int i = first_; i < end_; ++i) {
      Vec<T> k[1][N], m[1][N];
      three_rows<1>(i, from, l.bias, k);
      if (!same) three_rows<1>(i, from + 1, l.bias, m);
      for (std::size_t v = 0; v < N; ++v, n += lanes<T>) {
        entries.ask(l, at_x(i, v), at_y(i, v), k[0][v], same ? k[0][v] : m[0][v], n);
      }
    }
    l.dual->block(l.dual->block_data, n, entries.inputs, entries.K, entries.Kdot);
    n = 0;
    for (int i = first_; i < end_; ++i) {
      Vec<T> k[N], m[N];
      for (std::size_t v = 0; v < N; ++v, n += lanes<T>) {
        entries.answer(l, at_x(i, v), at_y(i, v), n, k[v], m[v]);
      }
      pass_on(i, k, m, to, last);
    }
    if (last) sum_up();
  }
  std::size_t at_x(int i, std::size_t v) const { return static_cast<std::size_t>(i) * stride_ + v * lanes<T>; }
  std::size_t at_y(int i, std::size_t v) const { return static_cast<std::size_t>(i + dy_) * stride_ + v * lanes<T>; }

  // Sums of three rows, for R rows; two neighbours share one addition.
  template <int R>
  HWY_INLINE void three_rows(int i, std::size_t buffer, T bias, Vec<T> (&sum)[R][N]) const {
    const Tag<T> d;
    for (std::size_t v = 0; v < N; ++v) {
      const T* at = row(buffer, i - 1) + v * lanes<T>;
      const auto load = [&](int r) HWY_ATTR { return hn::Load(d, at + static_cast<std::size_t>(r) * stride_); };
      if constexpr (R == 1) {
        sum[0][v] = hn::Add(load(0), hn::Add(load(1), load(2)));
      } else {
        for (int r = 0; r < R; r += 2) {
          const Vec<T> middle = hn::Add(load(r + 1), load(r + 2));
          sum[r][v] = hn::Add(load(r), middle);
          sum[r + 1][v] = hn::Add(middle, load(r + 3));
        }
      }
    }
    if (bias == T{0}) return;
    for (auto& of_row : sum) {
      for (Vec<T>& x : of_row) x = hn::Add(x, hn::Set(d, bias));
    }
  }

  // R rows at once: sums of three rows of sums, the dual, and on to the next layer or the output.
  template <int R, class Dual>
  HWY_INLINE void rows(int i, const SliceLayer<T>& l, std::size_t from, std::size_t to, bool same, bool last,
                       const Dual& dual) {
    constexpr std::size_t all = static_cast<std::size_t>(R) * N, U = all < 4 ? all : 4;
    const std::size_t series = static_cast<std::size_t>(l.dual->planes);
    Vec<T> k[R][N], m[R][N];
    three_rows<R>(i, from, l.bias, k);
    if (same) {
      NKE_UNROLL
      for (int r = 0; r < R; ++r) {
        for (std::size_t v = 0; v < N; ++v) m[r][v] = k[r][v];
      }
    } else {
      three_rows<R>(i, from + 1, l.bias, m);
    }
    NKE_UNROLL
    for (std::size_t begin = 0; begin < all; begin += U) {
      Pairs<T, U> p;
      p.stride = stride_;
      for (std::size_t u = 0; u < U; ++u) {
        const std::size_t r = (begin + u) / N, v = (begin + u) % N;
        const std::size_t x = static_cast<std::size_t>(i) + r, y = static_cast<std::size_t>(i + dy_) + r;
        p.x[u] = x * stride_ + v * lanes<T>;
        p.y[u] = y * stride_ + v * lanes<T>;
        p.x_series[u] = x * series * stride_ + v * lanes<T>;
        p.y_series[u] = y * series * stride_ + v * lanes<T>;
        p.sigma[u] = k[r][v];
        p.theta[u] = m[r][v];
      }
      dual(l, p);
      for (std::size_t u = 0; u < U; ++u) {
        k[(begin + u) / N][(begin + u) % N] = p.k[u];
        m[(begin + u) / N][(begin + u) % N] = p.m[u];
      }
    }
    NKE_UNROLL
    for (int r = 0; r < R; ++r) pass_on(i + r, k[r], m[r], to, last);
  }

  // A row to the next layer or the output.
  HWY_INLINE void pass_on(int i, Vec<T> (&k)[N], Vec<T> (&m)[N], std::size_t to, bool last) {
    if (!last) {
      store_sums<T, N>(edges_, k, row(to, i));
      store_sums<T, N>(edges_, m, row(to + 1, i));
      return;
    }
    for (std::size_t v = 0; padded_ && v < N; ++v) {
      k[v] = hn::IfThenElseZero(edges_.pixel[v], k[v]);
      m[v] = hn::IfThenElseZero(edges_.pixel[v], m[v]);
    }
    if (k_out_ != nullptr) {
      pool(i, k, m);
      return;
    }
    for (std::size_t v = 0; v < N; ++v) {
      total_k_ = hn::Add(total_k_, k[v]);
      total_m_ = hn::Add(total_m_, m[v]);
    }
  }

  // Even and odd columns of a row go to one or two slices of the pooled image.
  HWY_INLINE void pool(int i, const Vec<T> (&k)[N], const Vec<T> (&m)[N]) const {
    const int row_out = i / 2;
    const int difference = (i + dy_) / 2 - row_out;
    const auto dy = static_cast<std::size_t>(difference < 0 ? difference + half_height_ : difference);
    const std::size_t at = dy * half_width_ * out_plane_ + static_cast<std::size_t>(row_out) * out_stride_;
    add_halves<T, N>(k, s_.width, k_out_ + at + out_even_, k_out_ + at + out_odd_);
    add_halves<T, N>(m, s_.width, m_out_ + at + out_even_, m_out_ + at + out_odd_);
  }

  const SliceStage<T>& s_;
  std::size_t stride_;
  T *k_out_, *m_out_;
  std::size_t out_stride_;
  int half_height_;
  std::size_t half_width_;
  int dy_, sx_, first_, end_;
  const Edges<T, N>& edges_;
  std::size_t plane_;
  bool padded_;
  std::size_t out_plane_ = 0, out_even_ = 0, out_odd_ = 0;
  T* buffer_[4];
  Vec<T> total_k_, total_m_;
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
  // Without vectors slices are not used (bytes_of_vector), and compiling them takes two minutes.
  if constexpr (lanes < float >> 1) {
    switch (stage.stride / lanes<T>) {
      case 1: return run_rows<T, 1>(stage, sx, reach);
      case 2: return run_rows<T, 2>(stage, sx, reach);
      case 4: return run_rows<T, 4>(stage, sx, reach);
      default: return run_rows<T, 8>(stage, sx, reach);
    }
  }
  return {};
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
