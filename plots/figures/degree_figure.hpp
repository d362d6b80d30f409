// SPDX-License-Identifier: Apache-2.0
// How many Hermite degrees does this activation need on this data? Error of the cut series against its degree.
//
// Definition  One panel a data set, the same metrics in the same inks, both axes logarithmic and common to all panels.
// Degenerate  Degree 0 has no place on a logarithmic axis and is left out, as is an error of exactly zero; if nothing
//             is left (a polynomial), the panel says so.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <nke/plots/figure.hpp>

namespace nke::plots {

struct MetricCurve {
  std::string metric = {};         // "relative Frobenius", "spectral, lambda = 1e-2 tr K / n"
  std::vector<double> error = {};  // one a degree
};

struct DegreeStudy {
  std::string data = {};  // "Fashion-MNIST, n = 1024, d = 784"
  std::vector<int> degree = {};
  std::vector<MetricCurve> metrics = {};
};

Figure degree_figure(const std::string& activation, std::span<const DegreeStudy> studies);

}  // namespace nke::plots
