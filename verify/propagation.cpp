// SPDX-License-Identifier: Apache-2.0
// Signals in deep networks of σ: fixed points at the scales people start from, and the edge of chaos.
#include <cmath>

#include <nke/exact/real/error.hpp>
#include <nke/hermite/mean_field_certified.hpp>

#include "report_parts.hpp"

namespace nke {
namespace {

constexpr int proven_digits = 15;
constexpr double line_low = 0x1p-8, line_high = 0x1p8;
constexpr int line_points = 4;  // an octave

Cell cell(double value) {
  return std::isnan(value) ? Cell() : Cell(value);
}

// The proven radii of q* and χ₁; missing where there is no proof.
struct Bounds {
  Cell variance, chi;
};

std::vector<Bounds> proven_bounds(const Activation& activation, const FieldScales& scales, std::size_t count) {
  std::vector<Bounds> bounds(count);
  try {
    const CertifiedField certified = certified_fixed_points(
        activation,
        {.weight = Rational::from_double_exactly(scales.weight), .bias = Rational::from_double_exactly(scales.bias)},
        proven_digits);
    if (certified.points.size() != count) return bounds;
    for (std::size_t i = 0; i < count; ++i) {
      const CertifiedFieldPoint& point = certified.points[i];
      if (point.proven) bounds[i].variance = point.variance.radius();
      if (point.proven && point.chi.is_finite()) bounds[i].chi = point.chi.radius();
    }
  } catch (const Error&) {  // nothing is proven of this σ
  }
  return bounds;
}

Table empty_table() {
  return {"propagation",
          "Signals in deep networks: fixed points of the variance and of the correlation",
          {{"scales", "", "why these scales"},
           {"weight_variance", "", "sigma_w^2"},
           {"bias_variance", "", "sigma_b^2"},
           {"variance", "", "q*, a fixed point of V(q) = sigma_w^2 E sigma(sqrt(q) z)^2 + sigma_b^2"},
           {"variance_bound", "absolute", "proven bound of the error of q*; missing: not proven"},
           {"slope", "", "V'(q*)"},
           {"stability", "", "of q*"},
           {"chi", "", "chi_1 = sigma_w^2 E sigma'(sqrt(q*) z)^2"},
           {"chi_bound", "absolute", "proven bound of the error of chi_1; missing: not proven"},
           {"phase", "", "ordered: chi_1 < 1, critical: 1, chaotic: > 1"},
           {"correlation", "", "c*, the attracting fixed point of the correlation map"},
           {"correlation_slope", "", "slope of the correlation map at c*"},
           {"depth_variance", "layers", "xi_q = -1/log|V'(q*)|; missing where q* repels"},
           {"depth_correlation", "layers", "xi_c = -1/log of the slope at c*"}}};
}

void add_scales(const MeanField& field, const std::string& name, const FieldScales& scales, Propagation& result) {
  ScaleFindings findings{.name = name, .scales = scales, .found = {}};
  try {
    findings.found = field.fixed_points(scales);
  } catch (const Error&) {  // no duals at such a variance: nothing to say
    return;
  }
  const std::vector<Bounds> bounds = proven_bounds(field.activation(), scales, findings.found.points.size());
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const FieldFixedPoint& p = findings.found.points[i];
    result.table.add_row({name, scales.weight, scales.bias, p.variance, bounds[i].variance, cell(p.slope),
                          std::string(to_text(p.stability)), cell(p.chi), bounds[i].chi, std::string(to_text(p.phase)),
                          cell(p.correlation), cell(p.correlation_slope), cell(p.depth_variance),
                          cell(p.depth_correlation)});
  }
  result.scales.push_back(std::move(findings));
}

}  // namespace

Propagation propagation_of(const Activation& activation) {
  Propagation result;
  const MeanField field(activation);
  result.tears = field.tears();
  result.table = empty_table();
  result.line = Table("critical-line", "The critical line chi_1 = 1, by the variance that is its fixed point",
                      {{"variance", "", "q"},
                       {"weight_variance", "", "sigma_w^2 = 1/E sigma'(sqrt(q) z)^2"},
                       {"bias_variance", "", "sigma_b^2 = q - sigma_w^2 E sigma(sqrt(q) z)^2"},
                       {"slope", "", "V'(q); above 1 the fixed point repels"}});
  add_scales(field, "unit weights, no bias", {.weight = 1, .bias = 0}, result);
  const double norm = field.second_moment(1).value;
  if (norm > 0 && std::isfinite(norm) && std::abs(norm - 1) > 1e-12) {
    add_scales(field, "variance 1 kept, no bias", {.weight = 1 / norm, .bias = 0}, result);
  }
  const auto critical = field.critical_point(1);
  if (critical && critical->bias > 0) {
    add_scales(field, "critical at variance 1", {.weight = critical->weight, .bias = critical->bias}, result);
  }
  for (const CriticalPoint& p : critical_line(field, line_low, line_high, line_points)) {
    result.line.add_row({p.variance, p.weight, p.bias, p.slope});
  }
  try {
    result.plane = field_plane(field);
  } catch (const Error&) {  // no scale at which anything is finite
  }
  return result;
}

}  // namespace nke
