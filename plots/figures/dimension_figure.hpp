// SPDX-License-Identifier: Apache-2.0
// How many features buy how much accuracy? Error of a sketch against its dimension m, beside its rivals.
//
// Definition  One panel a data set; for each method the median over seeds and the band between the quartiles, on
//             log-log axes common to all panels; the m^{-1/2} line runs a little below the first method. The floor is
//             the error the first method would have with infinitely many features: that of its degree.
// Degenerate  Without a positive floor (an exact method) no floor is drawn; one a hundred times below every curve is
//             put into the caption instead.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <nke/plots/figure.hpp>

namespace nke::plots {

struct MethodCurve {
  std::string method = {};  // "PolySketch, degree 8", "random features"
  std::vector<int> dimension = {};
  std::vector<double> median = {};
  std::vector<double> lower_quartile = {};
  std::vector<double> upper_quartile = {};
};

struct DimensionStudy {
  std::string data = {};
  std::vector<MethodCurve> methods = {};
  double floor = 0;              // error of the degree alone; 0: none
  std::string floor_label = {};  // "degree 8 alone"
};

/// `metric` names the error on the vertical axis: "relative Frobenius error".
Figure dimension_figure(const std::string& activation, const std::string& metric, int seeds,
                        std::span<const DimensionStudy> studies);

}  // namespace nke::plots
