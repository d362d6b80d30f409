// SPDX-License-Identifier: Apache-2.0
// nke dual --mode exact as a contract: proven digits as text, statuses, refusals.
#include <nlohmann/json.hpp>

#include <nke/exact/real/rational.hpp>

#include "process.hpp"
#include "support.hpp"

namespace nke {
namespace {

using nlohmann::json;
using test::nke_command;
using test::Outcome;

std::vector<std::string> at(const std::string& activation, const std::string& a, const std::string& b,
                            const std::string& c, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"dual", activation, "--a", a, "--b", b, "--c", c, "--mode", "exact"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

// |value − truth| ≤ error_bound, all three read as the decimals that were printed.
bool holds(const json& object, const std::string& truth) {
  const auto number = [](const json& x) {
    return x.is_string() ? Rational::parse(x.get<std::string>()) : Rational::from_double_exactly(x.get<double>());
  };
  return abs(number(object["value"]) - Rational::parse(truth)) <= number(object["error_bound"]);
}

TEST_CASE("nke dual --mode exact prints the digits asked for, as text beyond 17, with a bound and the method [fact]") {
  const std::string elu = "0.64494474939100663091083294905887388525244836751454";
  const Outcome fifty = nke_command(at("elu", "1", "1", "0.999999", {"--digits", "45", "--cross-check", "--json"}));
  REQUIRE(fifty.status == 0);
  const json object = json::parse(fifty.out);
  CHECK(object["activation"] == "elu");
  CHECK(object["mode"] == "exact");
  CHECK(object["derivative"] == false);
  CHECK(object["proven"] == true);
  CHECK(object["digits"] == 45);
  CHECK(object["value"].get<std::string>().size() == 47);  // "0." and 45 digits
  CHECK(holds(object, elu));
  CHECK(object["error_bound"].get<double>() < 1e-44);
  CHECK(object["method"].get<std::string>().find("closed form") == 0);
  CHECK(object["cross_check"]["agrees"] == true);
  CHECK(holds(object["cross_check"], elu));
  CHECK(object["cross_check"]["method"].get<std::string>().find("integral") == 0);

  const json few = json::parse(nke_command(at("elu", "1", "1", "0.999999", {"--digits", "15", "--json"})).out);
  CHECK(few["value"].is_number());
  CHECK(holds(few, elu));
  CHECK(few["error_bound"].get<double>() < 1e-14);

  const Outcome text = nke_command(at("elu", "1", "1", "0.999999", {"--cross-check"}));
  CHECK(text.status == 0);
  CHECK(text.out.find("= " + elu.substr(0, 31)) != std::string::npos);
  CHECK(text.out.find("they agree") != std::string::npos);
}

TEST_CASE("numbers beyond doubles are printed all the same [fact]") {
  // exp: K = e^((a + b + 2c)/2)
  const json huge = json::parse(nke_command(at("exp", "1e12", "1e12", "5e11", {"--digits", "12", "--json"})).out);
  CHECK(huge["value"].get<std::string>().ends_with("e+651441722854"));
  CHECK(huge["error_bound"].get<std::string>().find("e+6514417228") != std::string::npos);
  // Softshrink half a million deviations below its threshold.
  const json tiny =
      json::parse(nke_command(at("softshrink", "1e-6", "1e-6", "0", {"--json", "--relative", "value"})).out);
  CHECK(tiny["value"] == "0");  // odd, and c = 0
  const json small =
      json::parse(nke_command(at("softshrink", "1e-6", "1e-6", "1e-6", {"--json", "--cross-check"})).out);
  CHECK(small["value"].get<std::string>().find("e-54") != std::string::npos);
  CHECK(small["cross_check"]["agrees"] == true);
}

TEST_CASE("a dual given as a formula is taken in every mode, its sign and symmetry having been looked at [fact]") {
  const std::string formula = "dual(\"sqrt(a*b)*exp(c/sqrt(a*b) - 1)\")";
  const json value = json::parse(nke_command(at(formula, "1", "4", "2", {"--json"})).out);
  CHECK(holds(value, "2"));
  const json slope =
      json::parse(nke_command(at("exp_normalized(2, -1)", "1", "4", "2", {"--derivative", "--json"})).out);
  CHECK(holds(slope, "2"));
  const json fast = json::parse(nke_command({"dual", formula, "--a", "1", "--b", "4", "--c", "2", "--json"}).out);
  CHECK(fast["mode"] == "fast");
  CHECK(holds(fast, "2"));
}

TEST_CASE("what exact mode refuses has status 2 and one line that names it; nothing is printed [fault]") {
  const auto refused = [](const std::vector<std::string>& arguments, const std::string& words) {
    const Outcome outcome = nke_command(arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.starts_with("nke: "));
    CHECK(outcome.err.find(words) != std::string::npos);
  };
  refused(at("relu", "1", "1", "1.0000000000000000000000000001", {}), "c^2 <= a*b");
  refused(at("relu", "1", "1", "0", {"--digits", "0"}), "--digits");
  refused(at("relu", "1", "1", "0", {"--digits", "10001"}), "--digits");
  refused(at("relu", "1", "1", "0", {"--relative", "truth"}), "--relative");
  refused(at("tanh", "1", "1", "0", {}), "--mode reference");
  refused(at("exp(x^2/2)", "1", "1/2", "0", {}), "(a, b) = (1, 1/2)");
  refused(at("sign", "1", "1", "1", {"--distributional"}), "jump of height 2");
  refused(at("dual(a*b - c)", "1", "1", "0", {}), "not positive definite");
  refused(at("dual(a + c)", "1", "1", "0", {}), "K(b, a, c)");
  refused(at("dual(x)", "1", "1", "0", {}), "x");
  refused(at("exp_normalized", "1", "1", "0", {"--cross-check"}), "no activation to integrate");
  refused({"dual", "relu", "--a", "1", "--b", "1", "--c", "0", "--digits", "5"}, "--mode exact");
}

}  // namespace
}  // namespace nke
