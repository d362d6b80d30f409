// SPDX-License-Identifier: Apache-2.0
// The plane of phases, handed from hermite/ to plots/.
#pragma once

#include <string>

#include <nke/hermite/mean_field_plane.hpp>
#include <nke/plots/figures/phase_figure.hpp>

namespace nke::cli {

/// `tears`: C'(1) is infinite at every scale.
plots::PhasePlane phase_plane(const std::string& activation, const FieldPlane& plane, bool tears);

}  // namespace nke::cli
