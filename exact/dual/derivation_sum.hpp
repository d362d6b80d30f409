// SPDX-License-Identifier: Apache-2.0
// Σ surd · exp(surd) · {1, Φ, Φ2, angle}: what expectations of terms look like. Private to exact/dual.
//
// Definition  exponents and coefficients may be complex; the sums of a derivation have a real expectation, of which
//             real_part() is taken at the end, when exp(i θ) becomes cos θ and sin θ.
#pragma once

#include <array>
#include <map>

#include "polynomial_surd.hpp"

namespace nke::detail {

/// A function of surds that cannot be written with fewer functions.
struct Special {
  enum class Kind {
    none,       ///< 1
    normal,     ///< Φ(h)
    bivariate,  ///< Φ2(h, k, x, y): both below h and k, correlation x/√(x²+y²)
    angle       ///< atan2(x, y) with y > 0: 2π (Φ2(0, 0, x, y) − 1/4)
  };
  Kind kind = Kind::none;
  std::vector<Surd> arguments;

  friend bool operator==(const Special&, const Special&) = default;
  friend std::strong_ordering operator<=>(const Special& p, const Special& q) {
    if (const auto o = p.kind <=> q.kind; o != 0) return o;
    return std::lexicographical_compare_three_way(p.arguments.begin(), p.arguments.end(), q.arguments.begin(),
                                                  q.arguments.end());
  }
};

struct Basis {
  Surd exponent;
  Special special;
  friend bool operator==(const Basis&, const Basis&) = default;
  friend std::strong_ordering operator<=>(const Basis& p, const Basis& q) {
    if (const auto o = p.special <=> q.special; o != 0) return o;
    return p.exponent <=> q.exponent;
  }
};

class Sum {
 public:
  explicit Sum(const Ring& ring) : ring_(&ring) {}
  Sum(const Surd& x);  // NOLINT: a surd is a sum
  static Sum exponential(const Surd& exponent);
  static Sum special(const Ring& ring, Special special);

  const Ring& ring() const { return *ring_; }
  const std::map<Basis, Surd>& terms() const { return terms_; }
  bool is_zero() const { return terms_.empty(); }
  void add(const Basis& basis, const Surd& coefficient);

  friend Sum operator+(Sum x, const Sum& y);
  friend Sum operator-(Sum x, const Sum& y) { return std::move(x) + Rational(-1) * y; }
  friend Sum operator*(const Surd& factor, const Sum& x);
  friend Sum operator*(const Rational& r, const Sum& x);
  /// At most one of two factors may have a special function.
  friend Sum operator*(const Sum& x, const Sum& y);

  Sum renamed(int from, int to) const;

 private:
  const Ring* ring_;
  std::map<Basis, Surd> terms_;
};

/// exp(i·phase): multiples of π/4 in the phase become i and √2.
Sum unit_wave(const Surd& phase);
/// An expression in the parameters, all generators of which are in the ring.
Sum to_sum(const Ring& ring, const Expr& e, std::vector<int>& assumed);
/// The same where no exponential can occur; what is no surd is looked up as a generator.
Surd to_surd(const Ring& ring, const Expr& e, std::vector<int>& assumed);

}  // namespace nke::detail
