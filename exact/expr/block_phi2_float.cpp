// SPDX-License-Identifier: Apache-2.0
// Lanes: floats. This file is compiled once for each instruction set, then the best one is chosen at run time.
#include <algorithm>

#include "block_steps.hpp"

#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nke/exact/expr/block_phi2_float.cpp"
#include <hwy/foreach_target.h>
// Highway's own header comes after foreach_target.h.
#include <hwy/highway.h>

#define NKE_LANES_ARE_FLOATS
#include "vector_functions.hpp"
#include "vector_phi2.hpp"
#include "vector_sector.hpp"

#if HWY_ONCE
namespace nke::block {

HWY_EXPORT(gauss_of_floats);
HWY_EXPORT(mills_of_floats);
HWY_EXPORT(along_of_floats);
HWY_EXPORT(quadrant_of_floats);
HWY_EXPORT(wedge_of_floats);
HWY_EXPORT(radial_of_floats);
HWY_EXPORT(turned_of_floats);
HWY_EXPORT(sector_of_floats);
HWY_EXPORT(corner_of_floats);
void step_gauss(const Operand<float>* in, float* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(gauss_of_floats)(Phi2Tables<float>::coefficients, in, out, n);
}
void step_mills(const Operand<float>* in, float* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(mills_of_floats)(Phi2Tables<float>::coefficients, in, out, n);
}
void step_along(const Operand<float>* in, float* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(along_of_floats)(in, out, n);
}
void step_quadrant(const Operand<float>* in, float* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(quadrant_of_floats)(Phi2Tables<float>::coefficients, in, out, n);
}
void step_wedge(const Operand<float>* in, float* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(wedge_of_floats)(Phi2Tables<float>::coefficients, in, out, n);
}
void step_radial(const Operand<float>* in, float* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(radial_of_floats)(Phi2Tables<float>::coefficients, in, out, n);
}
void step_turned(const Operand<float>* in, float* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(turned_of_floats)(in, out, n);
}
void step_sector(const Operand<float>* in, float* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(sector_of_floats)(in, out, n);
}
void step_corner(const Operand<float>* in, float* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(corner_of_floats)(in, out, n);
}

}  // namespace nke::block
#endif
