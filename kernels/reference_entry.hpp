// SPDX-License-Identifier: Apache-2.0
// One entry of a kernel of points with proven digits: the judge of the fast ones.
//
// Definition  Σ(x, x') and Θ(x, x') of network.hpp as balls. The points are the numbers their doubles are, exactly.
// Method      the recursion over balls; duals from derived closed forms where there are, else CertifiedDual. The precision
//             is raised until the radii are small enough.
// Domain      networks without layers of pixels. x ≠ x' parallel to the last bit can be undecidable: NotCertified.
// Degenerate  x = x': the diagonal, where K̇ is the second moment of σ'.
// Error       radius ≤ 10^−digits √(Σ(x,x) Σ(x',x')), for Θ times √ of its diagonal too; else NotCertified. Proven, up to
//             the derivation of closed forms, which tests hold to certified integrals.
// Cost        ms with closed forms; up to seconds where each value is a certified integral.
#pragma once

#include <span>

#include <nke/exact/real/ball.hpp>
#include <nke/kernels/network.hpp>

namespace nke {

struct ReferenceEntry {
  Ball nngp, ntk;
};

ReferenceEntry reference_entry(const Network& network, std::span<const double> x, std::span<const double> y,
                               int digits = 20);

}  // namespace nke
