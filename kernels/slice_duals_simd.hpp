// SPDX-License-Identifier: Apache-2.0
// The dual of an activation on one vector of pairs of pixels: included once a target by slices_simd.cpp, and by nobody else.
//
// Definition  from Σ' and Θ': K and M = Θ'K̇ + K, both in the units of the next layer. ρ = Σ'/√(ab); a few units of the last
//             place beside |ρ| = 1 are rounding of 1, whose square root would be felt.
// Kinked      with θ = acos|ρ| and its sine, a square root: asin|ρ| = ⅜π − φ or ⅛π − φ, where sin φ = sin(θ − ⅛π) or
//             sin(θ − ⅜π) is at most sin ⅛π, so that a short polynomial in sin² φ is enough.
#if defined(NKE_SLICE_DUALS_SIMD) == defined(HWY_TARGET_TOGGLE)
#ifdef NKE_SLICE_DUALS_SIMD
#undef NKE_SLICE_DUALS_SIMD
#else
#define NKE_SLICE_DUALS_SIMD
#endif

#include <algorithm>

#include <hwy/highway.h>

#include "slices_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using simd::SliceActivation;
using simd::SliceLayer;

template <class T>
using Tag = hn::CappedTag<T, 64 / sizeof(T)>;
template <class T>
using Vec = hn::Vec<Tag<T>>;
template <class T>
inline constexpr std::size_t lanes = HWY_LANES(T) < 64 / sizeof(T) ? HWY_LANES(T) : 64 / sizeof(T);

// U vectors at once, operation by operation: each waits for the one before it, and the core looks ahead for too few others.
template <class T, std::size_t U>
struct Pairs {
  std::size_t x[U], y[U];                // of planes
  std::size_t x_series[U], y_series[U];  // of the series' first term
  std::size_t stride;                    // from term to term
  Vec<T> sigma[U], theta[U], k[U], m[U];
};
#define NKE_EACH for (std::size_t u = 0; u < U; ++u)

// Horner's scheme; beyond four terms for even and odd powers apart, which are two chains. c[terms] is 0 if terms is odd.
template <class T, std::size_t U>
HWY_INLINE void horner(const T* c, std::size_t terms, const Vec<T> (&t)[U], Vec<T> (&sum)[U]) {
  const Tag<T> d;
  if (terms <= 4) {
    NKE_EACH sum[u] = hn::Set(d, c[terms - 1]);
    for (std::size_t k = terms - 1; k-- > 0;) {
      NKE_EACH sum[u] = hn::MulAdd(sum[u], t[u], hn::Set(d, c[k]));
    }
    return;
  }
  Vec<T> square[U], odd[U];
  std::size_t k = (terms - 1) / 2 * 2;
  NKE_EACH square[u] = hn::Mul(t[u], t[u]);
  NKE_EACH sum[u] = hn::Set(d, c[k]);
  NKE_EACH odd[u] = hn::Set(d, c[k + 1]);
  while (k > 0) {
    k -= 2;
    NKE_EACH sum[u] = hn::MulAdd(sum[u], square[u], hn::Set(d, c[k]));
    NKE_EACH odd[u] = hn::MulAdd(odd[u], square[u], hn::Set(d, c[k + 1]));
  }
  NKE_EACH sum[u] = hn::MulAdd(odd[u], t[u], sum[u]);
}

template <class T>
HWY_INLINE Vec<T> product(const T* x, const T* y) {
  const Tag<T> d;
  return hn::Mul(hn::Load(d, x), hn::Load(d, y));
}

template <class T>
struct Kinked {
  const SliceActivation<T>& a;
  template <std::size_t U>
  HWY_INLINE void operator()(const SliceLayer<T>& l, Pairs<T, U>& p) const {
    constexpr std::size_t terms = simd::arcsine_terms<T>;
    const Tag<T> d;
    const auto set = [d](double v) HWY_ATTR { return hn::Set(d, static_cast<T>(v)); };
    constexpr double cosine_eighth = 0.92387953251128675613, sine_eighth = 0.38268343236508977173;
    constexpr double eighth = 0.39269908169872415481;  // of π
    const Vec<T> one = hn::Set(d, T{1}), least = set(sizeof(T) == 8 ? 3e-15 : 6e-7);
    const Vec<T> large = set(cosine_eighth), small = set(sine_eighth);
    const Vec<T> base_large = set(3 * eighth), base_small = set(eighth);
    Vec<T> rho[U], size[U], sine[U], v[U], z[U], arcsine[U], kappa[U];
    NKE_EACH rho[u] = hn::Mul(p.sigma[u], product(l.x_inverse + p.x[u], l.y_inverse + p.y[u]));
    NKE_EACH size[u] = hn::Min(hn::Abs(rho[u]), one);
    NKE_EACH v[u] = hn::Sub(one, size[u]);
    NKE_EACH v[u] = hn::IfThenElseZero(hn::Gt(v[u], least), v[u]);
    NKE_EACH sine[u] = hn::Sqrt(hn::MulAdd(v[u], size[u], v[u]));
    NKE_EACH {
      const auto steep = hn::Gt(size[u], sine[u]);
      v[u] = hn::Mul(sine[u], hn::IfThenElse(steep, large, small));
      v[u] = hn::NegMulAdd(size[u], hn::IfThenElse(steep, small, large), v[u]);
      arcsine[u] = hn::IfThenElse(steep, base_large, base_small);
    }
    NKE_EACH z[u] = hn::Mul(v[u], v[u]);
    horner<T, U>(a.arcsine, terms, z, kappa);
    NKE_EACH arcsine[u] = hn::Sub(arcsine[u], v[u]);
    NKE_EACH z[u] = hn::Mul(z[u], v[u]);
    NKE_EACH arcsine[u] = hn::NegMulAdd(z[u], kappa[u], arcsine[u]);
    const Vec<T> line = hn::Set(d, a.line), bend = hn::Set(d, a.bend);
    NKE_EACH kappa[u] = hn::Mul(bend, hn::MulAdd(size[u], arcsine[u], sine[u]));
    NKE_EACH kappa[u] = hn::MulAdd(rho[u], line, kappa[u]);
    NKE_EACH p.k[u] = hn::Mul(kappa[u], product(l.x_root + p.x[u], l.y_root + p.y[u]));
    const Vec<T> line_dot = hn::Set(d, a.line_dot), bend_dot = hn::Set(d, a.bend_dot);
    NKE_EACH arcsine[u] = hn::MulAdd(hn::CopySign(bend_dot, rho[u]), arcsine[u], line_dot);
    NKE_EACH p.m[u] = hn::MulAdd(p.theta[u], arcsine[u], p.k[u]);
  }
};

template <class T>
HWY_INLINE Vec<T> within_one(Vec<T> rho) {
  const Vec<T> one = hn::Set(Tag<T>(), T{1});
  return hn::Min(hn::Max(rho, hn::Neg(one)), one);
}

template <class T>
struct Smooth {
  const SliceActivation<T>& a;
  template <std::size_t U>
  HWY_INLINE void operator()(const SliceLayer<T>& l, Pairs<T, U>& p) const {
    Vec<T> rho[U], kappa[U], dot[U];
    NKE_EACH rho[u] = within_one<T>(hn::Mul(p.sigma[u], product(l.x_inverse + p.x[u], l.y_inverse + p.y[u])));
    const auto terms = static_cast<std::size_t>(a.terms);
    horner<T, U>(a.kappa, terms, rho, kappa);
    horner<T, U>(a.kappa_dot, terms, rho, dot);
    NKE_EACH p.k[u] = hn::Mul(kappa[u], product(l.x_root + p.x[u], l.y_root + p.y[u]));
    NKE_EACH p.m[u] = hn::MulAdd(p.theta[u], dot[u], p.k[u]);
  }
};

// κ̇ = rate κ, as of exp(ρ − 1).
template <class T>
struct Exponential {
  const SliceActivation<T>& a;
  template <std::size_t U>
  HWY_INLINE void operator()(const SliceLayer<T>& l, Pairs<T, U>& p) const {
    const Vec<T> rate = hn::Set(Tag<T>(), a.rate);
    Vec<T> rho[U], kappa[U];
    NKE_EACH rho[u] = within_one<T>(hn::Mul(p.sigma[u], product(l.x_inverse + p.x[u], l.y_inverse + p.y[u])));
    horner<T, U>(a.kappa, static_cast<std::size_t>(a.terms), rho, kappa);
    NKE_EACH {
      const Vec<T> root = product(l.x_root + p.x[u], l.y_root + p.y[u]);
      p.k[u] = hn::Mul(kappa[u], root);
      p.m[u] = hn::Mul(kappa[u], hn::MulAdd(p.theta[u], rate, root));
    }
  }
};

template <class T>
struct Series {
  const SliceActivation<T>& a;
  template <std::size_t U>
  HWY_INLINE void operator()(const SliceLayer<T>& l, Pairs<T, U>& p) const {
    const Tag<T> d;
    Vec<T> inverse[U], rho[U], at[U], value[U], slope[U];
    NKE_EACH {
      inverse[u] = product(l.x_inverse + p.x[u], l.y_inverse + p.y[u]);
      rho[u] = within_one<T>(hn::Mul(p.sigma[u], inverse[u]));
      at[u] = a.stride == 2 ? hn::Mul(rho[u], rho[u]) : rho[u];
      value[u] = slope[u] = hn::Zero(d);
    }
    const std::size_t end = static_cast<std::size_t>(a.terms) * p.stride;
    Vec<T> largest = hn::Zero(d);
    NKE_EACH largest = hn::Max(largest, hn::Abs(rho[u]));
    const T reach = hn::GetLane(hn::MaxOfLanes(d, largest));
    std::size_t steps = 1;
    while (a.reach[steps - 1] < reach) ++steps;
    const std::size_t needed = std::min(steps * static_cast<std::size_t>(a.step) * p.stride, end);
    for (std::size_t at_term = needed; at_term > 0;) {
      at_term -= p.stride;
      const T *x = l.x_series + at_term, *y = l.y_series + at_term;
      NKE_EACH slope[u] = hn::MulAdd(slope[u], at[u], value[u]);
      NKE_EACH value[u] = hn::MulAdd(value[u], at[u], product(x + p.x_series[u], y + p.y_series[u]));
    }
    // From the polynomial in ρ² and its derivative to those in ρ.
    if (a.stride == 2 && a.first == 1) {
      NKE_EACH slope[u] = hn::MulAdd(hn::Add(at[u], at[u]), slope[u], value[u]);
      NKE_EACH value[u] = hn::Mul(rho[u], value[u]);
    } else if (a.stride == 2) {
      NKE_EACH slope[u] = hn::Mul(hn::Add(rho[u], rho[u]), slope[u]);
    }
    if (a.line_plane) {
      NKE_EACH {
        const Vec<T> line = product(l.x_series + end + p.x_series[u], l.y_series + end + p.y_series[u]);
        value[u] = hn::MulAdd(line, rho[u], value[u]);
        slope[u] = hn::Add(slope[u], line);
      }
    }
    NKE_EACH p.k[u] = value[u];
    NKE_EACH p.m[u] = hn::MulAdd(hn::Mul(p.theta[u], inverse[u]), slope[u], p.k[u]);
  }
};
#undef NKE_EACH

}  // namespace nke::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
