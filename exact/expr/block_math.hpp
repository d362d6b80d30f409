// SPDX-License-Identifier: Apache-2.0
// How fast, and how exactly, is a function of the table computed over a block of doubles?
//
// Definition  y[i] = f(x[i]) for every i; y may be the same memory as x, otherwise the two do not overlap.
// Special     NaN gives NaN, also through min, max, sign and step; sign(0) = 0, step(0) = 1/2. Outside the domain of f
//             (the log of a negative number) the result is NaN, at a pole it is infinite, as in <cmath>.
// Error       largest error seen over wide grids, in units of the last place: block_accuracy(); the tests hold it
//             against Arb on every instruction set. Phi and phi keep their relative accuracy in the tails (Phi(−37) ≈
//             6e-300 too).
// Cost        0.5 … 5 ns an element with AVX-512, about twice that with AVX2.
// Machine     Highway picks the widest vectors at run time and glibc's libmvec (2.35 or later) supplies the functions;
//             elsewhere the scalar ones of libm are called. Results may differ in the last place between instruction
//             sets.
#pragma once

#include <span>
#include <string_view>

namespace nke::block {

using In = std::span<const double>;
using Out = std::span<double>;

// One argument. log1p and expm1 are not in the table of functions: programs use them where log(1 + u), exp(u) − 1
// occur.
// clang-format off
#define NKE_BLOCK_UNARY(F)                                                                                             \
  F(exp) F(log) F(sqrt) F(sin) F(cos) F(tan) F(sinh) F(cosh) F(tanh) F(asin) F(acos) F(atan) F(erf) F(erfc) F(Phi)     \
  F(phi) F(sigmoid) F(softplus) F(abs) F(sign) F(step) F(expm1) F(log1p) F(square) F(reciprocal)

// Two arguments. less, less_equal and equal give 1 or 0 (0 if an argument is NaN).
#define NKE_BLOCK_BINARY(F)                                                                                            \
  F(add) F(subtract) F(multiply) F(divide) F(min) F(max) F(pow) F(atan2) F(less) F(less_equal) F(equal)

// One argument and one constant, in this order.
#define NKE_BLOCK_CONSTANT(F) F(add) F(multiply) F(min) F(max) F(pow)
// clang-format on

#define NKE_DECLARE_UNARY(name) void name(In x, Out y);
#define NKE_DECLARE_BINARY(name) void name(In x1, In x2, Out y);
#define NKE_DECLARE_CONSTANT(name) void name(In x, double constant, Out y);
NKE_BLOCK_UNARY(NKE_DECLARE_UNARY)
NKE_BLOCK_BINARY(NKE_DECLARE_BINARY)
NKE_BLOCK_CONSTANT(NKE_DECLARE_CONSTANT)
#undef NKE_DECLARE_UNARY
#undef NKE_DECLARE_BINARY
#undef NKE_DECLARE_CONSTANT

/// y = constant / x.
void divide_into(In x, double constant, Out y);
/// Phi2(h, k, x, y) of real/bivariate.hpp.
void Phi2(In h, In k, In x, In y, Out out);
/// y = chosen where mask ≠ 0, otherwise elsewhere; what stands in the argument not taken, NaN included, has no
/// influence.
void select(In mask, In chosen, In otherwise, Out y);

/// Whether low <= x[i] <= high for every i; not if one is NaN.
bool all_between(In x, double low, double high);
bool all_between(std::span<const float> x, float low, float high);

/// A promise on the relative error of one function: at most `ulp` units of the last place for |x| ≤ reach.
struct Accuracy {
  std::string_view name;
  double ulp;
  double reach;
};

/// The promises kept by the tests, one row for each function of one argument that rounds.
std::span<const Accuracy> block_accuracy();

}  // namespace nke::block
