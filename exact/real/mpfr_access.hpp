// SPDX-License-Identifier: Apache-2.0
// How the functions of Mpfr write their results. Private to exact/real.
#pragma once

#include <string>

#include <nke/exact/real/error.hpp>
#include <nke/exact/real/mpfr.hpp>

#include "thread_caches.hpp"

namespace nke {

struct MpfrAccess {
  /// Room for a result: `storage` bits of mantissa, later operations at `bits`.
  static Mpfr blank(long bits, long storage) {
    Mpfr x;
    mpfr_set_prec(x.writable(), storage);
    x.bits_ = bits;
    return x;
  }
  static mpfr_ptr data(Mpfr& x) { return x.writable(); }
};

inline mpfr_ptr to(Mpfr& x) {
  return MpfrAccess::data(x);
}
inline long storage(const Mpfr& x) {
  return mpfr_get_prec(x.data());
}
inline Mpfr blank(long bits) {
  return MpfrAccess::blank(bits, bits);
}

/// `bits`, unless every operand is an exact integer and the operation would have to round.
inline long stated(long bits, const char* operation) {
  if (bits == 0) {
    throw DomainError(std::string(operation) +
                      " of exact integers has no precision to round at; give one operand a precision: "
                      "Mpfr(q, Precision::digits(50))");
  }
  free_caches_at_thread_exit();  // every function that fills them passes here
  return bits;
}

}  // namespace nke
