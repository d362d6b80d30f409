// SPDX-License-Identifier: Apache-2.0
// The nodes of one rule on z > 0, and one sum over them. Private to the coefficients.
#pragma once

#include <span>
#include <vector>

#include <nke/hermite/pieces.hpp>
#include <nke/hermite/polynomials.hpp>
#include <nke/hermite/sampled_function.hpp>

namespace nke {

/// Nodes and weights of a rule for ∫_0^∞; the density is not part of the weights. Lengths are multiples of 8, filled up
/// with weight 0.
struct HalfLine {
  std::vector<double> z;
  std::vector<double> weight;

  void clear();
  void pad();
};

/// (k + 1/2) step for k < count: the trapezoidal rule of the whole line, shifted by half a step so that it misses 0.
void trapezoid_nodes(double step, int count, HalfLine& out);

/// How much more than the estimate: frequencies this many times higher, and so many more steps of 8 nodes on every
/// panel, however short it is (a divergent integral shows only at its singularity).
struct PanelRefinement {
  double frequency = 1;
  int steps = 0;
};

/// Panels on [0, cutoff] for σ(√a z) psi_n(z), n ≤ degree: pieces/√a, cut further where psi_n oscillates faster than a
/// rule of at most 64 nodes can follow.
void panel_nodes(std::span<const Piece> pieces, double root_variance, double cutoff, int degree,
                 const PanelRefinement& refinement, HalfLine& out);

/// h_n into h, and the norm as the result. `root_variance` is √a.
double sum_over(const HalfLine& nodes, const SampledFunction& sigma, double root_variance,
                const HermiteRecurrence& recurrence, std::span<double> h);

/// The least R such that |σ(±√a z)| √phi(z) is below 1e-18 of the norm for all z > R. DomainError if there is none,
/// that is if σ is not square-integrable at this variance, or overflows first.
double cutoff_of(const SampledFunction& sigma, double variance);

}  // namespace nke
