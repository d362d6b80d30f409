// SPDX-License-Identifier: Apache-2.0
// One entry of a kernel of images with proven digits: the judge of the fast ones.
//
// Definition  Σ(x, x') and Θ(x, x') of network.hpp as balls. Pixels are the numbers their doubles are, exactly.
// Method      the recursion over all pairs of pixels of (x, x), (x, x') and (x', x'), each layer as its comment in
//             network.hpp says, with the duals of reference_entry; nothing of the fast ways. The precision is raised
//             until the radii are small enough.
// Domain      what kernel_matrix takes, up to reference_image_pixels a picture (LimitError). Different pixels whose
//             windows are parallel to the last bit can be undecidable: NotCertified.
// Degenerate  x = x': one recursion, whose pairs (p, p) are diagonals.
// Error       as of reference_entry: radius ≤ 10^−digits √(Σ(x,x) Σ(x',x')), for Θ times √ of its diagonal too.
// Cost        2 P² + P duals a layer for images of P pixels, 3 P without pools and gap; docs/kernels.md has figures.
#pragma once

#include <nke/data/array.hpp>
#include <nke/kernels/reference_entry.hpp>

namespace nke {

inline constexpr Eigen::Index reference_image_pixels = 1024;

/// One image of several; they must outlive it.
struct ImageOf {
  const Images& images;
  Eigen::Index index;
};

ReferenceEntry reference_image_entry(const Network& network, const ImageOf& x, const ImageOf& y, int digits = 20);

}  // namespace nke
