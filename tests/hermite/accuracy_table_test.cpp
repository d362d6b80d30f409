// SPDX-License-Identifier: Apache-2.0
// docs/generated/accuracy.md says how exact the fast duals are. Is it so at points its program did not draw?
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <nke/exact/activation/named.hpp>

#include "dual_grid.hpp"
#include "support.hpp"

namespace {

struct Stated {
  double doubles = 0, floats = 0;
};

// | `name` | seen | stated | seen | stated | seen | stated |
std::map<std::string, Stated> table() {
  std::ifstream in(std::string(NKE_SOURCE_DIR) + "/docs/generated/accuracy.md");
  std::map<std::string, Stated> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("| `", 0) != 0) continue;
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, '|');) cells.push_back(cell);
    REQUIRE(cells.size() >= 6);
    const std::string name = cells[1].substr(2, cells[1].rfind('`') - 2);
    rows[name] = {std::stod(cells[3]), std::stod(cells[5])};
  }
  return rows;
}

template <class T>
void check(const nke::FastDual& dual, const nke::test::ProvenDual& proven, nke::test::GridPoint p, double stated) {
  if constexpr (sizeof(T) == sizeof(float)) p = nke::test::rounded_to_float(p);
  CAPTURE(p.a);
  CAPTURE(p.b);
  CAPTURE(p.c);
  const auto want = proven.at(p);
  if (want && nke::test::fits<T>(*want)) CHECK(nke::test::largest_error<T>(dual, p, *want) <= stated);
}

}  // namespace

TEST_CASE("the fast duals are as exact as the table in docs says [law]") {
  CAPTURE(nke::test::seed());
  const std::map<std::string, Stated> rows = table();
  std::size_t found = 0;
  for (const nke::NamedActivation& row : nke::named_activations()) {
    if (row.closed_form != nke::ClosedFormClass::in) continue;
    const std::string name(row.name);
    CAPTURE(name);
    REQUIRE(rows.contains(name));
    ++found;
    const Stated& stated = rows.at(name);
    const nke::Activation sigma = nke::activation(name);
    const nke::test::ProvenDual proven(sigma);
    const nke::FastDual dual(sigma, {.min_variance = 0.1, .max_variance = 10});
    for (const auto& p : nke::test::dual_grid(nke::test::iterations(3), 0.1, 10, nke::test::seed())) {
      check<double>(dual, proven, p, stated.doubles);
      check<float>(dual, proven, p, stated.floats);
    }
  }
  CHECK(found == rows.size());
}
