// SPDX-License-Identifier: Apache-2.0
// Runs a check once for each instruction set, so that the kernels' promise "the same bits everywhere" is tested where
// we stand.
#pragma once

#include <string>

#include <hwy/targets.h>

#include <nke/sketch/fwht_simd.hpp>

#include "support.hpp"

namespace nke::test {

// Every instruction set this processor has, the portable one included, with the dispatch really switched to it.
template <class Check>
void on_every_target(const Check& check) {
  int targets = 0;
  for (std::int64_t left = HWY_TARGETS & (hwy::SupportedTargets() | HWY_STATIC_TARGET); left != 0; left &= left - 1) {
    const std::int64_t target = left & -left;
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
    CAPTURE(hwy::TargetName(target));
    REQUIRE(std::string(nke::sketch::simd::target()) == hwy::TargetName(target));
    check();
    ++targets;
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  CHECK(targets >= 1);
}

}  // namespace nke::test
