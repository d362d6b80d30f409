// SPDX-License-Identifier: Apache-2.0
// Lanes: float.  Error: one rounding a product, in the same order on every target.  Valid: preconditions of
// product_simd.hpp.
//
// With registers of 16 lanes a shuffled block is one load and one permutation by lane; a gather would be 16 loads
// (measured 9 times slower). Narrower registers read the lanes one by one.

#include <hwy/base.h>

// Vectors of unknown size have no fixed block of 16; those machines have NEON or the scalar path.
#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nke/sketch/product_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "product_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::sketch::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void multiply_blocks(const float* a, const float* b, const std::uint32_t* block, const std::uint8_t* lane, float scale,
                     float* out, std::size_t blocks) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  const hn::CappedTag<float, 16> d;
  const hn::Rebind<std::int32_t, decltype(d)> as_int;
  const hn::Rebind<std::uint8_t, decltype(d)> as_byte;
  const auto factor = hn::Set(d, scale);
  for (std::size_t i = 0; i < blocks; ++i) {
    const auto index = hn::IndicesFromVec(d, hn::PromoteTo(as_int, hn::LoadU(as_byte, lane + 16 * i)));
    const auto shuffled = hn::TableLookupLanes(hn::LoadU(d, b + 16 * std::size_t{block[i]}), index);
    hn::StoreU(hn::Mul(hn::Mul(factor, hn::LoadU(d, a + 16 * i)), shuffled), d, out + 16 * i);
  }
#else
  for (std::size_t i = 0; i < blocks; ++i) {
    const float* from = b + 16 * std::size_t{block[i]};
    for (std::size_t j = 16 * i; j < 16 * i + 16; ++j) out[j] = scale * a[j] * from[lane[j]];
  }
#endif
}

void fold_groups(const float* t, std::size_t m, std::size_t groups, const std::uint8_t* signs, float scale,
                 float* out) {
  const std::size_t bytes = (m + 15) / 16 * 2;  // of signs in a group
  std::size_t j = 0;
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_AVX2
  const hn::CappedTag<float, 16> d;
  constexpr std::size_t lanes = hn::MaxLanes(d);
  const auto factor = hn::Set(d, scale);
  for (; j + lanes <= m; j += lanes) {
    auto sum = hn::LoadU(d, t + j);
    for (std::size_t g = 1; g < groups; ++g) {
      const auto v = hn::LoadU(d, t + g * m + j);
      alignas(8) std::uint8_t bits[8] = {};  // LoadMaskBits may read eight bytes
      hwy::CopyBytes<lanes / 8>(signs + (g - 1) * bytes + j / 8, bits);
      sum = hn::Add(sum, hn::IfThenElse(hn::LoadMaskBits(d, bits), hn::Neg(v), v));
    }
    hn::StoreU(hn::Mul(factor, sum), d, out + j);
  }
#endif
  for (; j < m; ++j) {
    float sum = t[j];
    for (std::size_t g = 1; g < groups; ++g) {
      const float v = t[g * m + j];
      sum += (signs[(g - 1) * bytes + j / 8] >> j % 8 & 1) != 0 ? -v : v;
    }
    out[j] = scale * sum;
  }
}

}  // namespace nke::sketch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nke::sketch::simd {

HWY_EXPORT(multiply_blocks);
HWY_EXPORT(fold_groups);

void multiply_shuffled(const float* a, const float* b, const std::uint32_t* block, const std::uint8_t* lane,
                       float scale, float* out, std::size_t blocks) {
  HWY_DYNAMIC_DISPATCH(multiply_blocks)(a, b, block, lane, scale, out, blocks);
}

void fold(const float* t, std::size_t m, std::size_t groups, const std::uint8_t* signs, float scale, float* out) {
  HWY_DYNAMIC_DISPATCH(fold_groups)(t, m, groups, signs, scale, out);
}

}  // namespace nke::sketch::simd
#endif
