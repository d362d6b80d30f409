// SPDX-License-Identifier: Apache-2.0
// Gauss-Legendre panels with a proven error: for integrands that are analytic between known cuts only.
//
// Theorem     Let f be holomorphic, |f| ≤ M, on the ellipse of foci l, r whose half axes add up to ρ w, w = (r − l)/2,
//             ρ > 1. The m-point rule, m ≥ 2, on [l, r] errs by at most
//               (64/15) w M ρ^{−2m} / (1 − ρ^{−2}).
// Proof       f is Σ a_k T_k on the panel with |a_k| ≤ 2 M ρ^{−k} (Bernstein). The rule is exact up to k = 2m − 1 and,
//             like the integral, 0 for odd k; for even k ≥ 4 the integral of T_k is at most 2/15 and its sum at most 2:
//             (32/15) · 2M Σ_{j≥0} ρ^{−2m−2j}, times w.
// Method      panels are laid from left to right, each as wide as its share of the error allows for some ρ; M is
//             bounded on boxes that cover the upper half of the ellipse (f is real on the axis).
// Error       log_error bounds the sum over all panels; it is computed from proven bounds, upwards (bounds.hpp).
// Source      Trefethen, Approximation Theory and Approximation Practice, theorem 19.3, with the constant for even k.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include <nke/exact/integrate/bounds.hpp>

namespace nke {

/// The ends as doubles, exact unless they are a cut: cuts[segment], cuts[segment + 1] are known to the caller only.
struct Panel {
  std::size_t segment = 0;
  double left = 0;
  double right = 0;
  bool left_is_cut = false;
  bool right_is_cut = false;
};

struct PanelRule {
  std::vector<Panel> panels;
  int points = 0;  ///< m, on every panel
  double log_error = 0;
  long nodes() const { return static_cast<long>(panels.size()) * points; }
};

/// The bound of f continued from a segment; boxes may reach out of it on both sides.
using SegmentBound = std::function<double(std::size_t segment, const Box&)>;

struct PanelRequest {
  /// Increasing; the segments lie between neighbours. Each is within 2^-50 of the true cut, relatively; 0 is 0.
  std::vector<double> cuts;
  double log_error = 0;
  long node_limit = 60000;
};

/// Nothing if some panel, however narrow, could not be proven. Segments with the bound −infinity get no panels.
std::optional<PanelRule> plan_panels(const SegmentBound& bound, const PanelRequest& request);

}  // namespace nke
