// SPDX-License-Identifier: Apache-2.0
// The main of every test program. NKE_SEED sets the seed of random tests, NKE_TEST_MULTIPLIER scales their iterations.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
