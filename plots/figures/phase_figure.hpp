// SPDX-License-Identifier: Apache-2.0
// Where is σ ordered, where chaotic, and how many layers does a signal survive? The plane of weights and biases.
//
// Definition  σ_w² to the right, σ_b² upwards; the critical line χ₁ = 1, contours of the depth scale ξ_c on both sides of
//             it, the part of the plane without a fixed point as a band from its lower limit upwards, places for names.
//             Where the fixed point repels, lines are dotted and contours are left out.
// Degenerate  a critical line that is one point (homogeneous σ) is drawn as a point; none at all is said in the caption.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nke/plots/figure.hpp>

namespace nke::plots {

struct PhaseContour {
  double depth = 0;  // ξ_c
  bool chaotic = false;
  std::vector<double> weight = {}, bias = {};
};

struct PhaseName {
  std::string name = {};  // "ordered", "chaotic", "no fixed point"
  double weight = 0, bias = 0;
};

struct PhasePlane {
  std::string activation = {};
  double largest_weight = 1, largest_bias = 1;
  std::vector<double> critical_weight = {}, critical_bias = {};    // NaN: a gap
  std::vector<double> repelling_weight = {}, repelling_bias = {};  // of the critical line
  std::vector<PhaseContour> contours = {};
  std::vector<double> growth_weight = {}, growth_bias = {};  // infinite: none
  std::vector<PhaseName> names = {};
  struct Place {
    double weight = 0, bias = 0;
  };
  std::optional<Place> marked = {};  // the scales that were asked about
  bool tears = false;                // C'(1) is infinite: chaotic everywhere
};

Figure phase_figure(const PhasePlane& plane);

}  // namespace nke::plots
