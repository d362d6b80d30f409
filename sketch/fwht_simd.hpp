// SPDX-License-Identifier: Apache-2.0
// The kernels behind the sketches, chosen at run time for this processor. Preconditions are the caller's duty and are
// not checked here.
#pragma once

#include <cstddef>
#include <cstdint>

namespace nke::sketch::simd {

/// x[0, n) ← H x. n: PowerOfTwo.
void fwht(float* x, std::size_t n);
void fwht(double* x, std::size_t n);
/// out ← H (s ⊙ in), bit i of signs set: s_i = −1. n: PowerOfTwo; in and out: Disjoint.
void signed_fwht(const float* in, const std::uint8_t* signs, float* out, std::size_t n);
/// The instruction set in use, such as "AVX3" (Highway's name for AVX-512).
const char* target();

}  // namespace nke::sketch::simd
