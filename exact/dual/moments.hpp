// SPDX-License-Identifier: Apache-2.0
// E[u^i v^j G(u) H(v)] for a normal pair and gates G, H: one recursion for everything. Private to exact/dual.
//
// Definition  (u,v) ~ N((mu1, mu2), [[s11, s12], [s12, s22]]), det = s11 s22 − s12². A gate is side·(u − t) > √width2 z
//             with z ~ N(0,1) of its own, that is the event w > 0.
// Recursion   Stein's identity: E[(u − mu1) f] = s11 E[∂f/∂u] + s12 E[∂f/∂v], where the derivative of a gate is its
//             density times the law given w = 0. That law is normal again, with one gate less:
//               s11' = s11 width2/V, s12' = s12 width2/V, s22' = (det + width2 s22)/V, det' = det width2/V,
//             V = s11 + width2, in which nothing is subtracted.
// Base        no gate 1, one gate Φ(l/√V) with l = E w, two gates Φ2 or, if both l are 0, an angle.
// Source      the multivariate form of Stein's lemma, C. Stein 1981, Annals of Statistics 9; Rosenbaum 1961, JRSS B 23,
//             for the moments of a truncated bivariate normal.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>

#include "derivation_sum.hpp"

namespace nke::detail {

/// What a derivation takes note of on its way.
struct Findings {
  std::vector<int> assumed;  ///< irreducible polynomials in the parameters that square roots took to be positive
  std::set<Surd> squares;  ///< exponents −l²/(2V) of densities, V ∝ d: so written they keep their digits as d → 0
};

struct SurdGate {
  int side;
  Surd threshold;
  Fraction width2;
};

struct PairLaw {
  Surd mu1;
  Surd mu2;
  Fraction s11;
  Fraction s12;
  Fraction s22;
  Fraction det;
  std::optional<SurdGate> gate1;
  std::optional<SurdGate> gate2;
};

class Moments {
 public:
  /// `findings` outlives this.
  Moments(PairLaw law, Findings& findings);
  /// E[u^i v^j G H]; zero if i or j is negative.
  const Sum& operator()(int i, int j);

 private:
  struct Given {
    Sum factor;  // the density of w at 0
    std::unique_ptr<Moments> moments;
  };
  Sum probability();
  Sum computed(int i, int j);
  Sum on_boundary(int which, int i, int j);

  const Ring& ring_;
  PairLaw law_;
  Findings& findings_;
  std::map<std::pair<int, int>, Sum> known_;
  Given given_[2];
};

/// The density of w = side·(u − t) − √width2 z at 0, and the law given w = 0 with that gate removed. which: 1 for gate1.
std::pair<Sum, PairLaw> conditioned(const PairLaw& law, int which, Findings& findings);

}  // namespace nke::detail
