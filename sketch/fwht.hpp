// SPDX-License-Identifier: Apache-2.0
// The fast Walsh-Hadamard transform: what is H x, for the matrix of signs H_{ij} = (−1)^{popcount(i & j)}?
//
// Definition  In place, natural (Hadamard) order, not normalised: H H = n I.
// Domain      Any length n = 2^k. Another length: ShapeError.
// Error       The same additions as the textbook loop, so the same bits on every instruction set; integers are
//             transformed exactly while n·max|x| ≤ 2²⁴ (float) or 2⁵³ (double). In general |error| ≤ log2(n)·ε·Σ|x|.
// Cost        n log2 n additions. Figures: docs/sketches.md.
// Source      Fino and Algazi, Unified matrix treatment of the fast Walsh-Hadamard transform (IEEE Trans. Computers
//             1976).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace nke::sketch {

/// x ← H x. The length is a power of two, else ShapeError.
void fwht(std::span<float> x);
void fwht(std::span<double> x);

/// out ← H (s ⊙ in), where bit i of `signs` (bit i%8 of byte i/8) says that s_i = −1: a random rotation in one sweep.
/// `in` and `out` have one length, a power of two, and do not overlap; `signs` has a bit for each element. Else
/// ShapeError.
void signed_fwht(std::span<const float> in, std::span<const std::uint8_t> signs, std::span<float> out);

}  // namespace nke::sketch
