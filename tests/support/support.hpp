// SPDX-License-Identifier: Apache-2.0
// What every random test shares: a seed that is printed and can be set, and a dial for the number of iterations.
#pragma once

#include <cstdint>

#include <doctest/doctest.h>

namespace nke::test {

/// The seed of this run: NKE_SEED, or a fixed number. Random tests begin with `CAPTURE(nke::test::seed())`.
std::uint64_t seed();

/// `base` iterations, times NKE_TEST_MULTIPLIER (1 in CI, 1/4 under the sanitizers, 100 by night); at least 1.
int iterations(int base);

}  // namespace nke::test
