// SPDX-License-Identifier: Apache-2.0
// How fast do the Hermite coefficients of σ fall in the end, by measurement and by theory?
//
// Definition  at variance a, for large n, on the mean over neighbouring n:
//             finite       h_n = 0 beyond the degree of a polynomial;
//             algebraic    h_n² ~ n^{−p}. A jump of the derivative number k has p = k + 3/2: by parts, h_n is the jump times
//                          He_{n−k−1}(t/√a) φ(t/√a)/√n!, and |He_m|/√m! ~ m^{−1/4}. So 5/2 for a kink, 3/2 for a jump;
//             root         |h_n| ~ e^{−r √n}: σ is analytic, and r = τ/√a with τ the distance of its nearest complex
//                          singularity from the real axis; with terms of relative order 1/√n, by the WKB exponent
//                          ∫_0^r √(n + 1/2 + y²/4) dy;
//             geometric    h_n² ~ R^n: σ is entire and |σ(iy)| ~ e^{θy²}; R = |2θa/(1 + 2θa)| (erf: θ = 1, gelu: 1/2);
//             faster       σ is entire of lower order: h_n ~ ρ^n/√n!, as for exp and sin.
// Fit         least squares on the coefficients above rounding (proven ones of 50 digits where they fall fast), over a
//             window of degrees that is stated; `uncertainty` is twice the largest change when only the lower or the upper
//             half of the window is used, and at least four standard errors where kinks interfere. A fit is no proof.
// Theory      kinks: proven orders; which one matters in the window is decided by the sizes of the jumps. Singularities:
//             roots of what stands in denominators, logarithms and the like, found by Newton's method from many starts and
//             kept if σ is seen to be singular there: numerical, not proven. Nothing where none of this applies.
// Degenerate  σ = 0 is finite, of degree −1. Where the breakpoints are undecided the kind is read off the fits.
// Cost        5 … 100 ms.
// Source      Boyd, Asymptotic coefficients of Hermite function series (1984), for singularities off the axis.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nke {

class Activation;

enum class DecayKind { finite, algebraic, root, geometric, faster, undecided };
std::string_view to_text(DecayKind kind);

struct DecayTheory {
  DecayKind kind = DecayKind::undecided;
  std::optional<double> value;  ///< p, r or R; the degree of a polynomial
  std::string reason;           ///< "kink at 0 (derivative 1 jumps)", "singularity at 1.5708i"
};

struct HermiteDecay {
  DecayKind kind = DecayKind::undecided;
  double value = 0;        ///< p, r or R as fitted, or the last degree that does not vanish; NaN if it cannot be fitted
  double uncertainty = 0;  ///< NaN with it
  int first = 0, last = 0;  ///< the window of degrees
  DecayTheory theory;
};

HermiteDecay hermite_decay(const Activation& sigma, double variance = 1);

/// What is known without any coefficient; `first` and `last` are the degrees for which the answer should hold.
DecayTheory decay_theory(const Activation& sigma, double variance, int first, int last);

/// "h_n² ~ n^-2.500 ± 0.002", in one line.
std::string to_text(const HermiteDecay& decay);

}  // namespace nke
