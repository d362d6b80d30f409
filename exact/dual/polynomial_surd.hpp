// SPDX-License-Identifier: Apache-2.0
// Fractions of polynomials, and sums of such times square roots: the numbers of a derivation. Private to exact/dual.
//
// Definition  Fraction: a polynomial over a product of irreducible ones, in lowest terms. Surd: Σ fraction · √(product
//             of distinct irreducible polynomials and primes); all radicands are positive (see polynomial.hpp).
// Canonical   equal values are equal objects, as long as no generator is algebraic over the others.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "polynomial.hpp"

namespace nke::detail {

class Fraction {
 public:
  explicit Fraction(const Ring& ring) : numerator_(ring) {}
  Fraction(Polynomial numerator) : numerator_(std::move(numerator)) {}  // NOLINT: a polynomial is a fraction
  Fraction(const Ring& ring, const Rational& value) : numerator_(ring, value) {}

  const Polynomial& numerator() const { return numerator_; }
  /// (id, exponent > 0), ascending.
  const std::vector<std::pair<int, int>>& denominator() const { return denominator_; }
  const Ring& ring() const { return numerator_.ring(); }
  bool is_zero() const { return numerator_.is_zero(); }
  std::optional<Rational> constant() const;
  bool depends_on(int generator) const;

  friend Fraction operator+(const Fraction& x, const Fraction& y);
  friend Fraction operator-(const Fraction& x, const Fraction& y) { return x + Rational(-1) * y; }
  friend Fraction operator*(const Fraction& x, const Fraction& y);
  friend Fraction operator*(const Rational& r, Fraction x);
  friend Fraction operator-(const Fraction& x) { return Rational(-1) * x; }
  friend bool operator==(const Fraction& x, const Fraction& y) = default;
  friend std::strong_ordering operator<=>(const Fraction& x, const Fraction& y) = default;

  /// 1/x for a real x ≠ 0.
  Fraction inverse() const;
  /// content · Π irreducible^exponent, with negative exponents for the denominator.
  Factors factors() const;
  static Fraction from_factors(const Ring& ring, const Factors& factors);
  std::pair<Fraction, Fraction> parts() const;
  Fraction renamed(int from, int to) const;

 private:
  void cancel();
  Polynomial numerator_;
  std::vector<std::pair<int, int>> denominator_;
};

inline Fraction operator/(const Fraction& x, const Fraction& y) {
  return x * y.inverse();
}

/// The ids under one square root, ascending.
using Radicand = std::vector<int>;

class Surd {
 public:
  explicit Surd(const Ring& ring) : ring_(&ring) {}
  Surd(const Fraction& x);  // NOLINT: a fraction is a surd
  Surd(const Ring& ring, const Rational& value) : Surd(Fraction(ring, value)) {}
  Surd(const Ring& ring, Radicand radicand, const Fraction& coefficient);

  const Ring& ring() const { return *ring_; }
  const std::map<Radicand, Fraction>& terms() const { return terms_; }
  bool is_zero() const { return terms_.empty(); }
  /// The value without a root; nothing if there is one.
  std::optional<Fraction> fraction() const;
  std::optional<Rational> constant() const;
  bool depends_on(int generator) const;
  bool is_real() const { return !depends_on(Ring::i); }

  friend Surd operator+(const Surd& x, const Surd& y);
  friend Surd operator-(const Surd& x, const Surd& y) { return x + Rational(-1) * y; }
  friend Surd operator*(const Surd& x, const Surd& y);
  friend Surd operator*(const Rational& r, const Surd& x);
  friend Surd operator-(const Surd& x) { return Rational(-1) * x; }
  friend bool operator==(const Surd& x, const Surd& y) { return x.terms_ == y.terms_; }
  friend std::strong_ordering operator<=>(const Surd& x, const Surd& y) { return x.terms_ <=> y.terms_; }

  /// 1/x of a single term; nothing for a sum of roots.
  std::optional<Surd> inverse() const;
  std::pair<Surd, Surd> parts() const;
  Surd renamed(int from, int to) const;
  /// The sign of the coefficient that stands first: what tells x from −x.
  int leading_sign() const;

 private:
  void add(const Radicand& radicand, const Fraction& coefficient);
  const Ring* ring_;
  std::map<Radicand, Fraction> terms_;
};

/// Whether ab − c² divides a denominator: the value may grow without bound as |ρ| → 1.
bool has_determinant_below(const Surd& x);

/// √x for a positive x, as one term. Irreducible polynomials in the parameters alone that were taken to be positive
/// are added to `assumed`.
Surd square_root(const Fraction& x, std::vector<int>& assumed);

}  // namespace nke::detail
