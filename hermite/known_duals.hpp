// SPDX-License-Identifier: Apache-2.0
// Closed forms already derived and compiled, so that every layer of a network and every call share them. Private to the
// duals.
#pragma once

#include <memory>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/dual/block_dual.hpp>

namespace nke {

/// How large the bound of what doubles and floats lose may be before another method takes over, relative to the scale.
/// What they lose is below half of the bound nearly everywhere it is more than a rounding (docs/generated/accuracy.md).
inline constexpr double closed_form_tolerance = 2e-14;
inline constexpr double closed_form_tolerance_float = 1.5e-6;

struct KnownDual {
  BlockDual dual;
  ClosedForm form;
  BlockDual::Interval trusted_doubles, trusted_floats;
};

/// Null if σ has no closed form. A few dozen are remembered.
std::shared_ptr<const KnownDual> known_dual(const Activation& sigma);

}  // namespace nke
