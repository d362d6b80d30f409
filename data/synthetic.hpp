// SPDX-License-Identifier: Apache-2.0
// Which points are there when there is no data, or not enough of it?
//
// Definition  gaussian(n, d): independent N(0, 1) entries. sphere(n, d): uniform on the sphere of radius √d, so that
//             <x,x>/d, the variance every kernel of nke starts from, is 1 for each point, as it is for gaussian's in
//             the mean.
// Domain      n, d ≥ 1, n d ≤ 2^30; LimitError otherwise.
// Error       Same seed, same bytes, on every platform with IEEE doubles: the generator is std::mt19937_64, which the
//             standard fixes to the bit, and normal numbers are made of it by + - * / and square roots alone.
//             The first k rows do not depend on n.
// Cost        One thread: the rows are one stream of numbers.
// Source      Marsaglia & Bray 1964 (the polar method).
#pragma once

#include <cstddef>
#include <cstdint>

#include <nke/data/array.hpp>

namespace nke {

Matrix gaussian(std::size_t n, std::size_t d, std::uint64_t seed);
Matrix sphere(std::size_t n, std::size_t d, std::uint64_t seed);

}  // namespace nke
