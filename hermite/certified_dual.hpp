// SPDX-License-Identifier: Apache-2.0
// K and its derivative for any activation, as balls: no closed form asked for, nothing estimated.
//
// Definition  K(a,b,c) = E[σ(u) σ(v)], (u,v) ~ N(0, [[a,c],[c,b]]). The derivative dual K̇ is the K of σ′, which for
//             continuous σ is ∂K/∂c: CertifiedDual(sigma.derivative()).
// Domain      a, b ≥ 0, c² ≤ ab, as fractions or as balls that hold such numbers. Outside: DomainError.
// Methods     series   Σ_{n≤N} h_n(a) h_n(b) ρⁿ, remainder ≤ |ρ|^{N+1} √(T_a T_b), T the proven Parseval tails
//             plane    the proven integral over the plane (certified_plane.hpp)
//             table    the same for many ρ at known variances: interpolated in arccos ρ (certified_angle.hpp)
//             line     |ρ| = 1: one integral over the line
//             point    a = 0 or b = 0: K = h_0(a) h_0(b)
//             The cheapest that reaches the width asked for is taken, and named.
// Balls       uncertain a, b, c are replaced by fractions in them, and the radius widened by what K can change: by the
//             derivatives' norms, jumps included (certified_change.hpp). σ that jumps, as K̇ of relu does, is Hölder-1/2 at
//             ρ = ±1: an argument known to 30 digits gives a value known to 15 there, and to 30 elsewhere.
// Error       radius ≤ 10^−digits √(E σ(u)² E σ(v)²) for exact arguments.
// Cost        a few ms to 100 ms the first time; coefficients are kept, so that a further value of the series at known
//             variances takes 0.1 ms (bench/hermite_certified_bench.cpp).
// Threads     a value; copies share what is kept. All functions may be called concurrently.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/hermite/certified_pieces.hpp>

namespace nke {

struct CertifiedValue {
  Ball value;
  std::string method;  ///< "series, degree 200", "plane, 12000 evaluations", "line", "point"
};

class CertifiedDual {
 public:
  explicit CertifiedDual(const Activation& sigma, int digits = 30, const Declarations& declared = {});

  CertifiedValue operator()(const Rational& a, const Rational& b, const Rational& c) const;
  /// For many correlations at the same two variances, next to +1 (sign > 0) or −1, where σ has kinks: makes at once the
  /// table in arccos ρ that is otherwise made after the eighth integral there. Returns how far from the end, in radians,
  /// it serves; 0 if none is needed (smooth σ) or none can be proven.
  double prepare(const Rational& a, const Rational& b, int sign) const;
  /// K of every covariance in the balls. What knows K at one covariance, as a closed form does, may be given: it is
  /// asked for the centre, and passed over where its value is not finite.
  using AtCentre = std::function<Ball(const Ball& a, const Ball& b, const Ball& c)>;
  CertifiedValue over(const Ball& a, const Ball& b, const Ball& c, const AtCentre& known = {}) const;

  /// E σ(√a x)² for every a in the ball; `known` as above, of the diagonal.
  using NormAtCentre = std::function<Ball(const Ball& a)>;
  Ball norm(const Ball& a, const NormAtCentre& known = {}) const;
  const Activation& activation() const;
  const std::vector<std::string>& assumptions() const;
  int digits() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace nke
