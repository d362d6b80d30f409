// SPDX-License-Identifier: Apache-2.0
// On which intervals is σ as good as a polynomial? Found once per σ; every variance then reuses them.
//
// Definition  a half line [0, reach] cut into pieces such that σ(x) and σ(−x) both are, on each piece, their Legendre
//             series up to degree 15 within 1e-14 of their largest value there. degree is the last one that matters.
// Method      cut at |breakpoints|, then bisect until the series has ended; towards a singular point the pieces shrink
//             geometrically down to `finest`. Neighbours that need no cut between them are joined again.
// Why         the cuts belong to x and scale with 1/√variance, the oscillation of He_n belongs to z and does not: kept
//             apart, one list serves all variances.
// Error       measured on samples: a feature narrower than a sixteenth of a piece of width 4 may be missed. The rules
//             built on pieces compare two resolutions and say what they find; certified mode proves.
// Degenerate  noise in σ (cancellation) ends the bisection where it no longer helps; at most 10000 pieces.
#pragma once

#include <vector>

#include <nke/hermite/sampled_function.hpp>

namespace nke {

struct Piece {
  double left = 0;
  double right = 0;
  int degree = 0;
};

/// Pieces of [0, reach] for σ(x) and σ(−x) together.
std::vector<Piece> folded_pieces(const SampledFunction& sigma, double reach, double finest);

/// Pieces of [−reach, reach] for σ alone.
std::vector<Piece> line_pieces(const SampledFunction& sigma, double reach, double finest);

}  // namespace nke
