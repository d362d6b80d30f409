// SPDX-License-Identifier: Apache-2.0
// How many features should each degree get? The split of a total that leaves the least variance.
//
// Definition  Given costs A_n ≥ 0, minimise Σ A_n/m_n subject to Σ m_n = M.
// Solution      m_n = M √A_n / Σ √A,   and then Σ A_n/m_n = (Σ √A_n)²/M  (Cauchy and Schwarz),
//             rounded to integers by largest remainders. Blocks that would get less than one feature get one, and
//             the rest is shared again.
// Domain      A_n finite and not negative, not all 0; M at least the number of positive A_n (DomainError).
// Source      Neyman's allocation of a sample to strata (J. Royal Stat. Soc. 1934).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace nke::sketch {

/// Features for each block: all of `total`, at least 1 where the cost is positive and 0 where it is 0.
std::vector<std::size_t> share_features(std::span<const double> costs, std::size_t total);

/// What share_features leaves: Σ A_n/m_n over the positive A_n.
double remaining_cost(std::span<const double> costs, std::span<const std::size_t> features);

}  // namespace nke::sketch
