// SPDX-License-Identifier: Apache-2.0
// Lanes: doubles. This file is compiled once for each instruction set, then the best one is chosen at run time.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <initializer_list>

#include <nke/exact/expr/block_math.hpp>

#include "block_steps.hpp"

#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nke/exact/expr/block_phi2.cpp"
#include <hwy/foreach_target.h>
// Highway's own header comes after foreach_target.h.
#include <hwy/highway.h>

#include "vector_functions.hpp"
#include "vector_phi2.hpp"
#include "vector_sector.hpp"

#if HWY_ONCE
namespace nke::block {

HWY_EXPORT(gauss_of_doubles);
HWY_EXPORT(mills_of_doubles);
HWY_EXPORT(along_of_doubles);
HWY_EXPORT(quadrant_of_doubles);
HWY_EXPORT(wedge_of_doubles);
HWY_EXPORT(radial_of_doubles);
HWY_EXPORT(turned_of_doubles);
HWY_EXPORT(sector_of_doubles);
HWY_EXPORT(corner_of_doubles);
void step_gauss(const Operand<double>* in, double* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(gauss_of_doubles)(Phi2Tables<double>::coefficients, in, out, n);
}
void step_mills(const Operand<double>* in, double* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(mills_of_doubles)(Phi2Tables<double>::coefficients, in, out, n);
}
void step_along(const Operand<double>* in, double* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(along_of_doubles)(in, out, n);
}
void step_quadrant(const Operand<double>* in, double* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(quadrant_of_doubles)(Phi2Tables<double>::coefficients, in, out, n);
}
void step_wedge(const Operand<double>* in, double* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(wedge_of_doubles)(Phi2Tables<double>::coefficients, in, out, n);
}
void step_radial(const Operand<double>* in, double* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(radial_of_doubles)(Phi2Tables<double>::coefficients, in, out, n);
}
void step_turned(const Operand<double>* in, double* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(turned_of_doubles)(in, out, n);
}
void step_sector(const Operand<double>* in, double* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(sector_of_doubles)(in, out, n);
}
void step_corner(const Operand<double>* in, double* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(corner_of_doubles)(in, out, n);
}

void Phi2(In h, In k, In x, In y, Out out) {
  constexpr std::size_t length = 128;
  const std::array<In, 4> given{h, k, x, y};
  std::array<std::array<double, length>, 13> memory{};  // where nothing is given, zeros, whose results nobody reads
  std::array<Operand<double>, 13> at{};
  for (std::size_t i = 0; i < at.size(); ++i) at[i] = {memory[i].data()};
  for (std::size_t begin = 0; begin < out.size(); begin += length) {
    const std::size_t n = std::min(length, out.size() - begin);
    for (std::size_t i = 0; i < 4; ++i) std::memcpy(memory[i].data(), given[i].data() + begin, n * sizeof(double));
    const std::size_t whole = (n + unit<double> - 1) / unit<double> * unit<double>;
    const auto derive = [&](Kernel<double> step, std::initializer_list<std::size_t> from, std::size_t to) {
      std::array<Operand<double>, most_operands> in{};
      std::size_t count = 0;
      for (const std::size_t i : from) in[count++] = at[i];
      step(in.data(), memory[to].data(), whole);
    };
    derive(step_along, {0, 1, 2, 3}, 4);
    derive(step_along, {1, 0, 2, 3}, 5);
    derive(step_gauss, {0}, 6);
    derive(step_mills, {0}, 7);
    derive(step_gauss, {1}, 8);
    derive(step_mills, {1}, 9);
    derive(step_gauss, {4}, 10);
    derive(step_mills, {4}, 11);
    derive(step_mills, {5}, 12);
    derive(step_quadrant, {0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 12);
    std::memcpy(out.data() + begin, memory[12].data(), n * sizeof(double));
  }
}

}  // namespace nke::block
#endif
