// SPDX-License-Identifier: Apache-2.0
// Lanes:  float and double, on every target with vectors of fixed size.
// Error:  a few roundings an operation; the fit's residual (1e-13 at most, 1e-15 for relu).
// Valid:  any n; what is left of a row after whole vectors goes through a buffer.
#include <hwy/base.h>

#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nke/kernels/rows_simd.cpp"
#include <algorithm>

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "rows_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class T>
using Tag = hn::CappedTag<T, 64 / sizeof(T)>;
template <class T>
using Vec = hn::Vec<Tag<T>>;
template <class T>
inline constexpr std::size_t lanes = HWY_LANES(T) < 64 / sizeof(T) ? HWY_LANES(T) : 64 / sizeof(T);

// A vector from, or to, the first `count` of a row's last elements. Lanes beyond are `rest`.
template <class T>
HWY_INLINE Vec<T> load_some(const T* from, std::size_t count, T rest) {
  alignas(64) T buffer[lanes<T>];
  for (std::size_t i = 0; i < lanes<T>; ++i) buffer[i] = i < count ? from[i] : rest;
  return hn::Load(Tag<T>(), buffer);
}
template <class T>
HWY_INLINE void store_some(Vec<T> v, T* to, std::size_t count) {
  alignas(64) T buffer[lanes<T>];
  hn::Store(v, Tag<T>(), buffer);
  for (std::size_t i = 0; i < count; ++i) to[i] = buffer[i];
}

// Whole vectors and the rest look the same to a layer: it gets something that loads and stores.
template <class T>
struct Whole {
  std::size_t at;
  HWY_INLINE Vec<T> load(const T* row) const { return hn::LoadU(Tag<T>(), row + at); }
  HWY_INLINE void store(Vec<T> v, T* row) const { hn::StoreU(v, Tag<T>(), row + at); }
};
template <class T>
struct Rest {
  std::size_t at, count;
  HWY_INLINE Vec<T> load(const T* row) const { return load_some(row + at, count, T{1}); }
  HWY_INLINE void store(Vec<T> v, T* row) const { store_some(v, row + at, count); }
};
template <class T, class Layer>
HWY_INLINE void along(std::size_t n, const Layer& layer) {
  std::size_t i = 0;
  for (; i + lanes<T> <= n; i += lanes<T>) layer(Whole<T>{i});
  if (i < n) layer(Rest<T>{i, n - i});
}

template <class T>
HWY_INLINE Vec<T> within(Vec<T> delta) {
  const Tag<T> d;
  return hn::Min(hn::Max(delta, hn::Zero(d)), hn::Set(d, T{2}));
}

template <class T>
std::size_t correlate_row(const T* g, T r_i, const T* r, T near, T* delta, std::size_t n) {
  const Tag<T> d;
  Vec<T> least = hn::Set(d, T{2});
  along<T>(n, [&](const auto& at) HWY_ATTR {
    const Vec<T> x = within<T>(hn::NegMulAdd(hn::Mul(at.load(g), hn::Set(d, r_i)), at.load(r), hn::Set(d, T{1})));
    at.store(x, delta);
    least = hn::Min(least, hn::Min(x, hn::Sub(hn::Set(d, T{2}), x)));
  });
  if (hn::GetLane(hn::MinOfLanes(d, least)) >= near) return 0;
  return static_cast<std::size_t>(std::count_if(delta, delta + n, [near](T x) { return x < near || 2 - x < near; }));
}

template <class T>
double half_distance_of(const T* x, double r_x, const T* y, double r_y, std::size_t n) {
  const Tag<double> d;
  const hn::Rebind<T, Tag<double>> from;
  constexpr std::size_t L = lanes<double>;
  Vec<double> sum = hn::Zero(d);
  const Vec<double> rx = hn::Set(d, r_x), ry = hn::Set(d, r_y);
  const auto widened = [&](const T* p) HWY_ATTR {
    if constexpr (sizeof(T) == 8) {
      return hn::LoadU(d, p);
    } else {
      return hn::PromoteTo(d, hn::LoadU(from, p));
    }
  };
  std::size_t k = 0;
  for (; k + L <= n; k += L) {
    // Both products rounded alike, so that a point and its copy are at distance 0.
    const Vec<double> difference = hn::Sub(hn::Mul(rx, widened(x + k)), hn::Mul(ry, widened(y + k)));
    sum = hn::MulAdd(difference, difference, sum);
  }
  double total = hn::GetLane(hn::SumOfLanes(d, sum));
  for (; k < n; ++k) {
    const double difference = r_x * static_cast<double>(x[k]) - r_y * static_cast<double>(y[k]);
    total += difference * difference;
  }
  return total / 2;
}

// δ' = α_i α_j δ + ½((α_i − α_j)² + (β_i − β_j)²): 1 − α_i α_j − β_i β_j without cancellation.
template <class T>
HWY_INLINE Vec<T> turned(Vec<T> alpha, Vec<T> beta, Vec<T> alpha_i, Vec<T> beta_i, Vec<T> product, Vec<T> delta) {
  const Tag<T> d;
  const Vec<T> da = hn::Sub(alpha_i, alpha), db = hn::Sub(beta_i, beta);
  const Vec<T> gap = hn::Mul(hn::MulAdd(da, da, hn::Mul(db, db)), hn::Set(d, static_cast<T>(0.5)));
  return within<T>(hn::MulAdd(product, delta, gap));
}

template <class T>
void affine_row(const simd::Affine<T>& f, T* delta, T* t, std::size_t n) {
  const Tag<T> d;
  const Vec<T> alpha_i = hn::Set(d, f.alpha_i), beta_i = hn::Set(d, f.beta_i), one = hn::Set(d, T{1});
  along<T>(n, [&](const auto& at) HWY_ATTR {
    const Vec<T> alpha = at.load(f.alpha), product = hn::Mul(alpha_i, alpha);
    const Vec<T> next = turned<T>(alpha, at.load(f.beta), alpha_i, beta_i, product, at.load(delta));
    at.store(next, delta);
    if (t != nullptr) at.store(hn::MulAdd(product, at.load(t), hn::Sub(one, next)), t);
  });
}

template <class T, std::size_t N>
HWY_INLINE Vec<T> horner(const T (&c)[N], Vec<T> t) {
  const Tag<T> d;
  Vec<T> sum = hn::Set(d, c[N - 1]);
  for (std::size_t k = N - 1; k-- > 0;) sum = hn::MulAdd(sum, t, hn::Set(d, c[k]));
  return sum;
}

// The fit in the type of the lanes.
template <class T>
struct Polynomials {
  static constexpr std::size_t terms =
      sizeof(T) == 8 ? std::size_t{HomogeneousFit::terms} : std::size_t{HomogeneousFit::float_terms};
  T base_plus[4], base_minus[4], dot_plus[4], dot_minus[4];
  T base_tail[terms], dot_tail[terms];
  explicit Polynomials(const HomogeneousFit& fit) {
    for (std::size_t k = 0; k < 4; ++k) {
      base_plus[k] = static_cast<T>(fit.base_plus[k]);
      base_minus[k] = static_cast<T>(fit.base_minus[k]);
      dot_plus[k] = static_cast<T>(fit.dot_plus[k]);
      dot_minus[k] = static_cast<T>(fit.dot_minus[k]);
    }
    for (std::size_t k = 0; k < terms; ++k) {
      if constexpr (sizeof(T) == 8) {
        base_tail[k] = fit.base_tail[k];
        dot_tail[k] = fit.dot_tail[k];
      } else {
        base_tail[k] = static_cast<T>(fit.base_tail_float[k]);
        dot_tail[k] = static_cast<T>(fit.dot_tail_float[k]);
      }
    }
  }
};

template <class T, std::size_t Power, bool Theta, bool Dense>
void homogeneous_row(const HomogeneousFit& fit, T* delta, T* theta, std::size_t n) {
  const Tag<T> d;
  const Polynomials<T> p(fit);
  const Vec<T> one = hn::Set(d, T{1}), two = hn::Set(d, T{2});
  const Vec<T> flip_base = hn::Set(d, fit.base_flips ? T{-1} : T{1}),
               flip_dot = hn::Set(d, fit.dot_flips ? T{-1} : T{1});
  const auto side = [&](const T(&plus)[4], const T(&minus)[4], std::size_t degree, auto negative, Vec<T> t) HWY_ATTR {
    Vec<T> sum = hn::IfThenElse(negative, hn::Set(d, minus[degree]), hn::Set(d, plus[degree]));
    for (std::size_t k = degree; k-- > 0;) {
      sum = hn::MulAdd(sum, t, hn::IfThenElse(negative, hn::Set(d, minus[k]), hn::Set(d, plus[k])));
    }
    return sum;
  };
  along<T>(n, [&](const auto& at) HWY_ATTR {
    const Vec<T> x = at.load(delta);
    const auto negative = hn::Gt(x, one);
    const Vec<T> t = hn::Min(x, hn::Sub(two, x));
    const Vec<T> root = hn::Sqrt(t);
    const Vec<T> base_root = hn::IfThenElse(negative, hn::Mul(root, flip_base), root);
    const Vec<T> base = side(p.base_plus, p.base_minus, Power, negative, t);
    at.store(within<T>(hn::MulAdd(base_root, horner(p.base_tail, t), base)), delta);
    if constexpr (Theta) {
      Vec<T> v = at.load(theta);
      if constexpr (Dense) v = hn::Add(v, hn::Sub(one, x));
      if constexpr (Power == 0) {
        v = hn::Zero(d);
      } else {
        const Vec<T> dot_root = hn::IfThenElse(negative, hn::Mul(root, flip_dot), root);
        v = hn::Mul(v,
                    hn::MulAdd(dot_root, horner(p.dot_tail, t), side(p.dot_plus, p.dot_minus, Power - 1, negative, t)));
      }
      at.store(v, theta);
    }
  });
}

template <class T, std::size_t Power>
void homogeneous_of(const HomogeneousFit& fit, bool dense, T* delta, T* theta, std::size_t n) {
  if (theta == nullptr) return homogeneous_row<T, Power, false, false>(fit, delta, theta, n);
  if (dense) return homogeneous_row<T, Power, true, true>(fit, delta, theta, n);
  homogeneous_row<T, Power, true, false>(fit, delta, theta, n);
}
template <class T>
void homogeneous_any(const HomogeneousFit& fit, bool dense, T* delta, T* theta, std::size_t n) {
  switch (fit.power) {
    case 0: return homogeneous_of<T, 0>(fit, dense, delta, theta, n);
    case 1: return homogeneous_of<T, 1>(fit, dense, delta, theta, n);
    case 2: return homogeneous_of<T, 2>(fit, dense, delta, theta, n);
    default: return homogeneous_of<T, 3>(fit, dense, delta, theta, n);
  }
}

void covariances_row(double root_i, const double* root, const double* delta, double* c, double* dd, std::size_t n) {
  const Tag<double> d;
  const Vec<double> one = hn::Set(d, 1.0), two = hn::Set(d, 2.0), ri = hn::Set(d, root_i);
  along<double>(n, [&](const auto& at) HWY_ATTR {
    const Vec<double> x = at.load(delta), scale = hn::Mul(ri, at.load(root));
    at.store(hn::Mul(scale, hn::Sub(one, x)), c);
    at.store(hn::Mul(hn::Mul(scale, scale), hn::Mul(x, hn::Sub(two, x))), dd);
  });
}

void from_dual_row(const simd::FromDual& f, const double* k, const double* kdot, double* delta, double* t,
                   std::size_t n) {
  const Tag<double> d;
  const Vec<double> one = hn::Set(d, 1.0), zero = hn::Zero(d), noise = hn::Set(d, 0x1p-50);
  const Vec<double> out_i = hn::Set(d, f.out_i), ratio_i = hn::Set(d, f.ratio_i), root_i = hn::Set(d, f.root_i);
  along<double>(n, [&](const auto& at) HWY_ATTR {
    const Vec<double> x = at.load(delta);
    const Vec<double> next = within<double>(hn::NegMulAdd(hn::Mul(at.load(k), out_i), at.load(f.out), one));
    // What is left of 1 next to parallel directions is rounding, and the next layer may take its root.
    const auto same = hn::Or(hn::And(hn::Eq(x, zero), hn::Eq(at.load(f.root), root_i)), hn::Lt(next, noise));
    at.store(hn::IfThenElse(same, zero, next), delta);
    if (t != nullptr) at.store(hn::Mul(at.load(t), hn::Mul(at.load(kdot), hn::Mul(ratio_i, at.load(f.ratio)))), t);
  });
}

template <class T>
void join_row(const simd::Join<T>& f, const T* other_delta, const T* other_t, T* delta, T* t, std::size_t n) {
  const Tag<T> d;
  const Vec<T> mu_i = hn::Set(d, f.mu_i), nu_i = hn::Set(d, f.nu_i);
  along<T>(n, [&](const auto& at) HWY_ATTR {
    const Vec<T> mu = at.load(f.mu), nu = at.load(f.nu);
    const Vec<T> mm = hn::Mul(mu_i, mu), nn = hn::Mul(nu_i, nu);
    const Vec<T> first = turned<T>(mu, nu, mu_i, nu_i, mm, at.load(delta));
    at.store(within<T>(hn::MulAdd(nn, at.load(other_delta), first)), delta);
    if (t != nullptr) at.store(hn::MulAdd(mm, at.load(t), hn::Mul(nn, at.load(other_t))), t);
  });
}

template <class T>
void finish_row(T norm_i, const T* norm, const T* delta, const T* t, T* k, T* theta, std::size_t n) {
  const Tag<T> d;
  const Vec<T> ni = hn::Set(d, norm_i), one = hn::Set(d, T{1});
  along<T>(n, [&](const auto& at) HWY_ATTR {
    const Vec<T> scale = hn::Mul(ni, at.load(norm));
    if (theta != nullptr) at.store(hn::Mul(scale, at.load(t)), theta);
    if (k != nullptr) at.store(hn::Mul(scale, hn::Sub(one, at.load(delta))), k);
  });
}

// HWY_EXPORT wants plain functions, one for each type.
#define NKE_FOR_TYPE(T, name)                                                                              \
  std::size_t correlate_##name(const T* g, T r_i, const T* r, T near, T* delta, std::size_t n) {           \
    return correlate_row(g, r_i, r, near, delta, n);                                                       \
  }                                                                                                        \
  double half_distance_##name(const T* x, double r_x, const T* y, double r_y, std::size_t n) {             \
    return half_distance_of(x, r_x, y, r_y, n);                                                            \
  }                                                                                                        \
  void affine_##name(const simd::Affine<T>& f, T* delta, T* t, std::size_t n) {                            \
    affine_row(f, delta, t, n);                                                                            \
  }                                                                                                        \
  void homogeneous_##name(const HomogeneousFit& fit, bool dense, T* delta, T* t, std::size_t n) {          \
    homogeneous_any(fit, dense, delta, t, n);                                                              \
  }                                                                                                        \
  void join_##name(const simd::Join<T>& f, const T* od, const T* ot, T* delta, T* t, std::size_t n) {      \
    join_row(f, od, ot, delta, t, n);                                                                      \
  }                                                                                                        \
  void finish_##name(T norm_i, const T* norm, const T* delta, const T* t, T* k, T* theta, std::size_t n) { \
    finish_row(norm_i, norm, delta, t, k, theta, n);                                                       \
  }
NKE_FOR_TYPE(float, float)
NKE_FOR_TYPE(double, double)
#undef NKE_FOR_TYPE

}  // namespace nke::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nke::kernels::simd {

HWY_EXPORT(covariances_row);
HWY_EXPORT(from_dual_row);
void covariances(double root_i, const double* root, const double* delta, double* c, double* d, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(covariances_row)(root_i, root, delta, c, d, n);
}
void from_dual(const FromDual& f, const double* k, const double* kdot, double* delta, double* t, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(from_dual_row)(f, k, kdot, delta, t, n);
}

#define NKE_FOR_TYPE(T, name)                                                                       \
  HWY_EXPORT(correlate_##name);                                                                     \
  HWY_EXPORT(half_distance_##name);                                                                 \
  HWY_EXPORT(affine_##name);                                                                        \
  HWY_EXPORT(homogeneous_##name);                                                                   \
  HWY_EXPORT(join_##name);                                                                          \
  HWY_EXPORT(finish_##name);                                                                        \
  std::size_t correlate(const T* g, T r_i, const T* r, T near, T* delta, std::size_t n) {           \
    return HWY_DYNAMIC_DISPATCH(correlate_##name)(g, r_i, r, near, delta, n);                       \
  }                                                                                                 \
  double half_distance(const T* x, double r_x, const T* y, double r_y, std::size_t n) {             \
    return HWY_DYNAMIC_DISPATCH(half_distance_##name)(x, r_x, y, r_y, n);                           \
  }                                                                                                 \
  void affine(const Affine<T>& f, T* delta, T* t, std::size_t n) {                                  \
    HWY_DYNAMIC_DISPATCH(affine_##name)(f, delta, t, n);                                            \
  }                                                                                                 \
  void homogeneous(const HomogeneousFit& fit, bool dense, T* delta, T* t, std::size_t n) {          \
    HWY_DYNAMIC_DISPATCH(homogeneous_##name)(fit, dense, delta, t, n);                              \
  }                                                                                                 \
  void join(const Join<T>& f, const T* od, const T* ot, T* delta, T* t, std::size_t n) {            \
    HWY_DYNAMIC_DISPATCH(join_##name)(f, od, ot, delta, t, n);                                      \
  }                                                                                                 \
  void finish(T norm_i, const T* norm, const T* delta, const T* t, T* k, T* theta, std::size_t n) { \
    HWY_DYNAMIC_DISPATCH(finish_##name)(norm_i, norm, delta, t, k, theta, n);                       \
  }
NKE_FOR_TYPE(float, float)
NKE_FOR_TYPE(double, double)
#undef NKE_FOR_TYPE

}  // namespace nke::kernels::simd
#endif
