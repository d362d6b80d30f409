// SPDX-License-Identifier: Apache-2.0
// Closed forms already derived and compiled, so that every layer of a network and every call share them. Private to the
// duals.
#pragma once

#include <memory>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/dual/block_dual.hpp>

namespace nke {

/// What the doubles and floats of a closed form may lose before another method takes over, relative to the scale.
inline constexpr double closed_form_tolerance = 1e-14;
inline constexpr double closed_form_tolerance_float = 1e-6;

struct KnownDual {
  BlockDual dual;
  ClosedForm form;
  BlockDual::Interval trusted_doubles, trusted_floats;
};

/// Null if σ has no closed form. A few dozen are remembered.
std::shared_ptr<const KnownDual> known_dual(const Activation& sigma);

}  // namespace nke
