// SPDX-License-Identifier: Apache-2.0
// The figures of a report: its tables handed to plots/, one function a picture.
#pragma once

#include <optional>
#include <vector>

#include <nke/plots/figure.hpp>
#include <nke/verify/report.hpp>

namespace nke::cli {

struct ReportFigures {
  plots::Figure shape;
  plots::Figure dual;
  plots::Figure spectrum;
  plots::Figure by_degree;
  plots::Figure by_dimension;           // relative off-diagonal error
  plots::Figure by_dimension_spectral;  // spectral error
  std::optional<plots::Figure> phases;
};

ReportFigures report_figures(const ActivationReport& report);

}  // namespace nke::cli
