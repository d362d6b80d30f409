// SPDX-License-Identifier: Apache-2.0
// Arb's and FLINT's scratch numbers, cleared by scope; and the one message about a missing precision.
// Private to exact/real.
#pragma once

#include <string>

#include <nke/exact/real/arb_access.hpp>
#include <nke/exact/real/error.hpp>

#include "thread_caches.hpp"

namespace nke {

struct Arf {
  Arf() { arf_init(value); }
  ~Arf() { arf_clear(value); }
  Arf(const Arf&) = delete;
  Arf& operator=(const Arf&) = delete;
  operator arf_ptr() { return value; }  // NOLINT: stands where Arb wants an arf_t
  arf_t value;
};

struct Arb {
  Arb() { arb_init(value); }
  ~Arb() { arb_clear(value); }
  Arb(const Arb&) = delete;
  Arb& operator=(const Arb&) = delete;
  operator arb_ptr() { return value; }  // NOLINT
  arb_t value;
};

struct Fmpz {
  Fmpz() { fmpz_init(value); }
  ~Fmpz() { fmpz_clear(value); }
  Fmpz(const Fmpz&) = delete;
  Fmpz& operator=(const Fmpz&) = delete;
  operator fmpz*() { return value; }  // NOLINT
  fmpz_t value;
};

struct Fmpq {
  explicit Fmpq(const Rational& q) {
    fmpq_init(value);
    fmpq_set_mpq(value, q.value().get_mpq_t());
  }
  ~Fmpq() { fmpq_clear(value); }
  Fmpq(const Fmpq&) = delete;
  Fmpq& operator=(const Fmpq&) = delete;
  operator fmpq*() { return value; }  // NOLINT
  fmpq_t value;
};

/// `bits`, unless every operand is an exact integer and the operation would have to round.
inline long stated_precision(long bits, const char* operation) {
  if (bits == 0) {
    throw DomainError(std::string(operation) +
                      " of exact integers has no precision to round at; give one operand a precision: "
                      "Ball(q, Precision::digits(50))");
  }
  free_caches_at_thread_exit();  // every function that fills them passes here
  return bits;
}

}  // namespace nke
