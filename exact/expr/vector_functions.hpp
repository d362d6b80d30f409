// SPDX-License-Identifier: Apache-2.0
// The primitives on one vector, for the files that loop over blocks: op_exp(V), op_atan2(V, V), …
//
// Included once for each instruction set, after foreach_target.h and highway.h, by a file that may define
// NKE_LANES_ARE_FLOATS before; so there is no include guard. Largest errors: block_accuracy.cpp.
#include <cmath>
#include <cstddef>

#include "libmvec.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::block {
namespace HWY_NAMESPACE {
namespace {  // double in one file, float in the next: names of their own
namespace hn = hwy::HWY_NAMESPACE;
#ifdef NKE_LANES_ARE_FLOATS
using Lane = float;
#else
using Lane = double;
#endif
using D = hn::ScalableTag<Lane>;
using V = hn::Vec<D>;

#undef NKE_VECTOR_1
#undef NKE_VECTOR_2
#if defined(NKE_LIBMVEC) && (HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL)
#define NKE_VECTOR_1(name) NKE_LANES(_ZGVeN8v_##name, _ZGVeN16v_##name##f)(x.raw)
#define NKE_VECTOR_2(name) NKE_LANES(_ZGVeN8vv_##name, _ZGVeN16vv_##name##f)(x1.raw, x2.raw)
#elif defined(NKE_LIBMVEC) && HWY_TARGET == HWY_AVX2
#define NKE_VECTOR_1(name) NKE_LANES(_ZGVdN4v_##name, _ZGVdN8v_##name##f)(x.raw)
#define NKE_VECTOR_2(name) NKE_LANES(_ZGVdN4vv_##name, _ZGVdN8vv_##name##f)(x1.raw, x2.raw)
#elif defined(NKE_LIBMVEC) && (HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_SSSE3)
#define NKE_VECTOR_1(name) NKE_LANES(_ZGVbN2v_##name, _ZGVbN4v_##name##f)(x.raw)
#define NKE_VECTOR_2(name) NKE_LANES(_ZGVbN2vv_##name, _ZGVbN4vv_##name##f)(x1.raw, x2.raw)
#endif

#undef NKE_LANES
#ifdef NKE_LANES_ARE_FLOATS
#define NKE_LANES(of_double, of_float) of_float
#else
#define NKE_LANES(of_double, of_float) of_double
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
    HWY_ALIGN Lane lanes[hn::MaxLanes(D())];                                         \
    hn::Store(x, D(), lanes);                                                        \
    for (std::size_t i = 0; i < hn::Lanes(D()); ++i) lanes[i] = std::name(lanes[i]); \
    return hn::Load(D(), lanes);                                                     \
  }
#define NKE_LIBRARY_2(name)                                                                     \
  HWY_ATTR HWY_INLINE V op_##name(V x1, V x2) {                                                 \
    HWY_ALIGN Lane lanes[hn::MaxLanes(D())], others[hn::MaxLanes(D())];                         \
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
  return hn::Set(D(), static_cast<Lane>(value));
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

// x1 x2 − product, exactly, for product = x1*x2 rounded: by one fused operation, or by halves of 26 bits (12 for floats; Dekker 1971).
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_NEON
HWY_ATTR HWY_INLINE V product_rest(V x1, V x2, V product) {
  return hn::MulSub(x1, x2, product);
}
#else
HWY_ATTR HWY_INLINE V upper_half(V x) {
  const V shifted = hn::Mul(constant(NKE_LANES(134217729, 4097)), x);
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
  // high + low = −1/sqrt(2)
  const V high = constant(NKE_LANES(-0.70710678118654757274, -0.707106769084930419921875));
  const V low = constant(NKE_LANES(4.8336466567264851e-17, -1.2101617104478970e-8));
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

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace nke::block
HWY_AFTER_NAMESPACE();
