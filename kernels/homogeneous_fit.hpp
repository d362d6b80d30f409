// SPDX-License-Identifier: Apache-2.0
// The dual of a homogeneous σ as two short polynomials, fitted to the dual itself when a kernel is planned. Private to
// kernels.
//
// Definition  σ(tx) = t^p σ(x), t > 0: K(a,b,c) = (ab)^{p/2} κ(ρ). With δ = 1 − ρ, t = 1 − |ρ|, s = √t:
//             1 − κ(ρ)/κ(1) = B±(t) ± s·O(t) and K̇/((ab)^{(p−1)/2} κ(1)) = D±(t) ± s·P(t), where the sign is that of ρ
//             and B±, D± are polynomials of degree p and p − 1.
// Why         such a σ is A|x|^p + B sign(x)|x|^p; of the two parts one has a polynomial as dual, the other polynomials
//             times √(1 − ρ²) and acos ρ, both √t times a function analytic for |t| < 2. So O and P converge by a factor
//             5.8 a term on [0, 1]; carrying δ, not ρ, keeps every digit at ρ = 1.
// Method      least squares on samples of FastDual at a = b = 1. No formula of any σ is written here.
// Error       `residual`, measured on other points than those fitted.
// Source      Cho and Saul 2009 (arc-cosine kernels) for the form.
#pragma once

#include <array>
#include <optional>

#include <nke/hermite/dual.hpp>

namespace nke {

struct HomogeneousFit {
  static constexpr int largest_power = 3;
  static constexpr int terms = 22;       // of O and P, for doubles
  static constexpr int float_terms = 9;  // the same for floats
  using Short = std::array<double, largest_power + 1>;

  int power = 1;            // p
  double at_one = 1;        // κ(1) = K(1,1,1)
  Short base_plus = {};     // B+, coefficients of 1, t, t², …
  Short base_minus = {};    // B−
  Short dot_plus = {};      // D+
  Short dot_minus = {};     // D−
  bool base_flips = false;  // O changes sign with ρ
  bool dot_flips = false;
  std::array<double, terms> base_tail = {};  // O
  std::array<double, terms> dot_tail = {};   // P
  std::array<double, float_terms> base_tail_float = {};
  std::array<double, float_terms> dot_tail_float = {};
  double residual = 0;
};

/// Nothing if σ is not homogeneous of degree 0 to 3, or if the fit is not good to 1e-13.
std::optional<HomogeneousFit> homogeneous_fit(const Activation& sigma, const FastDual& dual);

}  // namespace nke
