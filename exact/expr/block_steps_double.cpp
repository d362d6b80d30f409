// SPDX-License-Identifier: Apache-2.0
// Lanes: doubles. This file is compiled once for each instruction set, then the best one is chosen at run time.
#include <nke/exact/expr/block_math.hpp>

#include "block_steps.hpp"

#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nke/exact/expr/block_steps_double.cpp"
#include <hwy/foreach_target.h>
// Highway's own header comes after foreach_target.h.
#include <hwy/highway.h>

#include "block_steps_simd.hpp"

#if HWY_ONCE
namespace nke::block {

HWY_EXPORT(kernels_of_doubles);
const Kernel<double>* kernels(double) {
  return HWY_DYNAMIC_DISPATCH(kernels_of_doubles)();
}

HWY_EXPORT(doubles_between);
bool all_between(std::span<const double> x, double low, double high) {
  return HWY_DYNAMIC_DISPATCH(doubles_between)(x.data(), x.size(), low, high);
}

}  // namespace nke::block
#endif
