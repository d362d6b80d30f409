// SPDX-License-Identifier: Apache-2.0
// The operations that have no vectors of their own.
#include "block_steps.hpp"

#include <array>

#include <nke/exact/expr/function_table.hpp>

namespace nke::block {

namespace {

template <class T>
void Phi2_lane_by_lane(const Operand<T>* in, T* out, std::size_t n) {
  const auto value = function_row(Function::Phi2).over_double.value;
  for (std::size_t i = 0; i < n; ++i) {
    std::array<double, 4> x{};
    for (std::size_t k = 0; k < 4; ++k) {
      x[k] = in[k].mask == Operand<T>::repeats ? in[k].at[0] : in[k].at[i];
    }
    out[i] = static_cast<T>(value(x));
  }
}

}  // namespace

void step_Phi2(const Operand<double>* in, double* out, std::size_t n) {
  Phi2_lane_by_lane(in, out, n);
}

void step_Phi2(const Operand<float>* in, float* out, std::size_t n) {
  Phi2_lane_by_lane(in, out, n);
}

}  // namespace nke::block
