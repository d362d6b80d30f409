// SPDX-License-Identifier: Apache-2.0
// The plane of weight and bias variances: where is σ ordered, where chaotic, and how deep does a signal reach?
//
// Definition  every curve is parametrised by the variance q of the fixed point, which makes it a formula:
//             χ₁ = χ:           σ_w² = χ/E σ'(√q z)², σ_b² = q − σ_w² E σ(√q z)²; the critical line for χ = 1, and the
//                               contour ξ_c = −1/log χ of the ordered phase for χ < 1;
//             ξ_c, chaotic:     for each q the c at which (1−c) κ'(c)/(κ(1) − κ(c)) = e^{−1/ξ_c}, κ(c) = K(q, q, c q);
//                               then σ_w² = q (1−c)/(κ(1) − κ(c)) makes q and c fixed points, and σ_b² is as above;
//             no fixed point:   σ_b² > sup_q (q − σ_w² E σ(√q z)²): the variance grows without bound.
// Branches    no equation is solved for q, so no branch is lost; where V'(q) > 1 the fixed point repels, and the point of
//             the curve is marked so.
// Error       of drawing: κ by its series of degree 300, c up to 0.985; curves end there.
// Cost        20 … 100 ms.
#pragma once

#include <vector>

#include <nke/hermite/mean_field.hpp>

namespace nke {

/// A rectangle [0, weight] x [0, bias].
struct FieldPlaneOptions {
  double largest_weight = 0;  ///< 0: chosen so that the critical line at moderate q is in the middle
  double largest_bias = 0;    ///< 0: 1, or what the critical line needs
  std::vector<double> depths = {1, 3, 10, 30};
};

/// Points by growing q, the lines between them cut off at the frame; a NaN separates what does not belong together.
struct PlaneCurve {
  double depth = 0;  ///< ξ_c of the contour; infinite for the critical line
  bool chaotic = false;
  std::vector<double> weight, bias;
  std::vector<double> repelling_weight, repelling_bias;  ///< the part with V'(q) > 1
};

enum class PlaneRegion { ordered, chaotic, growing };
struct RegionLabel {
  PlaneRegion region = PlaneRegion::ordered;
  double weight = 0, bias = 0;  ///< a place well inside
};

struct FieldPlane {
  double largest_weight = 0, largest_bias = 0;
  PlaneCurve critical;
  std::vector<PlaneCurve> contours;
  /// The least σ_b² without a fixed point, for growing σ_w²; infinite where there always is one.
  std::vector<double> growth_weight, growth_bias;
  std::vector<RegionLabel> labels;
};

FieldPlane field_plane(const MeanField& field, const FieldPlaneOptions& options = {});

/// The critical line at variances from low to high, so many an octave; points with σ_b² < 0 are left out.
std::vector<CriticalPoint> critical_line(const MeanField& field, double low, double high, int points_an_octave);

}  // namespace nke
