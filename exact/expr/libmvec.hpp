// SPDX-License-Identifier: Apache-2.0
// The vector functions of glibc's libmvec, for the file that computes over blocks: NKE_LIBMVEC is defined where they exist.
// The compiler calls them only under -ffast-math, which is forbidden here, so they are called by name.
//
// Not under clang: it decides by the instruction set of the whole file, not of the function, whether 256 and 512 bits
// travel in registers, so these would be handed memory they do not read (atan2 then returns pi/4 everywhere).
#pragma once

#include <cmath>

#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__)
#if __GLIBC_PREREQ(2, 35)
#define NKE_LIBMVEC 1
#endif
#endif

#ifdef NKE_LIBMVEC
#include <immintrin.h>
// The names of the x86 vector function ABI: b, d, e for 128, 256, 512 bits, N for "no mask", one v for each argument.
// A declaration names the instruction set its argument registers belong to.
#define NKE_AVX __attribute__((target("avx")))
#define NKE_AVX512 __attribute__((target("avx512f")))
extern "C" {
#define NKE_DECLARE_VECTOR_1(name)                      \
  __m128d _ZGVbN2v_##name(__m128d) noexcept;            \
  NKE_AVX __m256d _ZGVdN4v_##name(__m256d) noexcept;    \
  NKE_AVX512 __m512d _ZGVeN8v_##name(__m512d) noexcept; \
  __m128 _ZGVbN4v_##name##f(__m128) noexcept;           \
  NKE_AVX __m256 _ZGVdN8v_##name##f(__m256) noexcept;   \
  NKE_AVX512 __m512 _ZGVeN16v_##name##f(__m512) noexcept;
#define NKE_DECLARE_VECTOR_2(name)                                \
  __m128d _ZGVbN2vv_##name(__m128d, __m128d) noexcept;            \
  NKE_AVX __m256d _ZGVdN4vv_##name(__m256d, __m256d) noexcept;    \
  NKE_AVX512 __m512d _ZGVeN8vv_##name(__m512d, __m512d) noexcept; \
  __m128 _ZGVbN4vv_##name##f(__m128, __m128) noexcept;            \
  NKE_AVX __m256 _ZGVdN8vv_##name##f(__m256, __m256) noexcept;    \
  NKE_AVX512 __m512 _ZGVeN16vv_##name##f(__m512, __m512) noexcept;
NKE_DECLARE_VECTOR_1(exp)
NKE_DECLARE_VECTOR_1(log)
NKE_DECLARE_VECTOR_1(sin)
NKE_DECLARE_VECTOR_1(cos)
NKE_DECLARE_VECTOR_1(tan)
NKE_DECLARE_VECTOR_1(sinh)
NKE_DECLARE_VECTOR_1(cosh)
NKE_DECLARE_VECTOR_1(tanh)
NKE_DECLARE_VECTOR_1(asin)
NKE_DECLARE_VECTOR_1(acos)
NKE_DECLARE_VECTOR_1(atan)
NKE_DECLARE_VECTOR_1(erf)
NKE_DECLARE_VECTOR_1(erfc)
NKE_DECLARE_VECTOR_1(expm1)
NKE_DECLARE_VECTOR_1(log1p)
NKE_DECLARE_VECTOR_2(pow)
NKE_DECLARE_VECTOR_2(atan2)
#undef NKE_DECLARE_VECTOR_1
#undef NKE_DECLARE_VECTOR_2
}
#endif
