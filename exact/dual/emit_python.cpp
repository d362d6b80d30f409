// SPDX-License-Identifier: Apache-2.0
#include <nke/exact/dual/emit.hpp>

#include "emit_layout.hpp"

namespace nke {
namespace {

constexpr std::string_view numpy_prepared = R"(def _product(x, y):
    """x*y, and what rounding took from it: Dekker's splitting into halves of 26 bits."""
    def halves(z):
        t = 134217729.0 * z
        high = t - (t - z)
        return high, z - high
    p = x * y
    (xh, xl), (yh, yl) = halves(x), halves(y)
    return p, ((xh * yh - p) + xh * yl + xl * yh) + xl * yl


def _prepared(a, b, c):
    """Variances, covariance and d = a*b - c*c, without the cancellation; singular ones moved off by a rounding error."""
    a, b, c = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (a, b, c)))
    a, b = np.maximum(a, 1e-90), np.maximum(b, 1e-90)
    (p, e), (q, f) = _product(a, b), _product(c, c)
    return a, b, c, np.maximum((p - q) + (e - f), 1e-40 * p)
)";

constexpr std::string_view jax_prepared = R"(def _product(x, y, splitter):
    """x*y, and what rounding took from it: Dekker's splitting into halves."""
    def halves(z):
        t = splitter * z
        high = t - (t - z)
        return high, z - high
    p = x * y
    (xh, xl), (yh, yl) = halves(x), halves(y)
    return p, ((xh * yh - p) + xh * yl + xl * yh) + xl * yl


def _prepared(a, b, c):
    """Variances, covariance and d = a*b - c*c, without the cancellation; singular ones moved off by a rounding error."""
    kind = np.finfo(np.result_type(float, c))
    smallest = float(kind.tiny)**0.25
    splitter = 2.0**((kind.nmant + 2) // 2) + 1
    a, b = np.maximum(a, smallest), np.maximum(b, smallest)
    (p, e), (q, f) = _product(a, b, splitter), _product(c, c, splitter)
    return a, b, c, np.maximum((p - q) + (e - f), float(kind.eps)**2.5 * p)
)";

std::string indented(const std::string& text, const std::string& indent) {
  std::string result;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin) + 1;
    const std::string line = text.substr(begin, end - begin);
    result += (line == "\n" ? "" : indent) + line;
    begin = end;
  }
  return result;
}

std::string docstring(const std::vector<std::string>& lines) {
  std::string text = "\"\"\"";
  for (const std::string& line : lines) text += line + "\n";
  return text + "\"\"\"\n";
}

// "return" and the like; long ones over several lines, which Python wants in parentheses.
std::string statement(const std::string& head, const std::string& value) {
  const auto lines = cut_code(value);
  if (lines.size() == 1) return head + value + "\n";
  std::string text = head + "(" + lines.front();
  for (std::size_t i = 1; i < lines.size(); ++i) text += "\n    " + lines[i];
  return text + ")\n";
}

bool depends_on_covariance(const Expr& e) {
  return depends_on(e, "a") || depends_on(e, "b") || depends_on(e, "c") || depends_on(e, "d");
}

// The lines of a function after its first, without indentation.
std::string body(const Expr& e, Language language, const std::string& prepared, std::set<Function>& called) {
  const Code code = to_python(std::vector{e}, language);
  called.insert(code.functions.begin(), code.functions.end());
  std::string text = prepared;
  for (const auto& [local, value] : code.locals) text += statement(local + " = ", value);
  const std::string& result = code.results.front();
  return text +
         statement("return ", depends_on_covariance(e) ? result : "np.full_like(c, " + result + ", dtype=float)");
}

std::string imports(const std::string& definitions) {
  return definitions.find("math.") == std::string::npos ? "" : "import math\n\n";
}

}  // namespace

std::string emit_numpy(const DualFormula& formula) {
  std::set<Function> called;
  std::string functions;
  const auto add = [&](const std::string& name, const std::string& what, const Expr& e) {
    functions += "\n\ndef " + name + "(" + parameter_list(formula, Language::numpy, "a, b, c") + "):\n    \"\"\"" +
                 what + "; arrays broadcast.\"\"\"\n" +
                 indented(body(e, Language::numpy, "a, b, c, d = _prepared(a, b, c)\n", called), "    ");
  };
  if (formula.stable_value) add(formula.name + "_dual", "K(a, b, c)", *formula.stable_value);
  if (formula.stable_derivative) add(formula.name + "_dual_derivative", "K'(a, b, c)", *formula.stable_derivative);
  const std::string definitions = code_definitions(called, Language::numpy);
  std::string text = docstring(about(formula, "python"));
  text += imports(definitions) + "import numpy as np\n\n\n" + definitions + (definitions.empty() ? "" : "\n\n");
  return text + std::string(numpy_prepared) + functions;
}

std::string emit_neural_tangents(const DualFormula& formula) {
  if (!formula.stable_value || !formula.stable_derivative) {
    throw DomainError("a Neural Tangents layer needs both K and K'");
  }
  std::set<Function> called;
  const auto function = [&](const std::string& head, const std::string& text) {
    return "    def " + head + ":\n" + indented(text, "        ") + "\n";
  };
  const std::string prepared = "a, b, c, d = _prepared(var1, var2, cov12)\n";
  std::string layer = "def " + formula.name + "_layer(" + parameter_list(formula, Language::jax, "") + "):\n";
  layer += "    \"\"\"The layer, for stax.serial.\"\"\"\n";
  if (formula.sigma) {
    const Code code = to_python(std::vector{*formula.sigma}, Language::jax);
    called.insert(code.functions.begin(), code.functions.end());
    std::string text;
    for (const auto& [local, value] : code.locals) text += statement(local + " = ", value);
    layer += function("fn(x)", text + statement("return ", code.results.front()));
  }
  layer += function("nngp_fn(cov12, var1, var2)", body(*formula.stable_value, Language::jax, prepared, called));
  layer += function("d_nngp_fn(cov12, var1, var2)", body(*formula.stable_derivative, Language::jax, prepared, called));
  layer += std::string("    return stax.Elementwise(") + (formula.sigma ? "fn" : "None") + ", nngp_fn, d_nngp_fn)\n";
  const std::string definitions = code_definitions(called, Language::jax);
  std::string text = docstring(about(formula, "neural-tangents"));
  text += "from jax import numpy as np\nfrom neural_tangents import stax\n\n\n";
  text += definitions + (definitions.empty() ? "" : "\n\n") + std::string(jax_prepared) + "\n\n";
  return text + layer;
}

}  // namespace nke
