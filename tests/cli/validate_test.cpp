// SPDX-License-Identifier: Apache-2.0
// nke validate as a contract: which files it writes, that they do not depend on the machine's mood, and what an
// interrupt leaves.
#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "process.hpp"
#include "support.hpp"

namespace nke {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::contents;
using test::nke_command;
using test::Outcome;
using test::TemporaryFolder;

// Small enough to run in a second or two: this tests the command, not the statistics.
std::vector<std::string> small_run(const std::string& activation, const fs::path& out) {
  return {"validate", activation, "--out",     out.string(), "--data", "gaussian(48,12)", "--points",
          "40",       "--dims",   "32,64,128", "--seeds",    "3",      "--seed",          "7"};
}

std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_directory()) names.push_back(entry.path().lexically_relative(folder).generic_string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST_CASE("nke validate writes a page, a JSON, tables and figures, and says where they are [fact]") {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "new" / "report";
  const Outcome outcome = nke_command(small_run("gelu", out));
  CAPTURE(outcome.err);
  REQUIRE(outcome.status == 0);
  CHECK(outcome.err.empty());
  CHECK(outcome.out.find("report.html") != std::string::npos);
  for (const char* file :
       {"report.html", "report.json", "tables/coefficients.csv", "tables/dual.csv", "tables/shape.csv"}) {
    CHECK(fs::is_regular_file(out / file));
  }
  const auto files = files_below(out);
  const auto count = [&](const std::string& ending) {
    return std::count_if(files.begin(), files.end(), [&](const std::string& name) { return name.ends_with(ending); });
  };
  CHECK(count(".svg") >= 5);
  CHECK(count(".png") == count(".svg"));
  // Only the report's folder appeared, and nothing hidden stayed behind.
  CHECK(std::distance(fs::directory_iterator(folder.path() / "new"), fs::directory_iterator()) == 1);

  const auto report = json::parse(contents(out / "report.json"));
  CHECK(report["passed"] == true);
  CHECK(report["activation"]["text"] == "gelu");
  CHECK(report["provenance"]["version"] == NKE_VERSION);
  CHECK(report["data"].size() == 2);
  CHECK(report["checks"].size() >= 3);
  CHECK(report["verdicts"].size() >= 4);
  for (const auto& data : report["data"]) CHECK(data["by_dimension"]["rows"].size() == 6);

  const std::string page = contents(out / "report.html");
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("src=\"http") == std::string::npos);
}

TEST_CASE("the same seed gives the same bytes on one thread and on two [law]") {
  const TemporaryFolder folder;
  auto one = small_run("max(x,0)+0.1*x", folder.path() / "report");
  auto two = one;
  one.insert(one.end(), {"--threads", "1"});
  two.insert(two.end(), {"--threads", "2"});
  REQUIRE(nke_command(one).status == 0);
  fs::rename(folder.path() / "report", folder.path() / "first");
  REQUIRE(nke_command(two).status == 0);
  const auto files = files_below(folder.path() / "first");
  REQUIRE(files == files_below(folder.path() / "report"));
  REQUIRE(files.size() > 10);
  for (const auto& name : files) {
    CAPTURE(name);
    CHECK(contents(folder.path() / "first" / name) == contents(folder.path() / "report" / name));
  }
}

TEST_CASE("nke validate --json prints one object: where the report is, what it says, which controls passed [fact]") {
  const TemporaryFolder folder;
  auto arguments = small_run("tanh", folder.path() / "r");
  arguments.push_back("--json");
  const Outcome outcome = nke_command(arguments);
  REQUIRE(outcome.status == 0);
  const auto object = json::parse(outcome.out);
  CHECK(object["activation"] == "tanh");
  CHECK(object["passed"] == true);
  CHECK(fs::is_regular_file(object["report"].get<std::string>()));
  CHECK(fs::is_regular_file(object["data"].get<std::string>()));
  for (const auto& check : object["checks"]) CHECK(check["measured"].get<double>() <= check["allowed"].get<double>());
  CHECK(object["verdicts"].size() >= 4);
}

TEST_CASE("another seed gives other sketches but the same facts [law]") {
  const TemporaryFolder folder;
  auto other = small_run("relu", folder.path() / "b");
  other.back() = "8";
  REQUIRE(nke_command(small_run("relu", folder.path() / "a")).status == 0);
  REQUIRE(nke_command(other).status == 0);
  const auto a = json::parse(contents(folder.path() / "a" / "report.json"));
  const auto b = json::parse(contents(folder.path() / "b" / "report.json"));
  CHECK(a["coefficients"]["rows"] == b["coefficients"]["rows"]);
  CHECK(a["data"][0]["by_dimension"]["rows"] != b["data"][0]["by_dimension"]["rows"]);
}

TEST_CASE("an existing folder keeps its other files and gets the new report [law]") {
  const TemporaryFolder folder;
  const fs::path note = folder.path() / "my notes.txt";
  std::filesystem::create_directory(folder.path() / "tables");
  {
    std::FILE* file = std::fopen(note.c_str(), "w");
    std::fputs("mine", file);
    std::fclose(file);
  }
  REQUIRE(nke_command(small_run("tanh", folder.path())).status == 0);
  CHECK(contents(note) == "mine");
  CHECK(fs::exists(folder.path() / "report.html"));
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    CHECK(!entry.path().filename().string().starts_with("."));
  }
}

TEST_CASE("an interrupted run ends with status 130 and leaves nothing [fault]") {
  const TemporaryFolder folder;
  // The folder exists: the hidden working folder appears inside it, which is when the interrupt is sent.
  const std::vector<std::string> long_run = {
      "validate", "gelu",    "--out", folder.path().string(), "--data", "gaussian(2000,64)", "--points",
      "1000",     "--seeds", "101"};
  const Outcome outcome = test::interrupted_nke(long_run, folder.path(), ".nke-unfinished");
  CAPTURE(outcome.err);
  CHECK(outcome.status == 130);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.find("interrupted") != std::string::npos);
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("a folder that cannot be written is refused before any work [fault]") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "file";
  {
    std::FILE* handle = std::fopen(file.c_str(), "w");
    std::fclose(handle);
  }
  for (const fs::path& out : {file, file / "below", fs::path("/proc/nke-report"), fs::path("")}) {
    CAPTURE(out);
    const Outcome outcome = nke_command({"validate", "gelu", "--out", out.string()});
    CHECK(outcome.status == 2);
    CHECK(outcome.err.starts_with("nke: "));
  }
}

TEST_CASE("bad options of validate are refused, naming the option and its limits [fault]") {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "r").string();
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--points", "1"}, "--points"},     {{"--points", "1000000"}, "--points"},
      {{"--degree", "-1"}, "--degree"},    {{"--degree", "999"}, "--degree"},
      {{"--dims", ""}, "--dims"},          {{"--dims", "64,,128"}, "--dims"},
      {{"--dims", "64,1e3"}, "--dims"},    {{"--seeds", "0"}, "--seeds"},
      {{"--seed", "-1"}, "--seed"},        {{"--data", "no-such-set"}, "no-such-set"},
      {{"--threads", "zero"}, "--threads"}};
  for (const auto& [extra, word] : cases) {
    std::vector<std::string> arguments = {"validate", "gelu", "--out", out};
    arguments.insert(arguments.end(), extra.begin(), extra.end());
    const Outcome outcome = nke_command(arguments);
    const std::string option = extra[0] + ' ' + extra[1];  // a binding cannot be captured by clang 14
    CAPTURE(option);
    CAPTURE(outcome.err);
    CHECK(outcome.status == 2);
    CHECK(outcome.err.starts_with("nke: "));
    CHECK(outcome.err.find(word) != std::string::npos);
    CHECK(!fs::exists(out));
  }
}

TEST_CASE("sigma without a second moment on the data is refused, and no folder appears [fault]") {
  const TemporaryFolder folder;
  for (const char* text : {"exp(x^2)", "exp(x^2/4)", "1/x", "log(x)"}) {
    CAPTURE(text);
    const Outcome outcome = nke_command(small_run(text, folder.path() / "r"));
    CAPTURE(outcome.err);
    CHECK((outcome.status == 2 || outcome.status == 3));
    CHECK(outcome.err.starts_with("nke: "));
    CHECK(!fs::exists(folder.path() / "r"));
  }
}

}  // namespace
}  // namespace nke
