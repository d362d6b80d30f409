// SPDX-License-Identifier: Apache-2.0
// The chapters of the report, one function each. Not installed.
#pragma once

#include <string>
#include <vector>

#include <nke/verify/reference_kernel.hpp>
#include <nke/verify/report.hpp>

namespace nke {

ActivationFacts facts_of(const Activation& activation, const std::string& text);
/// x, σ(x), σ'(x) over an interval that shows every breakpoint within reach.
Table shape_table(const Activation& activation);
/// ρ, K(1,1,ρ), K̇(1,1,ρ) with error bounds; denser near ±1.
Table dual_table(const Activation& activation);
UnitMoments unit_moments(const Activation& activation);
SpectrumSummary spectrum_of(const Activation& activation, int degree);
Table coefficient_table(const SpectrumSummary& spectrum);
/// How the coefficients fall; nothing where it cannot be computed.
std::optional<HermiteDecay> decay_of(const Activation& activation);
Propagation propagation_of(const Activation& activation);

/// Error of the truncated series against its degree.
Table errors_by_degree(const ReferenceKernel& reference, double lambda, Progress& progress);
struct DimensionErrors {
  Table table;
  /// Student's t of the sketch's bias over seeds, at the largest dimension, and what chance allows once in 10^9; both 0
  /// with fewer than three seeds.
  double bias = 0;
  double bias_allowed = 0;
};
/// Error of the sketch and of random features against their dimension, over seeds.
DimensionErrors errors_by_dimension(const Activation& activation, const Matrix& points,
                                    const ReferenceKernel& reference, double lambda, const ValidateOptions& options,
                                    Progress& progress);

/// Controls that need no data.
std::vector<Check> checks_at_unit_variance(const Activation& activation, const SpectrumSummary& spectrum);

std::vector<Verdict> verdicts_of(const ActivationReport& report);

/// Three significant digits for a sentence.
std::string brief(double value);

}  // namespace nke
