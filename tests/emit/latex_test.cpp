// SPDX-License-Identifier: Apache-2.0
// Emitted LaTeX is typeset; emitted text is read back.
#include <algorithm>
#include <map>

#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/substitute.hpp>

#include "emit_cases.hpp"
#include "run.hpp"
#include "support.hpp"

namespace nke::test {

TEST_CASE("emitted LaTeX compiles with amsmath [fact]") {
  REQUIRE_MESSAGE(std::string(NKE_LATEX) != "", "no LaTeX; see scripts/install-deps.sh --test");
  const Workshop shop;
  std::string document = "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n";
  for (const DualFormula& formula : emit_cases()) document += "\\[\n" + emit_latex(formula) + "\\]\n";
  shop.write("duals.tex", document + "\\end{document}\n");
  const auto typeset = shop.run({NKE_LATEX, "-interaction=nonstopmode", "-halt-on-error", "duals.tex"});
  CAPTURE(typeset.output);
  CHECK(typeset.status == 0);
  CHECK(typeset.output.find("Output written") != std::string::npos);
}

TEST_CASE("the text of a dual reads back as the same formulas [law]") {
  for (const DualFormula& formula : emit_cases()) {
    CAPTURE(formula.name);
    // "K(a,b,c)  = …", "K'(a,b,c) = …", "where s = …", "t = …"; what has no " = " of its own goes on with the line before.
    std::vector<std::pair<std::string, std::string>> equations;
    for (const std::string& line : emit_text(formula)) {
      const std::size_t equals = line.find(" = ");
      if (equals == std::string::npos) {
        REQUIRE_FALSE(equations.empty());
        equations.back().second += "\n" + line;
        continue;
      }
      const std::size_t end = line.find_last_not_of(' ', equals) + 1;
      const std::size_t begin = line.rfind(' ', end - 1) + 1;
      equations.emplace_back(line.substr(begin, end - begin), line.substr(equals + 3));
    }
    std::map<std::string, Expr> read;
    for (const auto& [name, text] : equations) read.emplace(name, parse_expression(text));
    REQUIRE(read.count("K(a,b,c)") == 1);
    REQUIRE(read.count("K'(a,b,c)") == 1);
    for (const char* name : {"K(a,b,c)", "K'(a,b,c)"}) {
      Expr e = read.at(name);
      for (auto part = equations.rbegin(); part != equations.rend(); ++part) {
        const auto& parameters =
            formula.parameters;  // their values are printed too, but they are symbols of the formula
        const bool parameter = std::any_of(parameters.begin(), parameters.end(),
                                           [&](const FormulaParameter& p) { return p.name == part->first; });
        if (part->first[0] != 'K' && !parameter) e = substitute(e, part->first, read.at(part->first));
      }
      CHECK(e == (name[1] == '(' ? *formula.value : *formula.derivative));
    }
  }
}

}  // namespace nke::test
