// SPDX-License-Identifier: Apache-2.0
// The report as data: its numbers against hand-worked ones, its controls able to fail, the same bytes on every run.
#include <algorithm>
#include <cmath>
#include <csignal>
#include <limits>

#include <nlohmann/json.hpp>
#include <tbb/global_control.h>

#include <nke/exact/real/error.hpp>
#include <nke/verify/report.hpp>

#include "support.hpp"

namespace nke {
namespace {

const double pi = std::acos(-1.0);

ValidateOptions small() {
  return {.data = "gaussian(40,12)", .points = 32, .dimensions = {64, 128, 256, 512}, .seeds = 9, .command = "test"};
}

ActivationReport report_on(const std::string& text, const ValidateOptions& options = small()) {
  Progress progress;
  return validate_activation(activation(text), text, options, progress);
}

bool says(const ActivationReport& report, const std::string& words) {
  return std::any_of(report.verdicts.begin(), report.verdicts.end(),
                     [&](const Verdict& verdict) { return verdict.statement.find(words) != std::string::npos; });
}

TEST_CASE("The report on relu holds the numbers every textbook has [fact]") {
  const ActivationReport report = report_on("relu");
  CHECK(report.moments.mean == doctest::Approx(1 / std::sqrt(2 * pi)).epsilon(1e-14));
  CHECK(report.moments.second == doctest::Approx(0.5).epsilon(1e-14));
  CHECK(report.moments.derivative_second == doctest::Approx(0.5).epsilon(1e-14));
  CHECK(report.facts.homogeneity == "1");
  CHECK(report.facts.breakpoints.size() == 1);
  CHECK(says(report, "w² = 2 keeps variance 1"));  // He initialisation, which for relu is also the edge of chaos
  CHECK(says(report, "edge of chaos at variance 1 is w² = 2, b² = 0"));
  const auto rho = report.dual.numbers("rho");
  const auto kappa = report.dual.numbers("kappa");
  const auto kappa_dot = report.dual.numbers("kappa_dot");
  REQUIRE(rho.front() == -1);
  REQUIRE(rho.back() == 1);
  for (std::size_t i = 0; i < rho.size(); ++i) {
    const double theta = std::acos(rho[i]);
    CHECK(kappa[i] == doctest::Approx((std::sin(theta) + (pi - theta) * rho[i]) / (2 * pi)).epsilon(1e-12));
    CHECK(kappa_dot[i] == doctest::Approx((pi - theta) / (2 * pi)).epsilon(1e-7));  // acos costs half the digits at ±1
  }
  CHECK(report.passed());
}

TEST_CASE("The tail in the table of coefficients is Parseval's: what is left of E σ² [law]") {
  for (const char* text : {"relu", "gelu", "tanh", "x*tanh(log(1+exp(x)))"}) {
    CAPTURE(text);
    const ActivationReport report = report_on(text);
    const auto power = report.coefficients.numbers("power");
    const auto tail = report.coefficients.numbers("tail");
    double sum = 0;
    for (std::size_t n = 0; n < power.size(); ++n) {
      sum += power[n];
      CHECK(sum + tail[n] == doctest::Approx(report.spectrum.norm).epsilon(1e-13));
    }
    CHECK(report.passed());
  }
}

TEST_CASE("Errors fall with the degree, and with the dimension as m^-1/2 [law]") {
  // Medians of 9 maps with fixed seeds: the slope over a factor of 8 in m scatters by about 0.05.
  const ActivationReport report = report_on("gelu");
  for (const DataFindings& data : report.data) {
    CAPTURE(data.name);
    const auto error = data.by_degree.numbers("off_diagonal");
    REQUIRE(error.size() > 4);
    for (std::size_t i = 1; i < error.size(); ++i) CHECK(error[i] <= error[i - 1] * (1 + 1e-12));
    CHECK(data.slope < -0.3);
    CHECK(data.slope > -0.7);
    CHECK(data.mean_variance == doctest::Approx(1).epsilon(1e-12));
  }
}

TEST_CASE("The same seed gives the same report on one thread and on four, another seed another one [law]") {
  std::string one;
  std::string four;
  {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 1);
    one = to_json(report_on("tanh"));
  }
  {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 4);
    four = to_json(report_on("tanh"));
  }
  CHECK(one == four);
  ValidateOptions other = small();
  other.seed = 2;
  CHECK(to_json(report_on("tanh", other)) != one);
}

TEST_CASE("report.json holds every chapter [fact]") {
  const auto json = nlohmann::json::parse(to_json(report_on("step(x)")));
  for (const char* key : {"provenance", "passed", "activation", "unit_moments", "spectrum", "sketch", "checks",
                          "verdicts", "shape", "dual", "coefficients", "data", "decay", "propagation"}) {
    CHECK(json.contains(key));
  }
  CHECK(json["data"].size() == 2);
  CHECK(json["data"][0]["by_dimension"]["rows"].size() == 8);
  CHECK(json["unit_moments"]["derivative_second"] == 0);  // the almost-everywhere derivative of a step
}

TEST_CASE("The report on tanh says what depth does, and how its coefficients fall [fact]") {
  const ActivationReport report = report_on("tanh");
  REQUIRE(report.decay);
  CHECK(report.decay->kind == DecayKind::root);
  CHECK(report.decay->value == doctest::Approx(pi / 2).epsilon(0.003));
  CHECK(report.decay->theory.value.value_or(0) == doctest::Approx(pi / 2).epsilon(1e-9));
  CHECK(says(report, "exp(-r sqrt(n))"));
  CHECK(says(report, "(critical at variance 1) the network is critical"));
  CHECK(report.propagation.scales.size() == 3);
  CHECK(report.propagation.plane.has_value());
  const auto bound = report.propagation.table.numbers("variance_bound");
  const auto variance = report.propagation.table.numbers("variance");
  for (std::size_t i = 0; i < variance.size(); ++i) {
    if (variance[i] > 0) CHECK(bound[i] < 1e-14);
  }
  CHECK(report.propagation.line.rows().size() > 20);
}

TEST_CASE("A control fails on what exceeds it and on what is not a number [fact]") {
  CHECK(Check{.name = "c", .measured = 1, .allowed = 2, .explanation = ""}.passed());
  CHECK(!Check{.name = "c", .measured = 3, .allowed = 2, .explanation = ""}.passed());
  CHECK(!Check{.name = "c", .measured = std::nan(""), .allowed = 2, .explanation = ""}.passed());
  CHECK(!Check{.name = "c", .measured = 1, .allowed = std::nan(""), .explanation = ""}.passed());
  ActivationReport report;
  CHECK(report.passed());
  report.checks.push_back({.name = "c", .measured = 3, .allowed = 2, .explanation = ""});
  CHECK(!report.passed());
}

TEST_CASE("An interrupt stops a report at its next step [fault]") {
  const InterruptGuard guard;
  std::raise(SIGINT);
  CHECK_THROWS_AS(report_on("gelu"), Interrupted);
}

TEST_CASE("σ that is not square-integrable on the data, and unknown data, are refused [fault]") {
  CHECK_THROWS_AS(report_on("exp(x^2)"), Error);
  ValidateOptions options = small();
  options.data = "no-such-set";
  CHECK_THROWS_AS(report_on("gelu", options), Error);
}

}  // namespace
}  // namespace nke
