// SPDX-License-Identifier: Apache-2.0
// Emitted C++ is compiled by the system's compiler and run.
#include <cstdio>

#include "emit_cases.hpp"
#include "run.hpp"
#include "support.hpp"

namespace nke::test {
namespace {

std::string number(double x) {
  char text[64];
  std::snprintf(text, sizeof text, "%.17g", x);
  return text;
}

std::string list(const std::vector<double>& values) {
  std::string text;
  for (const double x : values) text += (text.empty() ? "" : ", ") + number(x);
  return text;
}

}  // namespace

TEST_CASE("emitted C++ compiles alone without a warning and computes K and K' to 1e-13 [law]") {
  const Workshop shop;
  std::string program = "#include <cstdio>\n";
  std::string calls;
  for (const DualFormula& formula : emit_cases()) {
    shop.write(formula.name + ".hpp", emit_cpp(formula));
    program += "#include \"" + formula.name + ".hpp\"\n";
    for (const char* dual : {"_dual", "_dual_derivative"}) {
      calls += "  for (int i = 0; i < n; ++i) std::printf(\"%.17g\\n\", " + formula.name + dual +
               "(as[i], bs[i], cs[i]));\n";
    }
  }
  // Parameters without a usual value are arguments without a default, also where they are not used.
  DualFormula free = derive_formula("t*x + theta");
  free.name = "free_parameters";
  shop.write("free.hpp", emit_cpp(free));
  program += "#include \"free.hpp\"\n";
  const Covariances& grid = emit_grid();
  program += "const int n = " + std::to_string(grid.a.size()) + ";\n";
  program += "const double as[] = {" + list(grid.a) + "};\nconst double bs[] = {" + list(grid.b) +
             "};\nconst double cs[] = {" + list(grid.c) + "};\nint main() {\n" + calls +
             "  return free_parameters_dual_derivative(1.0, 1.0, 0.5, 2.0, 3.0) == 4.0 ? 0 : 1;\n}\n";
  shop.write("main.cpp", program);
  const auto compiled = shop.run({NKE_CXX, "-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1",
                                  "-ffp-contract=off", "main.cpp", "-o", "duals"});
  CAPTURE(compiled.output);
  REQUIRE(compiled.status == 0);
  const auto ran = shop.run({"./duals"});
  REQUIRE(ran.status == 0);
  check_agreement(numbers(ran.output), "C++");
}

}  // namespace nke::test
