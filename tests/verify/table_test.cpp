// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>

#include <nlohmann/json.hpp>

#include <nke/exact/real/error.hpp>
#include <nke/verify/table.hpp>

#include "support.hpp"

namespace nke {
namespace {

Table sample() {
  Table table(
      "errors", "Error against dimension",
      {{"dimension", "features", "features of one map"}, {"error", "relative", "median"}, {"note", "", "text"}});
  table.set_provenance({{"made by", "nke 0.1.0"}, {"seed", "1"}});
  table.add_row({std::int64_t{512}, 0.25, std::string("plain")});
  table.add_row({std::int64_t{1024}, std::numeric_limits<double>::infinity(), std::string("a, \"quoted\"\nfield")});
  table.add_row({std::int64_t{2048}, std::numeric_limits<double>::quiet_NaN(), std::monostate{}});
  return table;
}

TEST_CASE("CSV has provenance and units as comments, then a header, then quoted fields [fact]") {
  CHECK(to_csv(sample()) ==
        "# Error against dimension\n"
        "# made by: nke 0.1.0\n"
        "# seed: 1\n"
        "# column dimension [features]: features of one map\n"
        "# column error [relative]: median\n"
        "# column note: text\n"
        "dimension,error,note\n"
        "512,0.25,plain\n"
        "1024,inf,\"a, \"\"quoted\"\"\nfield\"\n"
        "2048,nan,\n");
}

TEST_CASE("JSON keeps order, types, units, and says what is not a finite number [fact]") {
  const auto json = nlohmann::ordered_json::parse(to_json(sample()));
  CHECK(json["name"] == "errors");
  CHECK(json["provenance"]["seed"] == "1");
  CHECK(json["columns"][1]["unit"] == "relative");
  CHECK(json["rows"][0][0] == 512);
  CHECK(json["rows"][0][0].is_number_integer());
  CHECK(json["rows"][0][1] == 0.25);
  CHECK(json["rows"][1][1] == "inf");
  CHECK(json["rows"][2][1] == "nan");
  CHECK(json["rows"][2][2].is_null());
}

TEST_CASE("Every double is printed so that it reads back as itself [law]") {
  std::mt19937_64 random(test::seed());
  CAPTURE(test::seed());
  for (int run = 0; run < test::iterations(2000); ++run) {
    const std::uint64_t bits = random();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    CHECK(std::strtod(to_text(value).c_str(), nullptr) == value);
  }
  CHECK(to_text(0.1) == "0.1");
  CHECK(to_text(-0.0) == "-0");
}

TEST_CASE("A column comes back as numbers, with NaN where there is none [fact]") {
  const auto errors = sample().numbers("error");
  REQUIRE(errors.size() == 3);
  CHECK(errors[0] == 0.25);
  CHECK(std::isnan(errors[2]));
  CHECK(sample().numbers("dimension")[2] == 2048);
  CHECK(std::isnan(sample().numbers("note")[0]));
}

TEST_CASE("A line break in provenance cannot forge a row [fault]") {
  Table table("t", "title", {{"x", "", "x"}});
  table.set_provenance({{"activation", "relu\n1,2,3"}});
  CHECK(to_csv(table) == "# title\n# activation: relu 1,2,3\n# column x: x\nx\n");
}

TEST_CASE("Text that is not UTF-8 still makes a JSON document [fault]") {
  Table table("t", "bad \xff byte", {{"x", "", "x"}});
  CHECK(nlohmann::json::parse(to_json(table))["rows"].empty());
}

TEST_CASE("Rows of the wrong length, unknown columns and repeated names are refused [fault]") {
  Table table = sample();
  CHECK_THROWS_AS(table.add_row({std::int64_t{1}}), ShapeError);
  CHECK_THROWS_AS(table.numbers("absent"), DomainError);
  CHECK_THROWS_AS(Table("t", "t", {{"x", "", ""}, {"x", "", ""}}), DomainError);
}

TEST_CASE("A table is written under its own name, and nothing is left when the folder cannot be written [fault]") {
  const auto folder = std::filesystem::temp_directory_path() / ("nke-table-" + std::to_string(std::random_device{}()));
  std::filesystem::create_directory(folder);
  write_csv(sample(), folder);
  std::ifstream file(folder / "errors.csv");
  std::stringstream text;
  text << file.rdbuf();
  CHECK(text.str() == to_csv(sample()));
  CHECK_THROWS_AS(write_csv(sample(), folder / "absent"), DataError);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace nke
