// SPDX-License-Identifier: Apache-2.0
// Entrywise products and sums, chosen at run time for this processor. Preconditions are the caller's duty and are not
// checked here.
#pragma once

#include <cstddef>
#include <cstdint>

namespace nke::sketch::simd {

/// out[16 i + j] = scale · a[16 i + j] · b[16 block[i] + lane[16 i + j]], i < blocks, j < 16; lane entries < 16.
void multiply_shuffled(const float* a, const float* b, const std::uint32_t* block, const std::uint8_t* lane,
                       float scale, float* out, std::size_t blocks);

/// out[j] = scale · (t[j] + Σ_{1≤g<groups} ±t[g m + j]), j < m. With M = m rounded up to a multiple of 16, bit (g − 1)
/// M + j of `signs` set means minus, and t[0, groups · m) is readable.
void fold(const float* t, std::size_t m, std::size_t groups, const std::uint8_t* signs, float scale, float* out);

}  // namespace nke::sketch::simd
