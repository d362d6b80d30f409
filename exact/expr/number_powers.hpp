// SPDX-License-Identifier: Apache-2.0
// Products of powers of positive fractions, such as 12^(1/2) * 3^(-1/2), in one normal form. Private to exact/expr.
//
// Definition  a rational coefficient times powers n^f of integers n > 1 with different exponents 0 < f < 1. Primes
//             below 1000 are split off and collected, so that sqrt(12) is 2*sqrt(3), sqrt(2)*sqrt(3) is sqrt(6) and
//             1/sqrt(2) is 1/2*sqrt(2). What is left over counts as one prime unless it is a perfect power.
#pragma once

#include <map>
#include <vector>

#include <nke/exact/expr/expr.hpp>

namespace nke {

class NumberPowers {
 public:
  /// Times q.
  void multiply(const Rational& q);
  /// Times q^r, q > 0.
  void multiply(const Rational& q, const Rational& r);

  struct Result {
    Rational coefficient;
    std::vector<Expr> radicals;  ///< in the canonical order
  };
  Result result() const;

 private:
  void multiply_integer(mpz_class n, const Rational& r);

  Rational coefficient_ = 1;
  std::map<Rational, Rational> exponents_;  // of primes, and of what counts as one
};

/// q^n with the size checked before anything is computed. DomainError for 0^0 and 0^(-1).
Rational integer_power(const Rational& q, long n);
/// Whether q is too large as an exponent: LimitError.
void require_exponent(const Rational& r);

}  // namespace nke
