// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "meanfield_options.hpp"
#include "output.hpp"
#include "proven_number.hpp"

namespace nke::cli {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

constexpr int shown_digits = 10;

std::string shown(double value) {
  return std::isnan(value) ? "-" : std::isinf(value) ? "infinite" : number(value, shown_digits);
}

std::string shown(const Ball& value, int digits) {
  if (!value.is_finite()) return "not proven";
  const ProvenNumber proven = proven_number(value, digits);
  return proven.bound == 0 ? proven.text : proven.text + " +/- " + bound_text(proven.bound);
}

Json json_of(double value) {
  return std::isnan(value) ? Json(nullptr) : json_number(value);
}

Json json_of(const SquaredScale& scale) {
  return scale.exact ? cli::json_of(*scale.exact) : json_number(scale.value);
}

// A row for each quantity, a column for each fixed point.
void print_rows(const Rows& rows) {
  std::vector<bool> right(rows.front().size(), true);
  right.front() = false;
  print(aligned(rows, right));
}

Rows fast_rows(const FieldFixedPoints& found) {
  Rows rows = {{""},      {"q*"}, {"  +/-, estimated"}, {"V'(q*)"}, {""},    {"chi_1 = C'(1)"},
               {"phase"}, {"c*"}, {"C'(c*)"},           {"xi_q"},   {"xi_c"}};
  int count = 0;
  for (const FieldFixedPoint& p : found.points) {
    const std::vector<std::string> column = {fmt::format("fixed point {}", ++count),
                                             shown(p.variance),
                                             number(p.error, 2),
                                             shown(p.slope),
                                             std::string(to_text(p.stability)),
                                             shown(p.chi),
                                             std::string(to_text(p.phase)),
                                             p.identity ? "every c" : shown(p.correlation),
                                             shown(p.correlation_slope),
                                             shown(p.depth_variance),
                                             shown(p.depth_correlation)};
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].push_back(column[i]);
  }
  return rows;
}

void print_certified(const CertifiedField& field, int digits) {
  int count = 0;
  for (const CertifiedFieldPoint& p : field.points) {
    const auto value = [&](const Ball& ball) { return shown(ball, digits); };
    print(fmt::format("{}fixed point {}, {}\n", count == 0 ? "" : "\n", count + 1,
                      !p.proven  ? "NOT proven"
                      : p.unique ? "proven, and the only one within its bounds"
                                 : "proven"));
    ++count;
    Rows rows = {{"quantity", "value"}, {"q*", p.proven ? value(p.variance) : shown(p.fast.variance) + ", estimated"}};
    if (p.proven) {
      rows.push_back({"V'(q*)", value(p.slope)});
      rows.push_back({"chi_1 = C'(1)", p.chi_infinite ? "infinite" : value(p.chi)});
      rows.push_back({"phase", p.phase ? std::string(to_text(*p.phase)) : "not decided"});
      const bool none = p.fast.variance == 0;
      rows.push_back({"c*", none ? "-" : value(p.correlation)});
      rows.push_back({"C'(c*)", none ? "-" : value(p.correlation_slope)});
      const bool exactly_one = p.phase == Phase::critical;
      rows.push_back({"xi_q", exactly_one ? "infinite" : value(p.depth_variance)});
      rows.push_back({"xi_c", none ? "-" : exactly_one ? "infinite" : value(p.depth_correlation)});
    }
    print(aligned(rows, {false, false}));
    for (const std::string& open : p.open) print("not proven: " + wrapped(open, 100, 2) + '\n');
  }
}

void print_summary(bool everywhere, bool none, bool grows) {
  if (everywhere) {
    print("\nevery q > 0 is a fixed point; the columns are for q = 1\n");
  } else if (none) {
    print(grows ? "no fixed point: the variance grows from layer to layer without bound\n"
                : "no fixed point was found\n");
  } else if (grows) {
    print("\nV(q) > q above the last one: larger variances grow without bound\n");
  }
}

Json json_of(const FieldFixedPoint& p) {
  return {{"variance", json_of(p.variance)},
          {"error_bound", json_of(p.error)},
          {"slope", json_of(p.slope)},
          {"stability", to_text(p.stability)},
          {"chi", json_of(p.chi)},
          {"phase", to_text(p.phase)},
          {"correlation", json_of(p.correlation)},
          {"correlation_slope", json_of(p.correlation_slope)},
          {"every_correlation_fixed", p.identity},
          {"depth_variance", json_of(p.depth_variance)},
          {"depth_correlation", json_of(p.depth_correlation)}};
}

Json json_of(const CertifiedFieldPoint& p, int digits) {
  Json object;
  const auto add = [&](const char* name, const Ball& ball) {
    if (!ball.is_finite()) {
      object[name] = nullptr;
      return;
    }
    const ProvenNumber proven = proven_number(ball, digits);
    object[name] = json_value(proven, digits);
    object[std::string(name) + "_error_bound"] = json_number(json_bound(proven, digits));
  };
  object["proven"] = p.proven;
  object["unique"] = p.unique;
  add("variance", p.variance);
  if (!p.proven) object["variance_estimate"] = json_of(p.fast.variance);
  add("slope", p.slope);
  if (p.chi_infinite) {
    object["chi"] = "inf";
  } else {
    add("chi", p.chi);
  }
  object["phase"] = p.phase ? Json(to_text(*p.phase)) : Json(nullptr);
  add("correlation", p.correlation);
  add("correlation_slope", p.correlation_slope);
  if (p.phase == Phase::critical) {
    object["depth_variance"] = object["depth_correlation"] = "inf";
  } else {
    add("depth_variance", p.depth_variance);
    add("depth_correlation", p.depth_correlation);
  }
  object["open"] = p.open;
  return object;
}

}  // namespace

void print_meanfield_text(const MeanfieldOptions& options, const MeanfieldAnswer& answer) {
  print(fmt::format("signals in deep networks of {}: sigma_w^2 = {}, sigma_b^2 = {}\n", options.activation,
                    answer.weight.text, answer.bias.text));
  print("V(q) = sigma_w^2 E sigma(sqrt(q) z)^2 + sigma_b^2,  C(c) = (sigma_w^2 K(q*, q*, c q*) + sigma_b^2)/q*\n\n");
  if (answer.certified) {
    print_certified(*answer.certified, answer.digits);
    print_summary(answer.certified->everywhere, answer.certified->points.empty(), false);
    print("\nmode reference: what is said to be proven is proven; that there are no further fixed points is not\n");
  } else {
    const FieldFixedPoints& found = answer.found;
    if (!found.points.empty()) print_rows(fast_rows(found));
    print_summary(found.everywhere, found.points.empty(), found.grows);
    if (std::isfinite(found.searched_to)) {
      print(fmt::format("fixed points were looked for up to q = {}\n", number(found.searched_to, 3)));
    }
    print("\nmode fast: double precision; errors are estimated, not proven\n");
  }
  if (options.critical_line) {
    print("\nthe critical line chi_1 = 1, by the variance q that is its fixed point\n\n");
    Rows rows = {{"q", "sigma_w^2", "sigma_b^2", "V'(q)", ""}};
    for (const CriticalPoint& p : answer.line) {
      rows.push_back({number(p.variance, 6), number(p.weight, shown_digits), number(p.bias, shown_digits),
                      number(p.slope, 6), p.slope > 1 + 1e-9 ? "repels" : ""});
    }
    if (answer.line.empty()) {
      print("none: no bias makes chi_1 = 1 at any variance from 2^-10 to 2^10\n");
    } else {
      print(aligned(rows, {true, true, true, true, false}));
    }
  }
  if (!answer.figure.empty()) print("\nphase diagram: " + answer.figure + "\n");
}

void print_meanfield_object(const MeanfieldOptions& options, const MeanfieldAnswer& answer) {
  Json object;
  object["activation"] = options.activation;
  object["weight_variance"] = json_of(answer.weight);
  object["bias_variance"] = json_of(answer.bias);
  object["mode"] = options.mode;
  auto points = Json::array();
  if (answer.certified) {
    object["digits"] = answer.digits;
    for (const CertifiedFieldPoint& p : answer.certified->points) points.push_back(json_of(p, answer.digits));
    object["everywhere"] = answer.certified->everywhere;
  } else {
    for (const FieldFixedPoint& p : answer.found.points) points.push_back(json_of(p));
    object["everywhere"] = answer.found.everywhere;
    object["grows"] = answer.found.grows;
    object["searched_to"] = json_number(answer.found.searched_to);
  }
  object["fixed_points"] = std::move(points);
  object["proven"] = answer.certified.has_value();
  if (options.critical_line) {
    auto line = Json::array();
    for (const CriticalPoint& p : answer.line) {
      line.push_back({{"variance", json_of(p.variance)},
                      {"weight_variance", json_of(p.weight)},
                      {"bias_variance", json_of(p.bias)},
                      {"slope", json_of(p.slope)}});
    }
    object["critical_line"] = std::move(line);
  }
  if (!answer.figure.empty()) object["figure"] = answer.figure;
  print_json(object);
}

}  // namespace nke::cli
