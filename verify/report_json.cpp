// SPDX-License-Identifier: Apache-2.0
#include <nke/verify/report.hpp>

#include "table_json.hpp"

namespace nke {
namespace {

using Json = nlohmann::ordered_json;
using nke::json_of;  // the overloads below would hide it

Json json_of(const ActivationFacts& facts) {
  Json object;
  object["text"] = facts.text;
  object["expression"] = facts.expression;
  object["latex"] = facts.latex;
  object["source"] = facts.source;
  object["smoothness"] = facts.smoothness;
  object["parity"] = facts.parity;
  object["homogeneity"] = facts.homogeneity.empty() ? Json(nullptr) : Json(facts.homogeneity);
  object["growth"] = facts.growth;
  object["growth_proven"] = facts.growth_proven;
  object["breakpoints"] = facts.breakpoints;
  object["breakpoints_proven"] = facts.breakpoints_proven;
  if (!facts.breakpoints_proven) object["breakpoints_reason"] = facts.breakpoints_reason;
  return object;
}

Json json_of(const DataFindings& data) {
  Json object;
  object["name"] = data.name;
  object["description"] = data.description;
  object["points"] = data.points;
  object["dimension"] = data.dimension;
  object["factor"] = json_of(data.factor);
  object["variance"] = {{"smallest", json_of(data.smallest_variance)},
                        {"mean", json_of(data.mean_variance)},
                        {"largest", json_of(data.largest_variance)}};
  object["correlation"] = {{"smallest", json_of(data.smallest_correlation)},
                           {"median", json_of(data.median_correlation)},
                           {"largest", json_of(data.largest_correlation)}};
  object["truth"] = {{"degree", data.truth_degree},
                     {"relative_bound", json_of(data.truth_bound)},
                     {"pairs_by_quadrature", data.truth_quadrature}};
  object["lambda"] = json_of(data.lambda);
  object["degree_floor"] = {{"off_diagonal", json_of(data.floor_off_diagonal)},
                            {"spectral", json_of(data.floor_spectral)}};
  object["slope"] = json_of(data.slope);
  object["by_degree"] = json_of(data.by_degree);
  object["by_dimension"] = json_of(data.by_dimension);
  return object;
}

Json json_of(const HermiteDecay& decay) {
  Json object;
  object["kind"] = to_text(decay.kind);
  object["statement"] = to_text(decay);
  object["value"] = json_of(decay.value);
  object["uncertainty"] = json_of(decay.uncertainty);
  object["degrees"] = {decay.first, decay.last};
  object["theory"] = {{"kind", to_text(decay.theory.kind)},
                      {"value", decay.theory.value ? Json(json_of(*decay.theory.value)) : Json(nullptr)},
                      {"reason", decay.theory.reason}};
  return object;
}

Json json_of(const Propagation& propagation) {
  Json object;
  object["infinite_slope_at_correlation_1"] = propagation.tears;
  object["fixed_points"] = json_of(propagation.table);
  object["critical_line"] = json_of(propagation.line);
  return object;
}

Json json_of(const Check& check) {
  return {{"name", check.name},
          {"measured", json_of(check.measured)},
          {"allowed", json_of(check.allowed)},
          {"passed", check.passed()},
          {"explanation", check.explanation}};
}

Json json_of(const Verdict& verdict) {
  return {{"statement", verdict.statement}, {"reason", verdict.reason}};
}

template <class Items>
Json json_list(const Items& items) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(json_of(item));
  return list;
}

}  // namespace

std::string to_json(const ActivationReport& report) {
  Json object;
  object["provenance"] = json_of(report.provenance);
  object["passed"] = report.passed();
  object["activation"] = json_of(report.facts);
  object["unit_moments"] = {{"mean", json_of(report.moments.mean)},
                            {"second", json_of(report.moments.second)},
                            {"derivative_second", json_of(report.moments.derivative_second)}};
  object["spectrum"] = {{"degree", report.spectrum.degree},
                        {"norm", json_of(report.spectrum.norm)},
                        {"tail", json_of(report.spectrum.tail)},
                        {"tail_noise", json_of(report.spectrum.tail_noise)},
                        {"error_bound", json_of(report.spectrum.error_bound)}};
  object["decay"] = report.decay ? json_of(*report.decay) : Json(nullptr);
  object["propagation"] = json_of(report.propagation);
  object["sketch"] = {{"degree", report.sketch_degree}, {"seeds", report.seeds}};
  object["checks"] = json_list(report.checks);
  object["verdicts"] = json_list(report.verdicts);
  object["shape"] = json_of(report.shape);
  object["dual"] = json_of(report.dual);
  object["coefficients"] = json_of(report.coefficients);
  object["data"] = json_list(report.data);
  return dump(object, 1) + '\n';
}

bool ActivationReport::passed() const {
  for (const Check& check : checks) {
    if (!check.passed()) return false;
  }
  return true;
}

}  // namespace nke
