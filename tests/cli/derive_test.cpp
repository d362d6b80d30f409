// SPDX-License-Identifier: Apache-2.0
// nke derive and the page of closed forms, as a contract.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "process.hpp"
#include "support.hpp"

namespace nke {
namespace {

using nlohmann::json;
using test::nke_command;
using test::Outcome;

bool contains(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

void check_refused(const std::vector<std::string>& arguments, const std::vector<std::string>& words) {
  const Outcome outcome = nke_command(arguments);
  CAPTURE(outcome.err);
  CHECK(outcome.status == 2);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.starts_with("nke: "));
  for (const std::string& word : words) CHECK(contains(outcome.err, word));
}

TEST_CASE("nke derive relu prints the formulas, what they mean and where they hold [fact]") {
  const Outcome outcome = nke_command({"derive", "relu"});
  CHECK(outcome.status == 0);
  CHECK(outcome.err.empty());
  CHECK(contains(outcome.out, "sigma(x)  = max(x, 0)\n"));
  CHECK(contains(outcome.out, "K(a,b,c)  = (sqrt(a*b - c^2) + c*atan2(sqrt(a*b - c^2), -c))/(2*pi)\n"));
  CHECK(contains(outcome.out, "(u,v) ~ N(0, [[a,c],[c,b]])"));
  CHECK_FALSE(contains(outcome.out, "jumps"));
}

TEST_CASE("a symbol stays a symbol, and what is taken for granted of it is said [fact]") {
  CHECK(contains(nke_command({"derive", "leaky_relu(alpha)"}).out, "(1 - alpha)^2"));
  CHECK(contains(nke_command({"derive", "softshrink(lambda)"}).out, "Holds for lambda > 0."));
  CHECK(contains(nke_command({"derive", "exp(x^2/8)"}).out, "a < 4"));
}

TEST_CASE("jumps are stated, and added on request [fact]") {
  const Outcome without = nke_command({"derive", "step"});
  CHECK(contains(without.out, "K'(a,b,c) = 0\n"));
  CHECK(contains(without.out, "--distributional"));
  const auto with = json::parse(nke_command({"derive", "step", "--distributional", "--json"}).out);
  CHECK(with["distributional"] == true);
  CHECK(with["derivative"] == with["jumps"]);
  CHECK(with["derivative"] == "1/(2*pi*sqrt(a*b - c^2))");
}

TEST_CASE("--json holds every format, the same bytes as --format prints [law]") {
  const std::vector<std::string> base = {"derive", "leaky_relu(alpha)"};
  auto with_json = base;
  with_json.push_back("--json");
  const Outcome outcome = nke_command(with_json);
  REQUIRE(outcome.status == 0);
  const auto object = json::parse(outcome.out);
  for (const char* key : {"activation", "sigma", "parameters", "distributional", "value", "derivative", "jumps", "mean",
                          "diagonal", "finite_where", "assumptions", "error_measured", "text"}) {
    CHECK(object.contains(key));
  }
  CHECK(object["parameters"][0]["name"] == "alpha");
  CHECK(object["parameters"][0]["default"] == "0.01");
  CHECK(object["diagonal"] == "a*(1 + alpha^2)/2");
  CHECK(object["error_measured"].get<double>() < 1e-15);
  for (const char* format : {"latex", "cpp", "python", "neural-tangents"}) {
    auto with_format = base;
    with_format.insert(with_format.end(), {"--format", format});
    const Outcome printed = nke_command(with_format);
    CHECK(printed.status == 0);
    CHECK(printed.out == object[format].get<std::string>());
  }
}

TEST_CASE("--derivative prints K' alone, but a layer has both [fact]") {
  CHECK_FALSE(contains(nke_command({"derive", "gelu", "--derivative"}).out, "K(a,b,c)  ="));
  CHECK_FALSE(contains(nke_command({"derive", "gelu", "--derivative", "--format", "cpp"}).out, "gelu_dual("));
  const Outcome layer = nke_command({"derive", "gelu", "--derivative", "--format", "neural-tangents"});
  CHECK(contains(layer.out, "def nngp_fn("));
  CHECK(contains(layer.out, "def d_nngp_fn("));
}

TEST_CASE("the same command prints the same bytes [law]") {
  for (const char* activation : {"hardswish", "elu(alpha)", "x*Phi(p*x) + sin(x)"}) {
    const std::vector<std::string> command = {"derive", activation, "--json"};
    CHECK(nke_command(command).out == nke_command(command).out);
  }
}

TEST_CASE("a dual given as an expression is derived by its covariance [fact]") {
  const auto object = json::parse(nke_command({"derive", "dual(\"exp(2*c)\")", "--json"}).out);
  CHECK(object["value"] == "exp(2*c)");
  CHECK(object["derivative"] == "2*exp(2*c)");
}

TEST_CASE("what has no closed form is refused with the part that leaves the class, and what to do instead [fault]") {
  check_refused({"derive", "tanh"}, {"tanh(x)", "nke dual"});
  check_refused({"derive", "x/(1 + x^2)"}, {"nke dual"});
  check_refused({"derive", "max(x, 0)*Phi(x)"}, {"nke dual"});
}

TEST_CASE("bad input to nke derive is refused [fault]") {
  check_refused({"derive", "gelo"}, {"gelu"});
  check_refused({"derive", "x +"}, {"^"});
  check_refused({"derive", "gelu", "--format", "html"}, {"html", "latex"});
  check_refused({"derive", "x*a"}, {"a"});
  check_refused({"derive"}, {"--help"});
  check_refused({"list", "--format", "pdf"}, {"pdf", "markdown"});
}

// "nke derive \"leaky_relu(alpha)\" --all" as its words, without the first.
std::vector<std::string> words_of(const std::string& command) {
  std::vector<std::string> words;
  bool quoted = false;
  bool open = false;
  for (const char c : command) {
    if (c == '"') {
      quoted = !quoted;
      if (!open) words.emplace_back();
      open = true;
    } else if (c == ' ' && !quoted) {
      open = false;
    } else {
      if (!open) words.emplace_back();
      open = true;
      words.back() += c;
    }
  }
  words.erase(words.begin());
  return words;
}

// Checks each "$ nke derive …" of a page, with what follows it up to the next prompt or the end of the block.
int check_examples(const std::string& page) {
  const std::string text = test::contents(page);
  const std::string prompt = "\n$ nke derive ";
  int checked = 0;
  for (std::size_t at = text.find(prompt); at != std::string::npos; at = text.find(prompt, at + 1)) {
    const std::size_t begin = text.find('\n', at + 1) + 1;
    const std::size_t end = std::min(text.find("\n$ ", begin - 1), text.find("\n```", begin - 1));
    const std::string command = text.substr(at + 3, begin - at - 4);
    const Outcome outcome = nke_command(words_of(command));
    CAPTURE(command);
    CHECK(outcome.out + outcome.err == text.substr(begin, end + 1 - begin));
    ++checked;
  }
  return checked;
}

TEST_CASE("what the pages show of nke derive is what it prints [law]") {
  CHECK(check_examples(NKE_SOURCE_DIR "/docs/derive.md") >= 5);
  check_examples(NKE_SOURCE_DIR "/README.md");
}

TEST_CASE("docs/closed-forms.md is what nke list --format markdown prints; scripts/refresh-docs.sh [law]") {
  const Outcome page = nke_command({"list", "--format", "markdown"});
  REQUIRE(page.status == 0);
  CHECK(page.out == test::contents(NKE_SOURCE_DIR "/docs/closed-forms.md"));
}

}  // namespace
}  // namespace nke
