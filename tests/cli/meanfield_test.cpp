// SPDX-License-Identifier: Apache-2.0
// nke meanfield as a contract: its JSON, its figure, its refusals.
#include <filesystem>

#include <nlohmann/json.hpp>

#include "process.hpp"
#include "support.hpp"

namespace nke {
namespace {

using nlohmann::json;
using test::nke_command;
using test::Outcome;

TEST_CASE("nke meanfield --json gives fixed points with their scales as they were typed [fact]") {
  const Outcome outcome = nke_command({"meanfield", "tanh", "--sigma-w", "1.5", "--sigma-b", "0.1", "--json"});
  REQUIRE(outcome.status == 0);
  const auto object = json::parse(outcome.out);
  CHECK(object["weight_variance"] == 2.25);
  CHECK(object["bias_variance"] == 0.01);
  CHECK(object["proven"] == false);
  REQUIRE(object["fixed_points"].size() == 1);
  const auto& point = object["fixed_points"][0];
  CHECK(point["variance"].get<double>() == doctest::Approx(0.81332232687287).epsilon(1e-13));
  CHECK(point["phase"] == "chaotic");
  const Outcome line = nke_command({"meanfield", "erf", "--critical-line", "--json"});
  REQUIRE(line.status == 0);
  CHECK(json::parse(line.out)["critical_line"].size() > 20);
}

TEST_CASE("mode reference proves what it prints, and He's relu exactly [fact]") {
  const Outcome outcome =
      nke_command({"meanfield", "relu", "--sigma-w", "sqrt(2)", "--mode", "reference", "--digits", "20", "--json"});
  REQUIRE(outcome.status == 0);
  const auto object = json::parse(outcome.out);
  CHECK(object["weight_variance"] == 2);
  CHECK(object["everywhere"] == true);
  CHECK(object["fixed_points"][0]["phase"] == "critical");
  const Outcome proven = nke_command({"meanfield", "tanh", "--sigma-w", "3/2", "--sigma-b", "1/10", "--mode",
                                      "reference", "--digits", "20", "--json"});
  REQUIRE(proven.status == 0);
  const auto point = json::parse(proven.out)["fixed_points"][0];
  CHECK(point["proven"] == true);
  // mpmath: 0.8133223268728710132591139
  CHECK(point["variance"].get<std::string>().substr(0, 20) == "0.813322326872871013");
  CHECK(point["variance_error_bound"].get<double>() < 1e-19);
}

TEST_CASE("--out draws the phases, for smooth, kinked and torn activations [fact]") {
  const test::TemporaryFolder folder;
  for (const char* text : {"gelu", "step", "exp(x^2/8)", "exp(-x^4)"}) {
    CAPTURE(text);
    const auto file = folder.path() / "phases.svg";
    const Outcome outcome = nke_command({"meanfield", text, "--out", file.string()});
    CAPTURE(outcome.err);
    REQUIRE(outcome.status == 0);
    CHECK(test::contents(file).find("<svg") != std::string::npos);
  }
}

TEST_CASE("bad options of meanfield are refused, naming the option [fault]") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--sigma-w", "-1"}, "--sigma-w"},
      {{"--sigma-b", "x"}, "--sigma-b"},
      {{"--sigma-w", "1/0"}, "nke: "},
      {{"--digits", "9"}, "--digits"},
      {{"--mode", "exact"}, "exact"},
      {{"--out", "phases.gif"}, "gif"},
      {{"--sigma-w", "pi", "--mode", "reference"}, "--sigma-w"}};
  for (const auto& [extra, word] : cases) {
    std::vector<std::string> arguments = {"meanfield", "tanh"};
    arguments.insert(arguments.end(), extra.begin(), extra.end());
    const Outcome outcome = nke_command(arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.status == 2);
    CHECK(outcome.err.starts_with("nke: "));
    CHECK(outcome.err.find(word) != std::string::npos);
  }
}

}  // namespace
}  // namespace nke
