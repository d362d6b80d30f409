// SPDX-License-Identifier: Apache-2.0
// How large is K continued to complex angles? Boxes under certified_angle.hpp. Private to hermite.
#pragma once

#include <memory>
#include <optional>

#include <nke/exact/integrate/bounds.hpp>
#include <nke/hermite/certified_pieces.hpp>

#include "certified_angle.hpp"

namespace nke {

class AngleBound {
 public:
  AngleBound(const CertifiedPieces& pieces, const AngleRequest& request, double radius);
  ~AngleBound();
  AngleBound(const AngleBound&) = delete;
  AngleBound& operator=(const AngleBound&) = delete;

  /// The largest angle, at most `widest`, for which the order of the cells stands; 0 if there is none.
  double reach(double widest) const;
  /// log of a bound of |K_R| on the ellipse of certified_angle.hpp; +infinity if none is proven.
  double log_on_ellipse(double reach, double r) const;

 private:
  struct Data;
  std::unique_ptr<const Data> data_;
};

}  // namespace nke
