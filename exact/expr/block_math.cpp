// SPDX-License-Identifier: Apache-2.0
// Lanes: doubles. Largest error: block_accuracy.cpp. Range: all doubles, NaN and infinities included.
// This file is compiled once for each instruction set (foreach_target), then the best one is chosen at run time.
#include <cmath>
#include <cstddef>
#include <cstring>

#include <nke/exact/expr/block_math.hpp>

// Few targets, for the time of the compiler; vectors without a size known to it cannot stand in arrays.
#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nke/exact/expr/block_math.cpp"
#include <hwy/foreach_target.h>
// Highway's own header comes after foreach_target.h.
#include <hwy/highway.h>

#include "libmvec.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::block {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<double>;
using V = hn::Vec<D>;

#undef NKE_VECTOR_1
#undef NKE_VECTOR_2
#if defined(NKE_LIBMVEC) && (HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL)
#define NKE_VECTOR_1(name) _ZGVeN8v_##name(x.raw)
#define NKE_VECTOR_2(name) _ZGVeN8vv_##name(x1.raw, x2.raw)
#elif defined(NKE_LIBMVEC) && HWY_TARGET == HWY_AVX2
#define NKE_VECTOR_1(name) _ZGVdN4v_##name(x.raw)
#define NKE_VECTOR_2(name) _ZGVdN4vv_##name(x1.raw, x2.raw)
#elif defined(NKE_LIBMVEC) && (HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_SSSE3)
#define NKE_VECTOR_1(name) _ZGVbN2v_##name(x.raw)
#define NKE_VECTOR_2(name) _ZGVbN2vv_##name(x1.raw, x2.raw)
#endif

#ifdef NKE_VECTOR_1
#define NKE_LIBRARY_1(name)              \
  HWY_ATTR HWY_INLINE V op_##name(V x) { \
    return V{NKE_VECTOR_1(name)};        \
  }
#define NKE_LIBRARY_2(name)                     \
  HWY_ATTR HWY_INLINE V op_##name(V x1, V x2) { \
    return V{NKE_VECTOR_2(name)};               \
  }
#else
// Lane by lane through libm.
#define NKE_LIBRARY_1(name)                                                          \
  HWY_ATTR HWY_INLINE V op_##name(V x) {                                             \
    HWY_ALIGN double lanes[hn::MaxLanes(D())];                                       \
    hn::Store(x, D(), lanes);                                                        \
    for (std::size_t i = 0; i < hn::Lanes(D()); ++i) lanes[i] = std::name(lanes[i]); \
    return hn::Load(D(), lanes);                                                     \
  }
#define NKE_LIBRARY_2(name)                                                                     \
  HWY_ATTR HWY_INLINE V op_##name(V x1, V x2) {                                                 \
    HWY_ALIGN double lanes[hn::MaxLanes(D())], others[hn::MaxLanes(D())];                       \
    hn::Store(x1, D(), lanes);                                                                  \
    hn::Store(x2, D(), others);                                                                 \
    for (std::size_t i = 0; i < hn::Lanes(D()); ++i) lanes[i] = std::name(lanes[i], others[i]); \
    return hn::Load(D(), lanes);                                                                \
  }
#endif

NKE_LIBRARY_1(exp)
NKE_LIBRARY_1(log)
NKE_LIBRARY_1(sin)
NKE_LIBRARY_1(cos)
NKE_LIBRARY_1(tan)
NKE_LIBRARY_1(sinh)
NKE_LIBRARY_1(cosh)
NKE_LIBRARY_1(tanh)
NKE_LIBRARY_1(asin)
NKE_LIBRARY_1(acos)
NKE_LIBRARY_1(atan)
NKE_LIBRARY_1(erf)
NKE_LIBRARY_1(erfc)
NKE_LIBRARY_1(expm1)
NKE_LIBRARY_1(log1p)
NKE_LIBRARY_2(pow)
NKE_LIBRARY_2(atan2)
#undef NKE_LIBRARY_1
#undef NKE_LIBRARY_2

HWY_ATTR HWY_INLINE V constant(double value) {
  return hn::Set(D(), value);
}

HWY_ATTR HWY_INLINE V op_sqrt(V x) {
  return hn::Sqrt(x);
}
HWY_ATTR HWY_INLINE V op_abs(V x) {
  return hn::Abs(x);
}
HWY_ATTR HWY_INLINE V op_square(V x) {
  return hn::Mul(x, x);
}
HWY_ATTR HWY_INLINE V op_reciprocal(V x) {
  return hn::Div(constant(1), x);
}

// The last alternative is x itself (0 or NaN), so that NaN stays NaN.
HWY_ATTR HWY_INLINE V op_sign(V x) {
  const V zero = hn::Zero(D());
  return hn::IfThenElse(hn::Gt(x, zero), constant(1), hn::IfThenElse(hn::Lt(x, zero), constant(-1), x));
}

HWY_ATTR HWY_INLINE V op_step(V x) {
  const V zero = hn::Zero(D());
  return hn::IfThenElse(hn::Gt(x, zero), constant(1), hn::IfThenElse(hn::Lt(x, zero), zero, hn::Add(x, constant(0.5))));
}

// Both sides from exp(−|x|) <= 1, which cannot overflow and leaves 1/(1+e^{-x}) its relative accuracy for x << 0.
HWY_ATTR HWY_INLINE V op_sigmoid(V x) {
  const V t = op_exp(hn::Neg(hn::Abs(x)));
  return hn::Div(hn::IfThenElse(hn::Lt(x, hn::Zero(D())), t, constant(1)), hn::Add(constant(1), t));
}

HWY_ATTR HWY_INLINE V op_softplus(V x) {
  const V positive = hn::IfThenElse(hn::Lt(x, hn::Zero(D())), hn::Zero(D()), x);
  return hn::Add(positive, op_log1p(op_exp(hn::Neg(hn::Abs(x)))));
}

// x1 x2 − product, exactly, for product = x1*x2 rounded: by one fused operation, or by halves of 26 bits (Dekker 1971).
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_NEON
HWY_ATTR HWY_INLINE V product_rest(V x1, V x2, V product) {
  return hn::MulSub(x1, x2, product);
}
#else
HWY_ATTR HWY_INLINE V upper_half(V x) {
  const V shifted = hn::Mul(constant(134217729), x);
  return hn::Sub(shifted, hn::Sub(shifted, x));
}
HWY_ATTR HWY_INLINE V product_rest(V x1, V x2, V product) {
  const V high1 = upper_half(x1), low1 = hn::Sub(x1, high1);
  const V high2 = upper_half(x2), low2 = hn::Sub(x2, high2);
  V rest = hn::Sub(hn::Mul(high1, high2), product);
  rest = hn::Add(rest, hn::Mul(high1, low2));
  rest = hn::Add(rest, hn::Mul(low1, high2));
  return hn::Add(rest, hn::Mul(low1, low2));
}
#endif

// |x| > 40 has phi(x) = Phi(−|x|) = 0 in double; the clamp keeps the compensation below free of infinity − infinity.
HWY_ATTR HWY_INLINE V clamped(V x) {
  const V limit = constant(40);
  return hn::IfThenElse(hn::Gt(x, limit), limit, hn::IfThenElse(hn::Lt(x, hn::Neg(limit)), hn::Neg(limit), x));
}

// exp(−x²/2): the rounding e of x² would cost x²/2 units in the last place, so its effect 1 − e/2 is put back.
HWY_ATTR HWY_INLINE V op_phi(V x) {
  const V t = clamped(x);
  const V s = hn::Mul(t, t);
  const V e = product_rest(t, t, s);
  const V gauss = op_exp(hn::Mul(constant(-0.5), s));
  return hn::Mul(constant(0.39894228040143267794), hn::NegMulAdd(hn::Mul(constant(0.5), e), gauss, gauss));
}

// Phi(x) = erfc(y)/2 at y = −x/sqrt(2). With y* = y + d the exact quotient, erfc(y*) = erfc(y) (1 − d r), where
// r = (2/sqrt(pi)) exp(−y²)/erfc(y) lies between y + sqrt(y² + 4/pi) and y + sqrt(y² + 2); without it the tail loses y²
// units.
HWY_ATTR HWY_INLINE V op_Phi(V x) {
  const V t = clamped(x);
  const V high = constant(-0.70710678118654757274), low = constant(4.8336466567264851e-17);  // high + low = −1/sqrt(2)
  const V y = hn::Mul(t, high);
  const V d = hn::MulAdd(t, low, product_rest(t, high, y));
  const V r = hn::Add(y, hn::Sqrt(hn::MulAdd(y, y, constant(1.2732395447351628))));
  const V half = hn::Mul(constant(0.5), op_erfc(y));
  return hn::NegMulAdd(hn::Mul(d, r), half, half);
}

HWY_ATTR HWY_INLINE V op_add(V x1, V x2) {
  return hn::Add(x1, x2);
}
HWY_ATTR HWY_INLINE V op_subtract(V x1, V x2) {
  return hn::Sub(x1, x2);
}
HWY_ATTR HWY_INLINE V op_multiply(V x1, V x2) {
  return hn::Mul(x1, x2);
}
HWY_ATTR HWY_INLINE V op_divide(V x1, V x2) {
  return hn::Div(x1, x2);
}
HWY_ATTR HWY_INLINE V op_divide_into(V x1, V x2) {
  return hn::Div(x2, x1);
}

// A comparison with NaN is false: each form below then takes the argument that is NaN, or adds the two.
HWY_ATTR HWY_INLINE V op_min(V x1, V x2) {
  return hn::IfThenElse(hn::Lt(x1, x2), x1, hn::IfThenElse(hn::Le(x2, x1), x2, hn::Add(x1, x2)));
}
HWY_ATTR HWY_INLINE V op_max(V x1, V x2) {
  return hn::IfThenElse(hn::Gt(x1, x2), x1, hn::IfThenElse(hn::Ge(x2, x1), x2, hn::Add(x1, x2)));
}
HWY_ATTR HWY_INLINE V op_less(V x1, V x2) {
  return hn::IfThenElseZero(hn::Lt(x1, x2), constant(1));
}
HWY_ATTR HWY_INLINE V op_less_equal(V x1, V x2) {
  return hn::IfThenElseZero(hn::Le(x1, x2), constant(1));
}
HWY_ATTR HWY_INLINE V op_equal(V x1, V x2) {
  return hn::IfThenElseZero(hn::Eq(x1, x2), constant(1));
}

// Whole vectors, then the rest in a buffer filled up with ones, which no function of the table stumbles over.
template <class Op>
HWY_ATTR HWY_INLINE void map(const double* x, double* y, std::size_t n, Op op) {
  const std::size_t lanes = hn::Lanes(D());
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(op(hn::LoadU(D(), x + i)), D(), y + i);
  if (i == n) return;
  HWY_ALIGN double rest[hn::MaxLanes(D())];
  hn::Store(constant(1), D(), rest);
  std::memcpy(rest, x + i, (n - i) * sizeof(double));
  hn::Store(op(hn::Load(D(), rest)), D(), rest);
  std::memcpy(y + i, rest, (n - i) * sizeof(double));
}

template <class Op>
HWY_ATTR HWY_INLINE void map(const double* x1, const double* x2, double* y, std::size_t n, Op op) {
  const std::size_t lanes = hn::Lanes(D());
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(op(hn::LoadU(D(), x1 + i), hn::LoadU(D(), x2 + i)), D(), y + i);
  if (i == n) return;
  HWY_ALIGN double rest1[hn::MaxLanes(D())], rest2[hn::MaxLanes(D())];
  hn::Store(constant(1), D(), rest1);
  hn::Store(constant(1), D(), rest2);
  std::memcpy(rest1, x1 + i, (n - i) * sizeof(double));
  std::memcpy(rest2, x2 + i, (n - i) * sizeof(double));
  hn::Store(op(hn::Load(D(), rest1), hn::Load(D(), rest2)), D(), rest1);
  std::memcpy(y + i, rest1, (n - i) * sizeof(double));
}

#define NKE_LOOP_UNARY(name)                                             \
  HWY_ATTR void loop_##name(const double* x, double* y, std::size_t n) { \
    map(x, y, n, [](V v) HWY_ATTR { return op_##name(v); });             \
  }
#define NKE_LOOP_BINARY(name)                                                                \
  HWY_ATTR void loop2_##name(const double* x1, const double* x2, double* y, std::size_t n) { \
    map(x1, x2, y, n, [](V v1, V v2) HWY_ATTR { return op_##name(v1, v2); });                \
  }
#define NKE_LOOP_CONSTANT(name)                                                     \
  HWY_ATTR void loopc_##name(const double* x, double c, double* y, std::size_t n) { \
    const V v2 = constant(c);                                                       \
    map(x, y, n, [v2](V v1) HWY_ATTR { return op_##name(v1, v2); });                \
  }
NKE_BLOCK_UNARY(NKE_LOOP_UNARY)
NKE_BLOCK_BINARY(NKE_LOOP_BINARY)
NKE_BLOCK_CONSTANT(NKE_LOOP_CONSTANT)
NKE_LOOP_CONSTANT(divide_into)
#undef NKE_LOOP_UNARY
#undef NKE_LOOP_BINARY
#undef NKE_LOOP_CONSTANT

}  // namespace HWY_NAMESPACE
}  // namespace nke::block
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nke::block {

#define NKE_EXPORT_UNARY(name)                                       \
  HWY_EXPORT(loop_##name);                                           \
  void name(In x, Out y) {                                           \
    HWY_DYNAMIC_DISPATCH(loop_##name)(x.data(), y.data(), y.size()); \
  }
#define NKE_EXPORT_BINARY(name)                                                   \
  HWY_EXPORT(loop2_##name);                                                       \
  void name(In x1, In x2, Out y) {                                                \
    HWY_DYNAMIC_DISPATCH(loop2_##name)(x1.data(), x2.data(), y.data(), y.size()); \
  }
#define NKE_EXPORT_CONSTANT(name)                                               \
  HWY_EXPORT(loopc_##name);                                                     \
  void name(In x, double constant, Out y) {                                     \
    HWY_DYNAMIC_DISPATCH(loopc_##name)(x.data(), constant, y.data(), y.size()); \
  }
NKE_BLOCK_UNARY(NKE_EXPORT_UNARY)
NKE_BLOCK_BINARY(NKE_EXPORT_BINARY)
NKE_BLOCK_CONSTANT(NKE_EXPORT_CONSTANT)
NKE_EXPORT_CONSTANT(divide_into)
#undef NKE_EXPORT_UNARY
#undef NKE_EXPORT_BINARY
#undef NKE_EXPORT_CONSTANT

}  // namespace nke::block
#endif
