// SPDX-License-Identifier: Apache-2.0
// The operations that have no vectors of their own: one entry after another, in doubles.
#include <array>

#include <nke/exact/expr/function_table.hpp>

#include "block_steps.hpp"

namespace nke::block {

namespace {

template <Function f, class T>
void lane_by_lane(const Operand<T>* in, T* out, std::size_t n) {
  const FunctionRow& row = function_row(f);
  const auto arity = static_cast<std::size_t>(row.arity);
  for (std::size_t i = 0; i < n; ++i) {
    std::array<double, largest_arity> x{};
    for (std::size_t k = 0; k < arity; ++k) x[k] = static_cast<double>(in[k].at[i & in[k].mask]);
    out[i] = static_cast<T>(row.over_double.value(std::span<const double>(x).first(arity)));
  }
}

}  // namespace

#define NKE_DEFINE_LANES(name)                                              \
  void step_##name(const Operand<double>* in, double* out, std::size_t n) { \
    lane_by_lane<Function::name>(in, out, n);                               \
  }                                                                         \
  void step_##name(const Operand<float>* in, float* out, std::size_t n) {   \
    lane_by_lane<Function::name>(in, out, n);                               \
  }
NKE_STEPS_LANES(NKE_DEFINE_LANES)
#undef NKE_DEFINE_LANES

}  // namespace nke::block
