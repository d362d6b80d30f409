// SPDX-License-Identifier: Apache-2.0
// A sum of surds times functions, written as a careful author would. Private to exact/dual.
//
// Style       author: the shorter of several forms, in a, b, c. stable: in a, b, c and d = ab − c²; where c² is
//             subtracted, d takes its place; exponentials that cancel or overflow against each other are taken
//             together.
// Candidates  polynomials multiplied out, factored, or as a product less a multiple of c²; fractions as they stand,
//             split into a multiple of d and a rest, or by powers of c; an angle as atan2(x, y), as its distance from
//             ±π/2, or as an arcsine; exp(p + q) ± exp(p − q) as cosh and sinh. The shortest wins, and the first of the
//             list among equals: always the same.
#pragma once

#include <set>

#include "derivation_sum.hpp"

namespace nke::detail {

enum class Style { author, stable };

enum class Wave { none, cosine, sine };

/// Which part of a special function at complex arguments; `real` for real ones.
enum class Part { real, imaginary };

struct RealBasis {
  Surd exponent;
  Wave wave = Wave::none;
  Surd angle;
  Special special;
  Part part = Part::real;
  friend bool operator==(const RealBasis&, const RealBasis&) = default;
  friend std::strong_ordering operator<=>(const RealBasis& p, const RealBasis& q) {
    if (const auto o = p.special <=> q.special; o != 0) return o;
    if (const auto o = p.exponent <=> q.exponent; o != 0) return o;
    if (const auto o = p.wave <=> q.wave; o != 0) return o;
    if (const auto o = p.part <=> q.part; o != 0) return o;
    return p.angle <=> q.angle;
  }
};

using RealSum = std::map<RealBasis, Surd>;

void add(RealSum& sum, const RealBasis& basis, const Surd& coefficient);
bool is_real(const Special& special);
/// The real part, with Φ(−h) and Φ(h) brought together.
RealSum real_part(const Sum& sum);

/// An irreducible polynomial, a fraction, a surd.
Expr written(const Polynomial& p, Style style = Style::author);
Expr written(const Fraction& x, Style style = Style::author);
Expr written(const Surd& x, Style style = Style::author);
/// A surd that is a factor: numbers common to all terms stand in front.
Expr written_factor(const Surd& x, Style style);
/// The sign of a real surd at the ring's sample point.
int sign_of(const Surd& x);

/// A measure of the length in print.
long cost(const Expr& e);
/// While one of these lives, costs are computed once.
class KnownCosts {
 public:
  KnownCosts();
  ~KnownCosts();
  KnownCosts(const KnownCosts&) = delete;
  KnownCosts& operator=(const KnownCosts&) = delete;
};

/// How a derivation wants its sums written. `squares`: exponents to be kept apart where they occur (moments.hpp).
struct Manner {
  const Ring& ring;
  Style style;
  const std::set<Surd>& squares;
};

/// E of a pair.
Expr written(const RealSum& sum, const Manner& manner);
/// The stable form of E[σ(u)σ(v)] from that of the mean: K = mean(a) mean(b) + (K − K at c = 0), in which exponentials
/// that agree at c = 0 meet term by term.
Expr written_around_mean(const RealSum& sum, const RealSum& mean, const Manner& manner);

/// Common factors of the terms in front of their sum.
Expr with_common_factors(const std::vector<Expr>& terms);

}  // namespace nke::detail
