// SPDX-License-Identifier: Apache-2.0
#include <nke/exact/dual/emit.hpp>

#include "emit_layout.hpp"

namespace nke {
namespace {

constexpr std::string_view determinant =
    R"(// a*b - c*c: fused multiply-adds put back what the products lose by rounding.
inline double determinant(double a, double b, double c) {
  const double p = c * c;
  return std::fma(a, b, -p) + std::fma(-c, c, p);
}
)";

bool needs_determinant(const DualFormula& formula) {
  return (formula.stable_value && depends_on(*formula.stable_value, "d")) ||
         (formula.stable_derivative && depends_on(*formula.stable_derivative, "d"));
}

// "double a", or without the name where the function does not use it.
std::string argument(const Expr& e, const std::string& name) {
  return depends_on(e, name) || depends_on(e, "d") ? "double " + name : "double /*" + name + "*/";
}

std::string statement(const std::string& head, const std::string& value) {
  std::string text;
  for (const std::string& line : cut_code(value)) {
    text += text.empty() ? "  " + head : "\n      ";
    text += line;
  }
  return text + ";\n";
}

std::string function(const DualFormula& formula, const std::string& name, const std::string& what, const Expr& e,
                     std::set<Function>& functions) {
  const Code code = to_cpp(std::vector{e});
  const std::string arguments = argument(e, "a") + ", " + argument(e, "b") + ", " + argument(e, "c");
  functions.insert(code.functions.begin(), code.functions.end());
  std::string text =
      "// " + what + "\ninline double " + name + "(" + parameter_list(formula, Language::cpp, arguments, &e) + ") {\n";
  text += "  using namespace " + formula.name + "_code;\n";
  const bool with_d = depends_on(e, "d");
  for (const char* variance : {"a", "b"}) {
    if (with_d || depends_on(e, variance)) {
      text += "  " + std::string(variance) + " = std::fmax(" + variance + ", 1e-90);\n";
    }
  }
  if (with_d) text += "  const double d = std::fmax(determinant(a, b, c), 1e-40 * (a * b));\n";
  for (const auto& [local, value] : code.locals) text += statement("const double " + local + " = ", value);
  return text + statement("return ", code.results.front()) + "}\n";
}

}  // namespace

std::string emit_cpp(const DualFormula& formula) {
  std::set<Function> called;
  std::string functions;
  if (formula.stable_value) {
    functions += "\n" + function(formula, formula.name + "_dual", "K(a, b, c)", *formula.stable_value, called);
  }
  if (formula.stable_derivative) {
    functions +=
        "\n" + function(formula, formula.name + "_dual_derivative", "K'(a, b, c)", *formula.stable_derivative, called);
  }
  std::string text;
  for (const std::string& line : about(formula, "cpp")) text += "// " + line + "\n";
  text += "#pragma once\n\n#include <cmath>\n\nnamespace " + formula.name + "_code {\n";
  if (needs_determinant(formula)) text += "\n" + std::string(determinant);
  if (const std::string definitions = code_definitions(called, Language::cpp); !definitions.empty()) {
    text += "\n" + definitions;
  }
  return text + "\n}  // namespace " + formula.name + "_code\n" + functions;
}

}  // namespace nke
