// SPDX-License-Identifier: Apache-2.0
// E[σ(u)τ(v)] of two sums of terms, as a sum of surds times exponentials and special functions. Private to exact/dual.
//
// Method      for each pair of terms the exponentials tilt the normal law into another one (mean and covariance change,
//             and a factor appears), under which the rest is a truncated moment (moments.hpp). With
//             D = (1 − 2 p a)(1 − 2 q b) − 4 p q c², p and q the quadratic coefficients, the tilted covariance is
//             (a − 2 q d, b − 2 p d, c)/D and its determinant d/D, d = ab − c²: no inverse of the covariance is used,
//             and nothing breaks at c² = ab. cos(ω x + φ) is the real part of an exponential.
#pragma once

#include <set>

#include <nke/exact/dual/normal_form.hpp>

#include "moments.hpp"

namespace nke::detail {

/// A term with members in the ring; or, with `atom`, coefficient · δ(x − threshold).
struct SurdTerm {
  Sum coefficient;
  int power = 0;
  Fraction quadratic;
  Surd linear;
  Surd frequency;
  Surd phase;
  std::optional<SurdGate> gate;
  bool atom = false;
  Expr origin;  ///< the term as an expression in x, for messages
};

/// The covariance of (u, v), with d = ab − c² given.
struct Variances {
  Fraction a;
  Fraction b;
  Fraction c;
  Fraction d;
};

class Derivation {
 public:
  explicit Derivation(const NormalForm& sigma);

  const Ring& ring() const { return ring_; }
  const std::vector<SurdTerm>& sigma() const { return sigma_; }
  const std::vector<SurdTerm>& derivative() const { return derivative_; }
  const std::vector<SurdTerm>& atoms() const { return atoms_; }

  /// E[σ(u)τ(v)], complex parts included: its real part is meant.
  Sum expectation(const std::vector<SurdTerm>& sigma, const std::vector<SurdTerm>& tau, const Variances& at);
  /// The same for a law in which (u, v) and (v, u) are alike and for one sum of terms.
  Sum expectation(const std::vector<SurdTerm>& sigma);
  /// E σ(u), u ~ N(0, a).
  Sum mean(const std::vector<SurdTerm>& sigma);
  /// E σ(u)².
  Sum square(const std::vector<SurdTerm>& sigma);

  /// What must be positive for the expectations so far to exist.
  const std::set<Fraction>& integrable_where_positive() const { return integrable_; }
  const std::set<Surd>& squares() const { return findings_.squares; }
  /// σ's assumptions, and those made by square roots.
  std::vector<Assumption> assumptions() const;
  Variances general() const;

 private:
  SurdTerm converted(const Term& term);
  Sum pair(const SurdTerm& s, const SurdTerm& t, const Variances& at);
  Sum pair_at(const SurdTerm& s, const SurdTerm& t, const Surd& linear1, const Surd& linear2, const Variances& at);
  void require_positive(const Fraction& x);

  NormalForm form_;
  Ring ring_;
  Findings findings_;
  std::vector<SurdTerm> sigma_;
  std::vector<SurdTerm> derivative_;
  std::vector<SurdTerm> atoms_;
  std::set<Fraction> integrable_;
};

}  // namespace nke::detail
