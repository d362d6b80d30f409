// SPDX-License-Identifier: Apache-2.0
// Lanes: doubles. This file is compiled once for each instruction set, then the best one is chosen at run time.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

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

#if HWY_ONCE
namespace nke::block {

HWY_EXPORT(Phi2_of_doubles);
void step_Phi2(const Operand<double>* in, double* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(Phi2_of_doubles)(Phi2Tables<double>::coefficients, in, out, n);
}

void Phi2(In h, In k, In x, In y, Out out) {
  constexpr std::size_t u = unit<double>;
  const std::size_t whole = out.size() / u * u, rest = out.size() - whole;
  const std::array<Operand<double>, 4> in{{{h.data()}, {k.data()}, {x.data()}, {y.data()}}};
  step_Phi2(in.data(), out.data(), whole);
  if (rest == 0) return;
  std::array<std::array<double, u>, 5> last{};  // zeros give NaN, which nobody reads
  for (std::size_t i = 0; i < 4; ++i) std::memcpy(last[i].data(), in[i].at + whole, rest * sizeof(double));
  const std::array<Operand<double>, 4> tail{{{last[0].data()}, {last[1].data()}, {last[2].data()}, {last[3].data()}}};
  step_Phi2(tail.data(), last[4].data(), u);
  std::memcpy(out.data() + whole, last[4].data(), rest * sizeof(double));
}

}  // namespace nke::block
#endif
