// SPDX-License-Identifier: Apache-2.0
// K and its derivative for any activation, as balls: no closed form asked for, nothing estimated.
//
// Definition  K(a,b,c) = E[σ(u) σ(v)], (u,v) ~ N(0, [[a,c],[c,b]]). The derivative dual K̇ is the K of σ′, which for
//             continuous σ is ∂K/∂c: CertifiedDual(sigma.derivative()).
// Domain      a, b ≥ 0, c² ≤ ab, as fractions or as balls that hold such numbers. Outside: DomainError.
// Methods     series   Σ_{n≤N} h_n(a) h_n(b) ρⁿ, remainder ≤ |ρ|^{N+1} √(T_a T_b), T the proven Parseval tails
//             plane    the proven integral over the plane (certified_plane.hpp)
//             line     |ρ| = 1: one integral over the line
//             point    a = 0 or b = 0: K = h_0(a) h_0(b)
//             The cheapest that reaches the width asked for is taken, and named.
// Balls       uncertain a, b, c are replaced by fractions in them, and the radius widened by what K can change:
//             |∂K/∂ρ| ≤ √(ab) √(E σ′(u)² E σ′(v)²),  |∂K/∂√a| ≤ √(E x² σ′(√a x)² · E σ(v)²) at fixed ρ (both by
//             Cauchy-Schwarz), the suprema being taken over the balls. For this σ must be continuous.
// Error       radius ≤ 10^−digits √(E σ(u)² E σ(v)²) for exact arguments.
// Cost        a few ms to 100 ms the first time; coefficients are kept, so that a further value of the series at known
//             variances takes 0.1 ms (bench/hermite_certified_bench.cpp).
// Threads     a value; copies share what is kept. All functions may be called concurrently.
#pragma once

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
  /// K of every covariance in the balls.
  CertifiedValue over(const Ball& a, const Ball& b, const Ball& c) const;

  /// E σ(√a x)².
  Ball norm(const Ball& a) const;
  const Activation& activation() const;
  const std::vector<std::string>& assumptions() const;
  int digits() const;

 private:
  double change(const Ball& a, const Ball& b, const Ball& c, const Rational& a0, const Rational& b0,
                const Rational& c0) const;

  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace nke
