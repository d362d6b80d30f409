// SPDX-License-Identifier: Apache-2.0
// The tables of slice_table.hpp on one vector of pairs of pixels: included once a target by slices_simd.cpp, and by nobody
// else.
//
// Planes      inverse: 1/√a; series: the u of each table in the order in which Clenshaw's scheme asks for them, in the units
//             of the next layer. root: not used.
#if defined(NKE_SLICE_TABLE_SIMD) == defined(HWY_TARGET_TOGGLE)
#ifdef NKE_SLICE_TABLE_SIMD
#undef NKE_SLICE_TABLE_SIMD
#else
#define NKE_SLICE_TABLE_SIMD
#endif

#include "slice_duals_simd.hpp"
#include "slice_gate_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::kernels::HWY_NAMESPACE {
#define NKE_EACH for (std::size_t u = 0; u < U; ++u)

// Hundreds of operations on four vectors: passing them through memory is little beside that, and what is compiled once for
// all lengths of rows compiles in a third of the time.
template <class T>
struct Table {
  const SliceActivation<T>& a;
  template <std::size_t U>
  HWY_NOINLINE void operator()(const SliceLayer<T>& l, Pairs<T, U>& p) const {
    const Tag<T> d;
    const Vec<T> one = hn::Set(d, T{1});
    Vec<T> rho[U], y[U], largest = hn::Zero(d);
    NKE_EACH rho[u] = within_one<T>(hn::Mul(p.sigma[u], product(l.x_inverse + p.x[u], l.y_inverse + p.y[u])));
    NKE_EACH largest = hn::Max(largest, hn::Abs(rho[u]));
    const T reach = hn::GetLane(hn::MaxOfLanes(d, largest));
    const simd::TableLevel* level = a.levels;
    while (static_cast<T>(level->reach) < reach) ++level;
    Planes planes{l.x_series + level->plane * p.stride, l.y_series + level->plane * p.stride, p.stride};
    if (level->square > 0) {
      const Vec<T> square = hn::Set(d, static_cast<T>(level->square));
      NKE_EACH y[u] = hn::MulSub(hn::Mul(rho[u], rho[u]), square, one);
    } else {
      // As for kinks without a table, rounding of 1 is not to open an angle.
      const Vec<T> least = hn::Set(d, static_cast<T>(sizeof(T) == 8 ? 3e-15 : 6e-7));
      Vec<T> s[U];
      NKE_EACH {
        const Vec<T> size = hn::Abs(rho[u]), v = hn::Sub(one, size);
        const Vec<T> rest = hn::IfThenElseZero(hn::Gt(v, least), v);
        s[u] = hn::Sqrt(hn::MulAdd(rest, size, rest));
      }
      arcsine_of<T, U>(a.arcsine, rho, s, y);
      const Vec<T> share = hn::Set(d, static_cast<T>(-0.63661977236758134308));  // −2/π
      NKE_EACH y[u] = hn::Mul(share, y[u]);
    }
    Vec<T> slope[U], odd[U];
    clenshaw<U>(level->value_even, planes, p, y, p.k);
    if (level->value_odd.terms > 0) {
      clenshaw<U>(level->value_odd, planes, p, y, odd);
      NKE_EACH p.k[u] = hn::MulAdd(rho[u], odd[u], p.k[u]);
    }
    clenshaw<U>(level->slope_even, planes, p, y, slope);
    if (level->slope_odd.terms > 0) {
      clenshaw<U>(level->slope_odd, planes, p, y, odd);
      NKE_EACH slope[u] = hn::MulAdd(rho[u], odd[u], slope[u]);
    }
    NKE_EACH p.m[u] = hn::MulAdd(p.theta[u], slope[u], p.k[u]);
  }

 private:
  struct Planes {
    const T *x, *y;
    std::size_t stride;
  };
  // Σ_k d_k T_k(y).
  template <std::size_t U>
  static HWY_INLINE void clenshaw(const simd::TablePart& part, Planes& planes, const Pairs<T, U>& p,
                                  const Vec<T> (&y)[U], Vec<T> (&sum)[U]) {
    const Tag<T> d;
    Vec<T> before[U], now[U], c[U];
    NKE_EACH before[u] = now[u] = sum[u] = hn::Zero(d);
    for (int k = 0; k < part.terms; ++k) {
      NKE_EACH c[u] = hn::Neg(before[u]);
      for (int j = part.plus[k]; j > 0; --j, planes.x += planes.stride, planes.y += planes.stride) {
        NKE_EACH c[u] = hn::MulAdd(hn::Load(d, planes.x + p.x_series[u]), hn::Load(d, planes.y + p.y_series[u]), c[u]);
      }
      for (int j = part.minus[k]; j > 0; --j, planes.x += planes.stride, planes.y += planes.stride) {
        NKE_EACH c[u] =
            hn::NegMulAdd(hn::Load(d, planes.x + p.x_series[u]), hn::Load(d, planes.y + p.y_series[u]), c[u]);
      }
      NKE_EACH sum[u] = hn::MulAdd(y[u], now[u], c[u]);
      NKE_EACH before[u] = now[u];
      NKE_EACH now[u] = hn::MulAdd(y[u], now[u], sum[u]);
    }
  }
};
#undef NKE_EACH

}  // namespace nke::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
