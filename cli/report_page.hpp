// SPDX-License-Identifier: Apache-2.0
// The report as a page a person reads: what the numbers say first, then the pictures, then the tables and controls.
#pragma once

#include <optional>

#include <nke/plots/page.hpp>
#include <nke/verify/report.hpp>

namespace nke::cli {

/// The drawings of the figures, rendered by the caller.
struct ReportDrawings {
  plots::Drawing shape;
  plots::Drawing dual;
  plots::Drawing spectrum;
  plots::Drawing by_degree;
  plots::Drawing by_dimension;
  plots::Drawing by_dimension_spectral;
  std::optional<plots::Drawing> phases;
};

plots::Page report_page(const ActivationReport& report, const ReportDrawings& drawings);

}  // namespace nke::cli
