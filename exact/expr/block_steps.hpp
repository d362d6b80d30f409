// SPDX-License-Identifier: Apache-2.0
// The operations a block program is made of, and the function that does each over a block. Private to the programs.
#pragma once

#include <cstddef>
#include <cstdint>

namespace nke::block {

// clang-format off
#define NKE_STEPS_1(F)                                                                                                \
  F(copy) F(exp) F(log) F(sqrt) F(sin) F(cos) F(tan) F(sinh) F(cosh) F(tanh) F(asin) F(acos) F(atan) F(erf) F(erfc)    \
  F(Phi) F(phi) F(sigmoid) F(softplus) F(abs) F(sign) F(step) F(expm1) F(log1p) F(square)
// sum_error and product_error are what add and multiply lost by rounding.
#define NKE_STEPS_2(F)                                                                                                \
  F(add) F(subtract) F(multiply) F(divide) F(min) F(max) F(pow) F(atan2) F(less) F(less_equal) F(sum_error)            \
  F(product_error)
// x1*x2 + x3, x1*x2 − x3, x3 − x1*x2; x2 where x1 ≠ 0, else x3; max(x1*x2 − x3², tiny*x1*x2); (x1 − x2*x3)/x2, what the
// quotient x3 lost; Φ(x1) from φ(x1) and m(|x1|); two operations in one, done one after the other.
#define NKE_STEPS_3(F)                                                                                                \
  F(multiply_add) F(multiply_subtract) F(negative_multiply_add) F(select) F(determinant) F(quotient_error) F(mass)     \
  F(multiply_multiply) F(add_add) F(add_multiply) F(multiply_divide) F(add_divide) F(divide_add)
// The pieces of Phi2 (vector_phi2.hpp): 1, 1, 4 and 11 arguments; those of one line alone (vector_sector.hpp): 3, 2, 13, 7
// and 4.
#define NKE_STEPS_PHI2(F) F(gauss) F(mills) F(along) F(quadrant) F(wedge) F(radial) F(turned) F(sector) F(corner)
// Without vectors of their own: 2 or 6 arguments, lane by lane.
#define NKE_STEPS_LANES(F) F(re_Phi) F(im_Phi) F(re_Phi2) F(im_Phi2)
// clang-format on

enum class Operation : std::uint8_t {
#define NKE_NAME(name) name,
  NKE_STEPS_1(NKE_NAME) NKE_STEPS_2(NKE_NAME) NKE_STEPS_3(NKE_NAME) NKE_STEPS_PHI2(NKE_NAME) NKE_STEPS_LANES(NKE_NAME)
#undef NKE_NAME
};
/// The powers of the angle that radial() is asked for, at least those that the tables have.
inline constexpr int radial_columns = 10;
inline constexpr std::size_t most_operands = 3 + radial_columns;
inline constexpr std::size_t operation_count = static_cast<std::size_t>(Operation::im_Phi2) + 1;

/// Lengths of blocks are multiples of this many lanes, 64 bytes.
template <class T>
inline constexpr std::size_t unit = 64 / sizeof(T);

/// A block, or one value repeated over a unit: element i is at[i & mask], with mask = 0 for multiples of a unit.
template <class T>
struct Operand {
  static constexpr std::size_t varies = ~std::size_t{0}, repeats = 0;
  const T* at = nullptr;
  std::size_t mask = varies;
};

/// out[0 … n) from the operands; n is a multiple of the unit. out may be an operand's memory.
template <class T>
using Kernel = void (*)(const Operand<T>* in, T* out, std::size_t n);

/// One kernel for each operation, for the widest vectors of this machine.
const Kernel<double>* kernels(double);
const Kernel<float>* kernels(float);

/// Compiled apart, for the time of the compiler.
#define NKE_DECLARE_LANES(name)                                            \
  void step_##name(const Operand<double>* in, double* out, std::size_t n); \
  void step_##name(const Operand<float>* in, float* out, std::size_t n);
NKE_STEPS_PHI2(NKE_DECLARE_LANES)
NKE_STEPS_LANES(NKE_DECLARE_LANES)
#undef NKE_DECLARE_LANES

}  // namespace nke::block
