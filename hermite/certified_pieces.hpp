// SPDX-License-Identifier: Apache-2.0
// σ as certified integration sees it: analytic pieces between cuts, folded onto the half line, and a bound at infinity.
//
// Definition  the half line is cut into segments; on segment i, between cuts i−1 and i (0 and infinity at the ends),
//             σ(x) is pieces[right[i]] at x and σ(−x) is pieces[left[i]] at −x. Two cuts that cannot be told from
//             mirror images of each other share one ball, which holds both.
// Declared    what nothing proves (a kink that only touches, growth that no rule covers) the user may declare; each
//             declaration used is an assumption of every result, in words.
// Singular    at 0, and there alone, σ may be worse than a kink, as √|x| and sin(x)/x are, if it is continuous: `singular`
//             is then set, the pieces are analytic on open half lines only, and who asks for them must keep off 0.
// Fails       NotCertified if breakpoints or growth are neither proven nor declared, or if σ is singular at a
//             breakpoint and that is not asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/ball.hpp>

namespace nke {

/// What the user vouches for where the analysis of σ is undecided.
struct Declarations {
  std::optional<std::vector<Rational>> breakpoints = {};  ///< σ is analytic everywhere else
  std::optional<GrowthBound> growth = {};
};

struct CertifiedPieces {
  std::vector<Expr> pieces;        ///< in x, free of switches, from left to right
  std::vector<Ball> points;        ///< the breakpoints between them
  std::vector<Ball> cuts;          ///< their absolute values, increasing, > 0
  std::vector<std::size_t> right;  ///< one more than cuts
  std::vector<std::size_t> left;
  Parity parity = Parity::none;
  GrowthBound growth;
  bool singular = false;  ///< at 0; `removable` if σ continues analytically
  bool removable = false;
  double location_log_error = 0;  ///< log of the largest radius of a cut; −infinity if all are fractions
  std::vector<std::string> assumptions;

  /// One piece, so that equidistant nodes may be tried.
  bool smooth() const { return pieces.size() == 1; }
};

enum class Singularity { refused, at_zero };

/// `bits` are those that cuts given as fractions are rounded to.
CertifiedPieces certified_pieces(const Activation& sigma, const Declarations& declared, long bits,
                                 Singularity allowed = Singularity::refused);

}  // namespace nke
