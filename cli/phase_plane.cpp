// SPDX-License-Identifier: Apache-2.0
#include "phase_plane.hpp"

namespace nke::cli {
namespace {

std::string name_of(PlaneRegion region) {
  switch (region) {
    case PlaneRegion::ordered: return "ordered";
    case PlaneRegion::chaotic: return "chaotic";
    case PlaneRegion::growing: break;
  }
  return "variance grows";
}

}  // namespace

plots::PhasePlane phase_plane(const std::string& activation, const FieldPlane& plane, bool tears) {
  plots::PhasePlane result{.activation = activation,
                           .largest_weight = plane.largest_weight,
                           .largest_bias = plane.largest_bias,
                           .critical_weight = plane.critical.weight,
                           .critical_bias = plane.critical.bias,
                           .repelling_weight = plane.critical.repelling_weight,
                           .repelling_bias = plane.critical.repelling_bias,
                           .growth_weight = plane.growth_weight,
                           .growth_bias = plane.growth_bias,
                           .tears = tears};
  for (const PlaneCurve& curve : plane.contours) {
    if (curve.weight.empty()) continue;
    result.contours.push_back(
        {.depth = curve.depth, .chaotic = curve.chaotic, .weight = curve.weight, .bias = curve.bias});
  }
  for (const RegionLabel& label : plane.labels) {
    result.names.push_back({.name = name_of(label.region), .weight = label.weight, .bias = label.bias});
  }
  return result;
}

}  // namespace nke::cli
