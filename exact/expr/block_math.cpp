// SPDX-License-Identifier: Apache-2.0
// Lanes: doubles. Largest error: block_accuracy.cpp. Range: all doubles, NaN and infinities included.
// This file is compiled once for each instruction set (foreach_target), then the best one is chosen at run time.
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

#include "vector_functions.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::block {
namespace HWY_NAMESPACE {

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
