// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <csignal>

#include <nlohmann/json.hpp>

#include <nke/data/npy.hpp>

#include "process.hpp"
#include "support.hpp"

namespace nke {
namespace {

namespace fs = std::filesystem;
using test::contents;
using test::nke_command;
using test::Outcome;

TEST_CASE("nke kernel writes a matrix and says what it is, as text and as JSON [fact]") {
  const test::TemporaryFolder folder;
  const std::string out = (folder.path() / "k.npy").string();
  const Outcome text = nke_command(
      {"kernel", "fc(depth=1, gelu)", "--data", "gaussian(50,4)", "--kind", "ntk", "--out", out, "--eigenvalue"});
  CAPTURE(text.err);
  CHECK(text.status == 0);
  CHECK(text.out.find("50 x 50") != std::string::npos);
  CHECK(text.out.find("smallest eigenvalue") != std::string::npos);
  CHECK(fs::file_size(out) == 128 + 50 * 50 * 8);
  const Outcome object =
      nke_command({"kernel", "conv(3) relu gap dense", "--data", "fashion-mnist:test", "--points", "3", "--data2",
                   "fashion-mnist:test", "--kind", "nngp", "--precision", "float", "--out", out, "--json"});
  CAPTURE(object.err);
  REQUIRE(object.status == 0);
  const auto report = nlohmann::json::parse(object.out);
  CHECK(report["network"] == "conv(3) relu gap dense");
  CHECK(report["rows"] == 3);
  CHECK(report["columns"] == 3);
  CHECK(fs::file_size(out) == 128 + 9 * 4);
}

TEST_CASE("nke kernel killed twice ends with the bytes of an undisturbed run [law]") {
  const test::TemporaryFolder folder;
  const auto command = [&](const char* name) {
    return std::vector<std::string>{"kernel",       "fc(depth=2, relu)",
                                    "--data",       "gaussian(3000,20)",
                                    "--kind",       "ntk",
                                    "--max-memory", "200M",
                                    "--out",        (folder.path() / name).string()};
  };
  REQUIRE(nke_command(command("whole.npy")).status == 0);
  for (int i = 0; i < 2; ++i) {
    test::interrupted_nke(command("k.npy"), folder.path(), ".k.npy.tiles", SIGKILL);
    CHECK_FALSE(fs::exists(folder.path() / "k.npy"));
  }
  REQUIRE(nke_command(command("k.npy")).status == 0);
  CHECK(contents(folder.path() / "k.npy") == contents(folder.path() / "whole.npy"));
  CHECK_FALSE(fs::exists(folder.path() / ".k.npy.tiles"));
}

TEST_CASE("nke kernel proves single entries, as text and as JSON, and writes the same ones to a file [fact]") {
  const test::TemporaryFolder folder;
  const Outcome text = nke_command({"kernel", "fc(depth=1, relu)", "--data", "gaussian(5,3)", "--mode", "reference",
                                    "--entry", "1,1", "--digits", "40"});
  CAPTURE(text.err);
  REQUIRE(text.status == 0);
  CHECK(text.out.find("Sigma(1, 1) = ") == 0);
  CHECK(text.out.find("Theta(1, 1) = ") != std::string::npos);
  CHECK(text.out.find("of 'dense relu dense' on gaussian(5,3), mode reference: the error is proven") !=
        std::string::npos);
  struct Case {
    std::vector<std::string> arguments;
    std::int64_t row, column;
  };
  for (const Case& c : {Case{{"fc(depth=2, gelu, b=0.5)", "--data", "gaussian(5,3)"}, 4, 0},
                        Case{{"conv(3, stride=14) relu flatten dense", "--data", "fashion-mnist:test", "--data2",
                              "fashion-mnist:train", "--points", "2"},
                             1,
                             0}}) {
    std::vector<std::string> reference = c.arguments;
    reference.insert(reference.begin(), "kernel");
    const std::string entry = std::to_string(c.row) + "," + std::to_string(c.column);
    for (const char* more : {"--mode", "reference", "--entry", entry.c_str(), "--digits", "15", "--json"}) {
      reference.emplace_back(more);
    }
    const Outcome proven = nke_command(reference);
    CAPTURE(proven.err);
    REQUIRE(proven.status == 0);
    const auto report = nlohmann::json::parse(proven.out);
    CHECK(report["proven"] == true);
    CHECK(report["entry"][0] == c.row);
    for (const char* kind : {"nngp", "ntk"}) {
      std::vector<std::string> fast = c.arguments;
      fast.insert(fast.begin(), "kernel");
      const std::string out = (folder.path() / "k.npy").string();
      for (const char* more : {"--kind", kind, "--out", out.c_str()}) fast.emplace_back(more);
      REQUIRE(nke_command(fast).status == 0);
      CHECK(report[kind]["error_bound"].get<double>() < 1e-14);
      const double value = report[kind]["value"].get<double>();
      CHECK(std::abs(to_matrix(read_npy(out))(c.row, c.column) - value) < 1e-13 * std::max(1.0, std::abs(value)));
    }
  }
}

TEST_CASE("nke kernel says what an entry cannot be, and what cannot be proven [fault]") {
  const auto refused = [&](std::vector<std::string> arguments, int status, const std::string& words) {
    arguments.insert(arguments.begin(), {"kernel", "--data", "gaussian(5,3)"});
    const Outcome outcome = nke_command(arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.status == status);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.find(words) != std::string::npos);
  };
  const std::string net = "fc(depth=1, relu)";
  refused({net, "--mode", "reference"}, 2, "needs an entry");
  refused({net, "--mode", "reference", "--entry", "1"}, 2, "a row and a column");
  refused({net, "--mode", "reference", "--entry", "1,-2"}, 2, "a row and a column");
  refused({net, "--mode", "reference", "--entry", "1,5"}, 2, "asks for column 5, but gaussian(5,3) has 5");
  refused({net, "--mode", "reference", "--entry", "0,1", "--digits", "101"}, 2, "--digits");
  refused({net, "--mode", "reference", "--entry", "0,1", "--out", "k.npy"}, 2, "--out belongs to --mode fast");
  refused({net, "--mode", "reference", "--entry", "0,1", "--kind", "cntk"}, 2, "nngp or ntk");
  refused({net, "--mode", "exact", "--entry", "0,1"}, 2, "fast or reference");
  refused({net, "--entry", "0,1", "--kind", "ntk", "--out", "k.npy"}, 2, "--entry belongs to --mode reference");
  refused({net, "--out", "k.npy"}, 2, "--kind is missing");
  refused({net, "--kind", "ntk"}, 2, "--out is missing");
  refused({net, "--kind", "ntk", "--out", "k.csv"}, 2, "--out is a .npy file, not 'k.csv'");
  refused({"dense \"1/x\" dense", "--mode", "reference", "--entry", "0,1"}, 3, "singularity");
}

TEST_CASE("nke kernel refuses what it cannot do with status 2 and one message [fault]") {
  const test::TemporaryFolder folder;
  const std::string out = (folder.path() / "k.npy").string();
  const auto refused = [&](std::vector<std::string> arguments, const std::string& words) {
    arguments.insert(arguments.begin(), "kernel");
    const Outcome outcome = nke_command(arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.find(words) != std::string::npos);
    CHECK_FALSE(fs::exists(out));
  };
  const std::string data = "gaussian(20,4)";
  refused({"dense relu gelu", "--data", data, "--kind", "ntk", "--out", out}, "not Gaussian");
  refused({"fc(depth=1, relu)", "--data", data, "--kind", "cntk", "--out", out}, "nngp or ntk");
  refused({"fc(depth=1, relu)", "--data", data, "--kind", "ntk", "--out", out, "--precision", "half"},
          "double or float");
  refused({"fc(depth=1, relu)", "--data", data, "--kind", "ntk", "--out", out, "--max-memory", "2X"},
          "number of bytes");
  refused({"fc(depth=1, relu)", "--data", data, "--kind", "ntk", "--out", out, "--max-memory", "1M"}, "ceiling");
  refused({"myrtle(5)", "--data", data, "--kind", "ntk", "--out", out}, "image");
  refused({"fc(depth=300, relu, w=16)", "--data", data, "--kind", "ntk", "--out", out}, "beyond");
  refused({"fc(depth=1, relu)", "--data", data, "--kind", "ntk", "--out", (folder.path() / "no" / "k.npy").string()},
          "no folder");
}

}  // namespace
}  // namespace nke
