// SPDX-License-Identifier: Apache-2.0
// The numbers of the report read aloud: each rule is a few lines and gives its reason.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "report_parts.hpp"

namespace nke {
namespace {

bool jumps(const ActivationFacts& facts) {
  return std::any_of(facts.marks.begin(), facts.marks.end(),
                     [](const MarkedPoint& mark) { return mark.kind == Breakpoint::Kind::jump; });
}

// Which w² keeps the variance of a layer at 1 without a bias, and what that does to nearby inputs.
void judge_variance(const ActivationReport& report, std::vector<Verdict>& verdicts) {
  const UnitMoments& m = report.moments;
  if (!(m.second > 0)) {
    verdicts.push_back({"σ is zero almost everywhere: no weight scale keeps any variance.", "E σ² = 0."});
    return;
  }
  const double weight = 1 / m.second;
  const double slope = weight * m.derivative_second;
  std::string consequence;
  if (jumps(report.facts)) {
    consequence = "σ jumps, so nearby inputs are torn apart at any weight scale";
  } else if (!std::isfinite(slope)) {
    consequence = "E σ'² is not finite, so nearby inputs are torn apart";
  } else if (std::abs(slope - 1) < 1e-9) {
    consequence = "the slope w² E σ'² is 1: this is the edge of chaos as well";
  } else {
    consequence = fmt::format("the slope w² E σ'² is {}: nearby inputs {} with depth", brief(slope),
                              slope < 1 ? "merge" : "move apart");
  }
  verdicts.push_back({fmt::format("Without bias, w² = {} keeps variance 1; {}.", brief(weight), consequence),
                      fmt::format("w² = 1/E σ² with E σ² = {} at unit variance.", brief(m.second))});
}

// Mean-field criticality at variance 1: slope w² E σ'² = 1, and the bias that then keeps the variance, if any does.
void judge_criticality(const ActivationReport& report, std::vector<Verdict>& verdicts) {
  const UnitMoments& m = report.moments;
  if (jumps(report.facts) || !(m.derivative_second > 0) || !std::isfinite(m.derivative_second)) return;
  const double weight = 1 / m.derivative_second;
  const double bias = 1 - weight * m.second;
  const std::string reason = fmt::format("w² = 1/E σ'² with E σ'² = {}; b² = 1 − w² E σ² = {}.",
                                         brief(m.derivative_second), brief(std::abs(bias) < 1e-9 ? 0 : bias));
  if (bias < -1e-9) {
    verdicts.push_back({"The edge of chaos cannot be reached at variance 1 by weights and biases alone.",
                        reason + " A bias variance is not negative."});
  } else {
    verdicts.push_back(
        {fmt::format("The edge of chaos at variance 1 is w² = {}, b² = {}.", brief(weight), brief(std::max(bias, 0.0))),
         reason});
  }
}

void judge_spectrum(const ActivationReport& report, std::vector<Verdict>& verdicts) {
  const SpectrumSummary& s = report.spectrum;
  if (!(s.norm > 0) || s.coefficients.size() < 2) return;
  const double constant = s.coefficients[0] * s.coefficients[0] / s.norm;
  const double linear = s.coefficients[1] * s.coefficients[1] / s.norm;
  const double rest = std::max(0.0, 1 - constant - linear);
  verdicts.push_back(
      {fmt::format("{:.1f} % of E σ² is constant, {:.1f} % linear, {:.1f} % nonlinear.", 100 * constant, 100 * linear,
                   100 * rest),
       fmt::format("h₀², h₁² and the rest of the Hermite spectrum at unit variance; {} of it lies beyond degree {}.",
                   s.tail > 0 ? brief(s.tail / s.norm) : std::string("nothing measurable"), s.degree)});
}

void judge_decay(const ActivationReport& report, std::vector<Verdict>& verdicts) {
  if (!report.decay || report.decay->kind == DecayKind::undecided) return;
  const HermiteDecay& decay = *report.decay;
  std::string reason = decay.theory.reason.empty() ? std::string("No theory is at hand") : decay.theory.reason;
  if (decay.theory.value) {
    const char* name = decay.theory.kind == DecayKind::algebraic ? "p"
                       : decay.theory.kind == DecayKind::root    ? "r"
                                                                 : "R";
    reason += fmt::format(": theory has {} = {}", name, brief(*decay.theory.value));
  }
  if (decay.kind != DecayKind::finite) {
    reason += fmt::format(". Read off the degrees {} to {} at unit variance", decay.first, decay.last);
  }
  verdicts.push_back({"Hermite coefficients in the long run: " + to_text(decay) + ".", reason + "."});
}

// What depth does at the scales that keep variance 1, or at those of the edge of chaos.
void judge_propagation(const ActivationReport& report, std::vector<Verdict>& verdicts) {
  for (const ScaleFindings& at : report.propagation.scales) {
    const auto where = fmt::format("At w² = {}, b² = {} ({})", brief(at.scales.weight), brief(at.scales.bias), at.name);
    if (at.found.points.empty()) {
      verdicts.push_back(
          {where + " no variance is a fixed point" + (at.found.grows ? ": it grows from layer to layer." : "."),
           "V(q) = w² E σ(√q z)² + b² meets q nowhere."});
      continue;
    }
    for (const FieldFixedPoint& p : at.found.points) {
      if (p.stability == Stability::repelling) continue;
      if (p.variance == 0) {
        verdicts.push_back(
            p.stability == Stability::marginal
                ? Verdict{where + " small signals neither grow nor die exponentially.", "V'(0) = 1."}
                : Verdict{where + " every small signal dies out.", fmt::format("V'(0) = {} < 1.", brief(p.slope))});
        continue;
      }
      std::string depth =
          std::isfinite(p.depth_correlation)
              ? fmt::format("correlations approach {} over {} layers", brief(p.correlation), brief(p.depth_correlation))
          : p.identity ? std::string("every correlation stays as it is")
                       : fmt::format("correlations approach {} more slowly than exponentially", brief(p.correlation));
      if (at.found.everywhere) depth = "every variance stays; " + depth;
      verdicts.push_back({fmt::format("{} the network is {}: {}.", where, to_text(p.phase), depth),
                          fmt::format("q* = {}, V'(q*) = {}, χ₁ = {}, slope of the correlation map there {}.",
                                      brief(p.variance), brief(p.slope), brief(p.chi), brief(p.correlation_slope))});
    }
  }
}

void judge_degrees(const ActivationReport& report, std::vector<Verdict>& verdicts) {
  constexpr double wanted = 1e-3;
  std::string text;
  for (const DataFindings& data : report.data) {
    const auto degree = data.by_degree.numbers("degree");
    const auto error = data.by_degree.numbers("off_diagonal");
    std::size_t first = 0;
    while (first < error.size() && !(error[first] <= wanted)) ++first;
    text += text.empty() ? "" : ", ";
    text += first < error.size() ? fmt::format("{} on {}", degree[first], data.name)
                                 : fmt::format("more than {} on {}", degree.back(), data.name);
  }
  if (text.empty()) return;
  verdicts.push_back(
      {"Degree for 0.1 % off-diagonal error: " + text + ".",
       "Smallest tabulated degree at which the truncated series has a relative off-diagonal error of at most "
       "1e-3; strongly correlated points need more."});
}

double cell(const Table& table, std::string_view column, const std::string& method, double dimension) {
  const auto dimensions = table.numbers("dimension");
  const auto values = table.numbers(column);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (dimensions[i] == dimension && to_text(table.rows()[i][0]) == method) return values[i];
  }
  return std::numeric_limits<double>::quiet_NaN();
}

void judge_sketch(const ActivationReport& report, const DataFindings& data, std::vector<Verdict>& verdicts) {
  const auto dimensions = data.by_dimension.numbers("dimension");
  if (dimensions.empty()) return;
  const double largest = *std::max_element(dimensions.begin(), dimensions.end());
  const double ours = cell(data.by_dimension, "off_diagonal_median", "sketch", largest);
  const double rival = cell(data.by_dimension, "off_diagonal_median", "random features", largest);
  const std::string comparison = rival >= ours ? fmt::format("{:.2g} times smaller than", rival / ours)
                                               : fmt::format("{:.2g} times larger than", ours / rival);
  std::string reason = fmt::format("Median relative off-diagonal error of {} seeds; the degree-{} series alone has {}.",
                                   report.seeds, report.sketch_degree, brief(data.floor_off_diagonal));
  reason += fmt::format(" Spectral error there: {} against {} of random features.",
                        brief(cell(data.by_dimension, "spectral_median", "sketch", largest)),
                        brief(cell(data.by_dimension, "spectral_median", "random features", largest)));
  if (std::isfinite(data.slope)) {
    reason +=
        fmt::format(" Above that floor the error falls as m^{:.2f}; independent features give m^-0.50.", data.slope);
  }
  verdicts.push_back({fmt::format("On {} the sketch of dimension {} errs by {}, {} random features of that dimension.",
                                  data.name, largest, brief(ours), comparison),
                      reason});
}

void judge_proofs(const ActivationReport& report, std::vector<Verdict>& verdicts) {
  const ActivationFacts& facts = report.facts;
  if (facts.growth_proven && facts.breakpoints_proven) {
    verdicts.push_back({"Breakpoints and growth are proven.", "The bounds of certified modes can be built on them."});
    return;
  }
  const std::string what = !facts.growth_proven && !facts.breakpoints_proven
                               ? "Neither breakpoints nor growth are proven"
                           : facts.growth_proven ? "Breakpoints are not proven"
                                                 : "Growth is not proven";
  verdicts.push_back({what + ".", (facts.breakpoints_proven ? facts.growth : facts.breakpoints_reason) +
                                      " The numbers here rest on estimates of error."});
}

}  // namespace

std::string brief(double value) {
  return fmt::format("{:.4g}", value);
}

std::vector<Verdict> verdicts_of(const ActivationReport& report) {
  std::vector<Verdict> verdicts;
  judge_variance(report, verdicts);
  judge_criticality(report, verdicts);
  judge_propagation(report, verdicts);
  judge_spectrum(report, verdicts);
  judge_decay(report, verdicts);
  judge_degrees(report, verdicts);
  for (const DataFindings& data : report.data) judge_sketch(report, data, verdicts);
  judge_proofs(report, verdicts);
  return verdicts;
}

}  // namespace nke
