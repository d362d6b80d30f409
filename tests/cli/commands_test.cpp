// SPDX-License-Identifier: Apache-2.0
// The command line as a contract: what scripts may depend on.
#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "process.hpp"
#include "support.hpp"

namespace nke {
namespace {

using nlohmann::json;
using test::nke_command;
using test::Outcome;

// Bad input: status 2, nothing on stdout, on stderr a message that begins "nke: " and holds `words`.
void check_refused(const std::vector<std::string>& arguments, const std::vector<std::string>& words) {
  const Outcome outcome = nke_command(arguments);
  std::string line;
  for (const auto& argument : arguments) line += argument.substr(0, 80) + ' ';
  CAPTURE(line);
  CAPTURE(outcome.err);
  CHECK(outcome.status == 2);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.starts_with("nke: "));
  CHECK(outcome.err.size() < 4000);
  for (const auto& word : words) CHECK(outcome.err.find(word) != std::string::npos);
}

TEST_CASE("nke says its version and helps, with status 0 [fact]") {
  const Outcome version = nke_command({"--version"});
  CHECK(version.status == 0);
  CHECK(version.out == "nke " NKE_VERSION "\n");
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                    {"list", "--help"},
                                                    {"dual", "--help"},
                                                    {"hermite", "--help"},
                                                    {"validate", "--help"}}) {
    const Outcome help = nke_command(arguments);
    CHECK(help.status == 0);
    CHECK(help.err.empty());
    CHECK(help.out.find("Example") != std::string::npos);
  }
}

TEST_CASE("nke list names gelu with its expression, as text and as JSON [fact]") {
  const Outcome text = nke_command({"list"});
  CHECK(text.status == 0);
  CHECK(text.out.find("gelu") != std::string::npos);
  const Outcome object = nke_command({"list", "--json"});
  CHECK(object.status == 0);
  const auto list = json::parse(object.out);
  CHECK(list["version"] == NKE_VERSION);
  const auto& rows = list["activations"];
  CHECK(rows.size() >= 30);
  const auto gelu = std::find_if(rows.begin(), rows.end(), [](const json& row) { return row["name"] == "gelu"; });
  REQUIRE(gelu != rows.end());
  CHECK((*gelu)["closed_form"] == true);
  CHECK(!(*gelu)["source"].get<std::string>().empty());
}

TEST_CASE("every name that nke list prints can be given to nke dual [law]") {
  const auto list = json::parse(nke_command({"list", "--json"}).out);
  for (const auto& row : list["activations"]) {
    const std::string name = row["name"];
    CAPTURE(name);
    // c = ab: at correlation 0 the dual is E[σ(u)] E[σ(v)], finite for small variances whatever σ.
    const Outcome outcome = nke_command({"dual", name, "--a", "0.1", "--b", "0.1", "--c", "0.05", "--json"});
    CAPTURE(outcome.err);
    CHECK(outcome.status == 0);
  }
}

TEST_CASE("nke dual prints relu's arc-cosine value in the JSON of the contract [fact]") {
  const Outcome outcome =
      nke_command({"dual", "relu", "--a", "1", "--b", "1", "--c", "0.5", "--mode", "fast", "--json"});
  REQUIRE(outcome.status == 0);
  const auto object = json::parse(outcome.out);
  for (const char* key : {"activation", "a", "b", "c", "derivative", "mode", "value", "error_bound", "proven"}) {
    CHECK(object.contains(key));
  }
  CHECK(object["activation"] == "relu");
  CHECK(object["a"] == 1);
  CHECK(object["c"] == 0.5);
  CHECK(object["derivative"] == false);
  CHECK(object["mode"] == "fast");
  CHECK(object["proven"] == false);
  // Cho & Saul 2009: (sin θ + (π − θ) cos θ) / 2π at θ = π/3.
  const double pi = std::acos(-1.0);
  const double expected = (std::sin(pi / 3) + (pi - pi / 3) * 0.5) / (2 * pi);
  CHECK(std::abs(object["value"].get<double>() - expected) <= object["error_bound"].get<double>() + 1e-15);
  CHECK(object["error_bound"].get<double>() < 1e-12);

  const auto derivative =
      json::parse(nke_command({"dual", "relu", "--a", "1", "--b", "1", "--c", "0.5", "--derivative", "--json"}).out);
  CHECK(derivative["derivative"] == true);
  CHECK(derivative["value"].get<double>() == doctest::Approx(1.0 / 3).epsilon(1e-12));
}

TEST_CASE("numbers are read exactly: those a double does not hold come back as text [fact]") {
  const auto object = json::parse(nke_command({"dual", "tanh", "--a", "1/3", "--b", "1", "--c", "1e-2", "--json"}).out);
  CHECK(object["a"] == "1/3");
  CHECK(object["b"] == 1);
  CHECK(object["c"] == 0.01);
}

TEST_CASE("nke hermite prints tanh's coefficients in the JSON of the contract [fact]") {
  const Outcome outcome = nke_command({"hermite", "tanh", "--degree", "7", "--json"});
  REQUIRE(outcome.status == 0);
  const auto object = json::parse(outcome.out);
  for (const char* key : {"activation", "variance", "degree", "mode", "coefficients", "norm", "tail_bound", "proven"}) {
    CHECK(object.contains(key));
  }
  CHECK(object["degree"] == 7);
  CHECK(object["variance"] == 1);
  const auto& coefficients = object["coefficients"];
  REQUIRE(coefficients.size() == 8);
  double sum = 0;
  for (std::size_t n = 0; n < coefficients.size(); ++n) {
    CHECK(coefficients[n]["n"] == n);
    CHECK(coefficients[n]["error_bound"].get<double>() < 1e-14);
    sum += std::pow(coefficients[n]["value"].get<double>(), 2);
  }
  CHECK(std::abs(coefficients[2]["value"].get<double>()) < 1e-15);  // tanh is odd
  // E tanh(z)² to 35 digits, by two certified methods: 0.39429449039784117441645977244411956.
  const double norm = 0.39429449039784117;
  CHECK(object["norm"].get<double>() == doctest::Approx(norm).epsilon(1e-14));
  CHECK(sum + object["tail_bound"].get<double>() >= norm - 1e-15);
}

TEST_CASE(
    "nke hermite --mode reference prints as many digits as asked, as text, and they agree with the fast ones [law]") {
  const auto reference = json::parse(
      nke_command({"hermite", "gelu", "--degree", "6", "--mode", "reference", "--digits", "40", "--json"}).out);
  const auto fast = json::parse(nke_command({"hermite", "gelu", "--degree", "6", "--json"}).out);
  CHECK(reference["digits"] == 40);
  CHECK(reference["proven"] == true);
  CHECK(reference["assumptions"].empty());
  REQUIRE(reference["coefficients"].size() == 7);
  for (std::size_t n = 0; n < 7; ++n) {
    const std::string digits = reference["coefficients"][n]["value"];
    CHECK(std::abs(std::stod(digits) - fast["coefficients"][n]["value"].get<double>()) < 1e-15);
    CHECK(reference["coefficients"][n]["error_bound"].get<double>() < 1e-39);
  }
  // gelu = x Φ(x): h_1 = E z² Φ(z) = 1/2, to every digit asked for.
  CHECK(std::abs(std::stod(reference["coefficients"][1]["value"].get<std::string>()) - 0.5) < 1e-16);
}

TEST_CASE("what nothing proves ends with status 3, and a declaration is named in the answer [fault]") {
  const std::vector<std::string> asked = {
      "hermite", "max(exp(x), exp(sqrt(2))*(1 + x - sqrt(2)))", "--degree", "2", "--mode", "reference", "--json"};
  const Outcome undecided = nke_command(asked);
  CHECK(undecided.status == 3);
  CHECK(undecided.err.find("--breakpoints") != std::string::npos);
  auto with_declaration = asked;
  with_declaration.insert(with_declaration.end(), {"--breakpoints", "none"});
  const Outcome declared = nke_command(with_declaration);
  REQUIRE(declared.status == 0);
  const auto object = json::parse(declared.out);
  CHECK(object["proven"] == false);
  REQUIRE(object["assumptions"].size() == 1);
  // The second branch is a tangent of the first: h_0 = E exp(z) = sqrt(e).
  CHECK(std::stod(object["coefficients"][0]["value"].get<std::string>()) == doctest::Approx(std::exp(0.5)));
}

TEST_CASE("nke dual --mode reference proves a value without a closed form [fact]") {
  const Outcome outcome = nke_command(
      {"dual", "tanh", "--a", "1", "--b", "1", "--c", "0.999999", "--mode", "reference", "--digits", "34", "--json"});
  REQUIRE(outcome.status == 0);
  const auto object = json::parse(outcome.out);
  CHECK(object["proven"] == true);
  CHECK(object["error_bound"].get<double>() < 1e-33);
  CHECK(object["value"].get<std::string>().substr(0, 33) == "0.3942940259950888278815727513917");
}

TEST_CASE("a proven dual is cross-checked by another method than its own, at the ends too [law]") {
  const auto checked = [](const char* sigma, const char* c) {
    const Outcome found = nke_command({"dual", sigma, "--a", "1", "--b", "1", "--c", c, "--mode", "reference",
                                       "--digits", "12", "--cross-check", "--json"});
    REQUIRE(found.status == 0);
    const json object = json::parse(found.out);
    CHECK(object["cross_check"]["agrees"] == true);
    CHECK(object["cross_check"]["error_bound"].get<double>() < 1e-12);
    return object["method"].get<std::string>().substr(0, 5) + ", " +
           object["cross_check"]["method"].get<std::string>().substr(0, 6);
  };
  CHECK(checked("hardswish", "0.5") == "serie, plane,");
  CHECK(checked("hardswish", "0.999999") == "plane, nested");
  CHECK(checked("hardswish", "-1") == "line, nested");
  CHECK(checked("relu", "-0.9999999") == "plane, nested");
}

TEST_CASE("nke hermite --decay says how fast coefficients fall, by a fit and by theory [fact]") {
  const auto decay = json::parse(nke_command({"hermite", "relu", "--degree", "3", "--decay", "--json"}).out)["decay"];
  CHECK(decay["kind"] == "algebraic");
  CHECK(decay["theory"] == 2.5);
  CHECK(decay["value"].get<double>() == doctest::Approx(2.5).epsilon(0.01));
  const std::string text = nke_command({"hermite", "erf", "--degree", "3", "--variance", "1/2", "--decay"}).out;
  CHECK(text.find("in the long run: h_n^2 ~ R^n with R = 0.5") != std::string::npos);  // 2a/(1 + 2a)
  check_refused({"hermite", "relu", "--degree", "3", "--decay", "--mode", "reference"}, {"--decay"});
}

TEST_CASE("nke hermite --degree auto finds the smallest degree that does [fact]") {
  // relu: T_2 = 1/2 - 1/(2 pi) - 1/4 - 1/(4 pi) = 0.0113 and T_4 = 0.0047 of a norm of 1/2, at any variance.
  const Outcome outcome =
      nke_command({"hermite", "relu", "--degree", "auto", "--epsilon", "1e-2", "--variance", "0.5:2", "--json"});
  REQUIRE(outcome.status == 0);
  CHECK(json::parse(outcome.out)["degree"] == 4);
  check_refused({"hermite", "relu", "--degree", "auto"}, {"--epsilon"});
  check_refused({"hermite", "relu", "--degree", "3", "--epsilon", "1e-2"}, {"--epsilon", "auto"});
}

TEST_CASE("text and JSON of one command hold the same value [law]") {
  const std::vector<std::string> arguments = {"dual", "gelu", "--a", "1", "--b", "1", "--c", "0.5"};
  const Outcome text = nke_command(arguments);
  auto with_json = arguments;
  with_json.push_back("--json");
  const auto object = json::parse(nke_command(with_json).out);
  CHECK(text.status == 0);
  // K(1,1,1/2) of gelu to 40 digits: 0.2272949150219915350180667609112514032295.
  CHECK(object["value"].get<double>() == doctest::Approx(0.22729491502199154).epsilon(1e-14));
  CHECK(text.out.find("0.22729491502199") != std::string::npos);
}

TEST_CASE("activations that are not, are refused with a reason [fault]") {
  check_refused({"dual", "gelo", "--a", "1", "--b", "1", "--c", "0"}, {"gelu"});
  check_refused({"dual", "x +", "--a", "1", "--b", "1", "--c", "0"}, {"^"});
  check_refused({"dual", "", "--a", "1", "--b", "1", "--c", "0"}, {});
  check_refused({"dual", "y", "--a", "1", "--b", "1", "--c", "0"}, {"y"});
  check_refused({"dual", "log(x)", "--a", "1", "--b", "1", "--c", "0"}, {});
  check_refused({"dual", std::string(100000, '('), "--a", "1", "--b", "1", "--c", "0"}, {});
  check_refused({"dual", "x^(10^(10^10))", "--a", "1", "--b", "1", "--c", "0"}, {});
  check_refused({"dual", "\xff\xfe", "--a", "1", "--b", "1", "--c", "0"}, {});
  check_refused({"dual", "-x*exp(x)", "--a", "1", "--b", "1", "--c", "0"}, {"parentheses"});
}

TEST_CASE("a sigma that is not square-integrable is refused, and says at which variance [fault]") {
  for (const char* text : {"exp(x^2)", "exp(x^2/4)", "exp(exp(x))", "1/x"}) {
    const Outcome outcome = nke_command({"dual", text, "--a", "2", "--b", "2", "--c", "1"});
    CAPTURE(text);
    CAPTURE(outcome.out);
    CHECK((outcome.status == 2 || outcome.status == 3));
    CHECK(outcome.err.starts_with("nke: "));
  }
}

TEST_CASE("numbers outside the domain are refused, naming the option and the rule [fault]") {
  check_refused({"dual", "relu", "--a", "-1", "--b", "1", "--c", "0"}, {"a"});
  check_refused({"dual", "relu", "--a", "1", "--b", "1", "--c", "1.0000000001"}, {"c"});
  check_refused({"dual", "relu", "--a", "one", "--b", "1", "--c", "0"}, {"--a", "one"});
  check_refused({"dual", "relu", "--a", "nan", "--b", "1", "--c", "0"}, {"--a", "nan"});
  check_refused({"dual", "relu", "--a", "inf", "--b", "1", "--c", "0"}, {"--a", "inf"});
  check_refused({"dual", "relu", "--a", "1e400", "--b", "1", "--c", "0"}, {"--a"});
  check_refused({"dual", "relu", "--a", "1e99999999", "--b", "1", "--c", "0"}, {});
  check_refused({"hermite", "relu", "--degree", "-1"}, {"--degree", "-1"});
  check_refused({"hermite", "relu", "--degree", "1000000000"}, {"--degree", "1000000000"});
  check_refused({"hermite", "relu", "--degree", "3.5"}, {"--degree", "3.5"});
  check_refused({"hermite", "relu", "--degree", "5", "--variance", "-1"}, {"--variance"});
  check_refused({"hermite", "relu", "--degree", "5", "--threads", "0"}, {"--threads"});
  check_refused({"hermite", "relu", "--degree", "5", "--digits", "20"}, {"--digits", "reference"});
  check_refused({"hermite", "relu", "--degree", "5", "--mode", "reference", "--digits", "100000"},
                {"--digits", "100000"});
}

TEST_CASE("a mode this version does not have is refused, naming those it has [fault]") {
  check_refused({"dual", "gelu", "--a", "1", "--b", "1", "--c", "0", "--mode", "certified"},
                {"certified", "reference"});
  check_refused({"hermite", "gelu", "--degree", "3", "--mode", "quick"}, {"quick", "fast"});
}

TEST_CASE("unknown commands, options and missing arguments are refused in one line [fault]") {
  check_refused({}, {"--help"});
  check_refused({"frobnicate"}, {"--help"});
  check_refused({"list", "--frobnicate"}, {"--help"});
  check_refused({"dual", "relu"}, {"--a"});
  check_refused({"validate", "relu"}, {"--out"});
}

}  // namespace
}  // namespace nke
