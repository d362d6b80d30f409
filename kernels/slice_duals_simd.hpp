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

template <class T>
HWY_INLINE Vec<T> horner(const T* c, std::size_t terms, Vec<T> t) {
  const Tag<T> d;
  Vec<T> sum = hn::Set(d, c[terms - 1]);
  for (std::size_t k = terms - 1; k-- > 0;) sum = hn::MulAdd(sum, t, hn::Set(d, c[k]));
  return sum;
}

template <class T>
HWY_INLINE Vec<T> product(const T* x, const T* y) {
  const Tag<T> d;
  return hn::Mul(hn::Load(d, x), hn::Load(d, y));
}

template <class T>
struct Kinked {
  const SliceActivation<T>& a;
  HWY_INLINE void operator()(const SliceLayer<T>& l, std::size_t x, std::size_t y, std::size_t, Vec<T> sigma,
                             Vec<T> theta, Vec<T>& k, Vec<T>& m) const {
    constexpr std::size_t terms = simd::arcsine_terms<T>;
    const Tag<T> d;
    const auto set = [d](double v) HWY_ATTR { return hn::Set(d, static_cast<T>(v)); };
    const Vec<T> one = hn::Set(d, T{1});
    const Vec<T> rho = hn::Mul(sigma, product(l.x_inverse + x, l.y_inverse + y));
    const Vec<T> size = hn::Min(hn::Abs(rho), one), gap = hn::Sub(one, size);
    const Vec<T> t = hn::IfThenElseZero(hn::Gt(gap, set(sizeof(T) == 8 ? 3e-15 : 6e-7)), gap);
    const Vec<T> sine = hn::Sqrt(hn::MulAdd(t, size, t));
    constexpr double cosine_eighth = 0.92387953251128675613, sine_eighth = 0.38268343236508977173;
    constexpr double eighth = 0.39269908169872415481;  // of π
    const auto steep = hn::Gt(size, sine);
    const Vec<T> p = hn::IfThenElse(steep, set(cosine_eighth), set(sine_eighth));
    const Vec<T> q = hn::IfThenElse(steep, set(sine_eighth), set(cosine_eighth));
    const Vec<T> base = hn::IfThenElse(steep, set(3 * eighth), set(eighth));
    const Vec<T> v = hn::NegMulAdd(size, q, hn::Mul(sine, p)), z = hn::Mul(v, v);
    const Vec<T> arcsine = hn::Sub(base, hn::MulAdd(hn::Mul(v, z), horner(a.arcsine, terms, z), v));
    const Vec<T> bent = hn::MulAdd(size, arcsine, sine);
    const Vec<T> kappa = hn::MulAdd(rho, hn::Set(d, a.line), hn::Mul(hn::Set(d, a.bend), bent));
    const Vec<T> dot = hn::MulAdd(hn::CopySign(hn::Set(d, a.bend_dot), rho), arcsine, hn::Set(d, a.line_dot));
    k = hn::Mul(kappa, product(l.x_root + x, l.y_root + y));
    m = hn::MulAdd(theta, dot, k);
  }
};

template <class T>
HWY_INLINE Vec<T> correlation(const SliceLayer<T>& l, std::size_t x, std::size_t y, Vec<T> sigma) {
  const Tag<T> d;
  const Vec<T> one = hn::Set(d, T{1});
  const Vec<T> rho = hn::Mul(sigma, product(l.x_inverse + x, l.y_inverse + y));
  return hn::Min(hn::Max(rho, hn::Neg(one)), one);
}

template <class T>
struct Smooth {
  const SliceActivation<T>& a;
  HWY_INLINE void operator()(const SliceLayer<T>& l, std::size_t x, std::size_t y, std::size_t, Vec<T> sigma,
                             Vec<T> theta, Vec<T>& k, Vec<T>& m) const {
    const Vec<T> rho = correlation(l, x, y, sigma);
    const auto terms = static_cast<std::size_t>(a.terms);
    k = hn::Mul(horner(a.kappa, terms, rho), product(l.x_root + x, l.y_root + y));
    m = hn::MulAdd(theta, horner(a.kappa_dot, terms, rho), k);
  }
};

// κ̇ = rate κ, as of exp(ρ − 1).
template <class T>
struct Exponential {
  const SliceActivation<T>& a;
  HWY_INLINE void operator()(const SliceLayer<T>& l, std::size_t x, std::size_t y, std::size_t, Vec<T> sigma,
                             Vec<T> theta, Vec<T>& k, Vec<T>& m) const {
    const Vec<T> root = product(l.x_root + x, l.y_root + y);
    const Vec<T> kappa = horner(a.kappa, static_cast<std::size_t>(a.terms), correlation(l, x, y, sigma));
    k = hn::Mul(kappa, root);
    m = hn::Mul(kappa, hn::MulAdd(theta, hn::Set(Tag<T>(), a.rate), root));
  }
};

template <class T>
struct Series {
  const SliceActivation<T>& a;
  HWY_INLINE void operator()(const SliceLayer<T>& l, std::size_t x, std::size_t y, std::size_t plane, Vec<T> sigma,
                             Vec<T> theta, Vec<T>& k, Vec<T>& m) const {
    const Tag<T> d;
    const Vec<T> inverse = product(l.x_inverse + x, l.y_inverse + y), one = hn::Set(d, T{1});
    const Vec<T> rho = hn::Min(hn::Max(hn::Mul(sigma, inverse), hn::Neg(one)), one);
    const Vec<T> at = a.stride == 2 ? hn::Mul(rho, rho) : rho;
    Vec<T> value = hn::Zero(d), slope = hn::Zero(d);
    std::size_t here = static_cast<std::size_t>(a.terms) * plane;
    for (int n = a.terms; n-- > 0;) {
      here -= plane;
      slope = hn::MulAdd(slope, at, value);
      value = hn::MulAdd(value, at, product(l.x_series + here + x, l.y_series + here + y));
    }
    // From the polynomial in ρ² and its derivative to those in ρ.
    if (a.stride == 2 && a.first == 1) {
      slope = hn::MulAdd(hn::Add(at, at), slope, value);
      value = hn::Mul(rho, value);
    } else if (a.stride == 2) {
      slope = hn::Mul(hn::Add(rho, rho), slope);
    }
    if (a.line_plane) {
      here = static_cast<std::size_t>(a.terms) * plane;
      const Vec<T> line = product(l.x_series + here + x, l.y_series + here + y);
      value = hn::MulAdd(line, rho, value);
      slope = hn::Add(slope, line);
    }
    k = value;
    m = hn::MulAdd(hn::Mul(theta, inverse), slope, k);
  }
};

}  // namespace nke::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
