// SPDX-License-Identifier: Apache-2.0
// For those who call Arb themselves: the arb_t inside a Ball, the acb_t inside a ComplexBall.
//
// For .cpp files only: FLINT defines slong and ulong as macros.
// Both layouts are found: Debian's separate flint-arb 2.23 (<arb.h>) and FLINT 3 (<flint/arb.h>).
#pragma once

#include <new>

#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/complex_ball.hpp>

#if __has_include(<flint/arb.h>)
#include <flint/acb.h>
#include <flint/acb_hypgeom.h>
#include <flint/arb.h>
#include <flint/arb_hypgeom.h>
#include <flint/fmpq.h>
#else
#include <acb.h>
#include <acb_hypgeom.h>
#include <arb.h>
#include <arb_hypgeom.h>
#include <flint/fmpq.h>
#endif

namespace nke {

struct ArbAccess {
  static_assert(sizeof(Ball::storage_) == sizeof(arb_struct) && alignof(arb_struct) <= 8);
  static_assert(sizeof(ComplexBall::storage_) == sizeof(acb_struct) && alignof(acb_struct) <= 8);

  static arb_ptr arb(Ball& x) { return std::launder(reinterpret_cast<arb_ptr>(x.storage_.data())); }
  static arb_srcptr arb(const Ball& x) { return std::launder(reinterpret_cast<arb_srcptr>(x.storage_.data())); }
  static acb_ptr acb(ComplexBall& z) { return std::launder(reinterpret_cast<acb_ptr>(z.storage_.data())); }
  static acb_srcptr acb(const ComplexBall& z) { return std::launder(reinterpret_cast<acb_srcptr>(z.storage_.data())); }

  /// Zero, marked with a working precision: the place a result is written to.
  static Ball blank(long bits) {
    Ball x;
    x.bits_ = bits;
    return x;
  }
  static ComplexBall blank_complex(long bits) {
    ComplexBall z;
    z.bits_ = bits;
    return z;
  }
};

/// The Arb number inside; whoever writes to it answers for the enclosure.
inline arb_srcptr arb_of(const Ball& x) {
  return ArbAccess::arb(x);
}
inline arb_ptr arb_of(Ball& x) {
  return ArbAccess::arb(x);
}
inline acb_srcptr acb_of(const ComplexBall& z) {
  return ArbAccess::acb(z);
}
inline acb_ptr acb_of(ComplexBall& z) {
  return ArbAccess::acb(z);
}

/// A ball from an Arb number, with the precision that later operations work at.
inline Ball ball_of(const arb_t x, Precision precision) {
  Ball result = ArbAccess::blank(precision.bits());
  arb_set(arb_of(result), x);
  return result;
}
inline ComplexBall complex_ball_of(const acb_t z, Precision precision) {
  ComplexBall result = ArbAccess::blank_complex(precision.bits());
  acb_set(acb_of(result), z);
  return result;
}

}  // namespace nke
