// SPDX-License-Identifier: Apache-2.0
// The dual of slice_gate.hpp on one vector of pairs of pixels: included once a target by slices_simd.cpp, and by nobody
// else.
//
// Planes      inverse: √(1/A), in units in which two of them times the covariance are r; root: a/√A; series: 1/A, then for
//             a mixed σ two more, parts of K and of the slope that are sums over both pixels.
// Arcsine     θ = asin|r| is 0, ¼π or ½π less an angle of at most ⅛π, whose sine is a combination of |r| and s: relative
//             accuracy at small r too, as erf at small variances needs.
#if defined(NKE_SLICE_GATE_SIMD) == defined(HWY_TARGET_TOGGLE)
#ifdef NKE_SLICE_GATE_SIMD
#undef NKE_SLICE_GATE_SIMD
#else
#define NKE_SLICE_GATE_SIMD
#endif

#include "slice_duals_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::kernels::HWY_NAMESPACE {
#define NKE_EACH for (std::size_t u = 0; u < U; ++u)

// asin r, given s = √(1 − r²).
template <class T, std::size_t U>
HWY_INLINE void arcsine_of(const T* coefficients, const Vec<T> (&r)[U], const Vec<T> (&s)[U], Vec<T> (&angle)[U]) {
  const Tag<T> d;
  const auto set = [d](double v) HWY_ATTR { return hn::Set(d, static_cast<T>(v)); };
  const Vec<T> sine_eighth = set(0.38268343236508977173), root_half = set(0.70710678118654752440);
  const Vec<T> half = set(1.57079632679489661923), quarter = set(0.78539816339744830962);
  Vec<T> v[U], z[U], sum[U];
  NKE_EACH {
    const Vec<T> size = hn::Abs(r[u]);
    const auto steep = hn::Lt(s[u], sine_eighth), flat = hn::Lt(size, sine_eighth);
    v[u] = hn::Mul(root_half, hn::Sub(s[u], size));
    v[u] = hn::IfThenElse(steep, s[u], v[u]);
    v[u] = hn::IfThenElse(flat, hn::Neg(size), v[u]);
    angle[u] = hn::IfThenZeroElse(flat, hn::IfThenElse(steep, half, quarter));
  }
  NKE_EACH z[u] = hn::Mul(v[u], v[u]);
  horner<T, U>(coefficients, simd::arcsine_terms<T>, z, sum);
  NKE_EACH angle[u] = hn::Sub(angle[u], v[u]);
  NKE_EACH z[u] = hn::Mul(z[u], v[u]);
  NKE_EACH angle[u] = hn::CopySign(hn::NegMulAdd(z[u], sum[u], angle[u]), r[u]);
}

// Linear: with δ₀ ≠ 0.
template <class T, bool Linear>
struct Gated {
  const SliceActivation<T>& a;
  template <std::size_t U>
  HWY_INLINE void operator()(const SliceLayer<T>& l, Pairs<T, U>& p) const {
    const Tag<T> d;
    const Vec<T> one = hn::Set(d, T{1}), least = hn::Set(d, static_cast<T>(sizeof(T) == 8 ? 6e-15 : 1.2e-6));
    Vec<T> both[U], r[U], square[U], s[U], inverse[U], sum[U], low[U], angle[U], slope[U], rest[U];
    NKE_EACH both[u] = product(l.x_inverse + p.x[u], l.y_inverse + p.y[u]);
    NKE_EACH r[u] = hn::Mul(p.sigma[u], both[u]);
    NKE_EACH square[u] = hn::NegMulAdd(r[u], r[u], one);
    NKE_EACH {
      const Vec<T> x = hn::Load(d, l.x_series + p.x_series[u]), y = hn::Load(d, l.y_series + p.y_series[u]);
      sum[u] = hn::Add(x, y);
      low[u] = hn::Mul(x, y);
      const Vec<T> end = hn::Sub(sum[u], low[u]);
      square[u] = hn::IfThenElse(hn::Gt(square[u], hn::Add(end, least)), square[u], end);
    }
    NKE_EACH s[u] = hn::Sqrt(square[u]);
    NKE_EACH inverse[u] = hn::Div(one, s[u]);
    arcsine_of<T, U>(a.arcsine, r, s, angle);
    const Vec<T> line = hn::Set(d, a.line), bend = hn::Set(d, a.bend), jump = hn::Set(d, a.jump);
    NKE_EACH both[u] = hn::Mul(both[u], inverse[u]);
    NKE_EACH slope[u] = Linear ? hn::MulAdd(bend, angle[u], line) : line;
    if (a.mixed) {
      NKE_EACH slope[u] = hn::Add(slope[u], plane_sum(l, p, u, 2));
    }
    NKE_EACH p.k[u] = hn::Mul(p.sigma[u], slope[u]);
    if constexpr (Linear) {
      const Vec<T> curve = hn::Set(d, a.curve);
      NKE_EACH p.k[u] = hn::MulAdd(product(l.x_root + p.x[u], l.y_root + p.y[u]), s[u], p.k[u]);
      NKE_EACH inverse[u] = hn::Mul(inverse[u], inverse[u]);  // from here on 1/s²
      NKE_EACH rest[u] = hn::Mul(r[u], hn::Mul(r[u], both[u]));
      NKE_EACH p.k[u] = hn::MulAdd(curve, rest[u], p.k[u]);
      NKE_EACH sum[u] = hn::MulAdd(low[u], inverse[u], sum[u]);
      NKE_EACH rest[u] = hn::Mul(hn::Mul(bend, r[u]), hn::Mul(s[u], inverse[u]));
    }
    if (!Linear || a.mixed) {
      const Vec<T> constant = hn::Set(d, a.constant);
      NKE_EACH p.k[u] = hn::Add(hn::MulAdd(jump, angle[u], constant), p.k[u]);
    }
    if (a.mixed) {
      NKE_EACH p.k[u] = hn::Add(p.k[u], plane_sum(l, p, u, 1));
    }
    if (!Linear || a.mixed) {
      NKE_EACH slope[u] = hn::MulAdd(jump, both[u], slope[u]);
    }
    if constexpr (Linear) {
      NKE_EACH slope[u] = hn::MulAdd(rest[u], sum[u], slope[u]);
    }
    NKE_EACH p.m[u] = hn::MulAdd(p.theta[u], slope[u], p.k[u]);
  }

 private:
  template <std::size_t U>
  static HWY_INLINE Vec<T> plane_sum(const SliceLayer<T>& l, const Pairs<T, U>& p, std::size_t u, std::size_t plane) {
    const Tag<T> d;
    return hn::Add(hn::Load(d, l.x_series + p.x_series[u] + plane * p.stride),
                   hn::Load(d, l.y_series + p.y_series[u] + plane * p.stride));
  }
};
#undef NKE_EACH

}  // namespace nke::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
