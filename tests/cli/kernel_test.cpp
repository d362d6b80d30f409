// SPDX-License-Identifier: Apache-2.0
#include <csignal>

#include <nlohmann/json.hpp>

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
