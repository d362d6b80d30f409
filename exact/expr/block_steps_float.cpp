// SPDX-License-Identifier: Apache-2.0
// Lanes: floats. This file is compiled once for each instruction set, then the best one is chosen at run time.
#include <nke/exact/expr/block_math.hpp>

#include "block_steps.hpp"

#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nke/exact/expr/block_steps_float.cpp"
#include <hwy/foreach_target.h>
// Highway's own header comes after foreach_target.h.
#include <hwy/highway.h>

#define NKE_LANES_ARE_FLOATS
#include "block_steps_simd.hpp"

#if HWY_ONCE
namespace nke::block {

HWY_EXPORT(kernels_of_floats);
const Kernel<float>* kernels(float) {
  return HWY_DYNAMIC_DISPATCH(kernels_of_floats)();
}

HWY_EXPORT(floats_between);
bool all_between(std::span<const float> x, float low, float high) {
  return HWY_DYNAMIC_DISPATCH(floats_between)(x.data(), x.size(), low, high);
}

}  // namespace nke::block
#endif
