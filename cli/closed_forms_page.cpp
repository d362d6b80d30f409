// SPDX-License-Identifier: Apache-2.0
#include "closed_forms_page.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include <nke/exact/activation/named.hpp>
#include <nke/exact/dual/cross_check.hpp>
#include <nke/exact/dual/emit.hpp>
#include <nke/exact/dual/normal_form.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/substitute.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/error.hpp>

namespace nke::cli {
namespace {

// Who printed the dual first, as far as we know; what is not here we have seen nowhere.
struct Publication {
  std::string_view name;
  std::string_view source;
};
constexpr std::string_view cho_and_saul = "Cho & Saul 2009, Kernel methods for deep learning, NIPS";
constexpr std::string_view williams = "Williams 1997, Computing with infinite networks, NIPS 9";
constexpr std::string_view neural_tangents = "Novak et al. 2020, Neural Tangents, arXiv:1912.02803";
constexpr std::string_view elu_and_gelu = "Tsuchida et al. 2021, arXiv:2002.08517";
constexpr std::string_view leaky = "Tsuchida, Roosta & Gallagher 2018, arXiv:1711.09090";
constexpr Publication publications[] = {
    {"relu", cho_and_saul},          {"relu2", cho_and_saul},
    {"repu", cho_and_saul},          {"step", cho_and_saul},
    {"sign", cho_and_saul},          {"abs", leaky},
    {"leaky_relu", leaky},           {"prelu", leaky},
    {"abrelu", neural_tangents},     {"erf", williams},
    {"gelu", elu_and_gelu},          {"elu", elu_and_gelu},
    {"gaussian", williams},          {"sin", neural_tangents},
    {"cos", neural_tangents},        {"sinusoid", neural_tangents},
    {"rbf", neural_tangents},        {"exp", neural_tangents},
    {"identity", neural_tangents},   {"square", neural_tangents},
    {"cube", neural_tangents},       {"monomial", neural_tangents},
    {"polynomial", neural_tangents},
};

std::string_view published_by(std::string_view name) {
  for (const Publication& publication : publications) {
    if (publication.name == name) return publication.source;
  }
  return "derived here";
}

// "leaky_relu(alpha)": the parameters under their own names; nothing if there are none, or one is taken by the formulas.
std::string with_symbols(const NamedActivation& row) {
  std::string list;
  for (const NamedParameter& parameter : row.parameters) {
    const bool taken = parameter.name.size() == 1 && parameter.name[0] >= 'a' && parameter.name[0] <= 'd';
    if (taken) return {};
    list += (list.empty() ? "" : ", ") + std::string(parameter.name);
  }
  return list.empty() ? std::string() : std::string(row.name) + "(" + list + ")";
}

// With symbols if that can be derived and read.
DualFormula formula_of(const NamedActivation& row) {
  constexpr std::size_t longest = 600;
  if (const std::string text = with_symbols(row); !text.empty()) {
    try {
      DualFormula formula = derive_formula(text);
      std::size_t length = 0;
      for (const std::string& line : emit_text(formula)) length += line.size();
      if (length <= longest) return formula;
    } catch (const NoClosedForm&) {
      // such as x^k: only for a number k
    }
  }
  return derive_formula(row.name);
}

constexpr double tolerance = 0x1p-150;  // 7e-46, of the integral

struct Point {
  Rational a;
  Rational b;
  Rational c;
};

// An upper bound of |formula − integral|, the largest of three points.
double worst_difference(const NormalForm& sigma, Expr formula, const std::vector<FormulaParameter>& parameters) {
  const Precision precision = Precision::digits(80);
  const Ball target = Ball::from_double_exactly(tolerance, precision);
  for (const FormulaParameter& parameter : parameters) formula = substitute(formula, parameter.name, *parameter.usual);
  double worst = 0;
  const Point points[] = {{1, 1, Rational(1, 2)}, {Rational(1, 4), 4, Rational(-9, 10)}, {2, 3, Rational(12, 5)}};
  for (const auto& [a, b, c] : points) {
    const Bindings<Ball> at{{"a", Ball(a, precision)}, {"b", Ball(b, precision)}, {"c", Ball(c, precision)}};
    const Ball difference = evaluate<Ball>(formula, at, precision) - dual_by_integral(sigma, a, b, c, target);
    worst = std::fmax(worst, std::fabs(difference.mid()) + difference.radius());
  }
  return worst;
}

// No better than the integral was asked to be.
std::string rounded_up(double error) {
  const double known = std::fmax(error, tolerance);
  return fmt::format("1e{}", static_cast<int>(std::ceil(std::log10(known) - 1e-9)));
}

// The parts of GitHub's Markdown that a formula in text could be taken for.
std::string in_code(std::string_view text) {
  return "`" + std::string(text) + "`";
}

std::string conditions(const DualFormula& formula) {
  std::string text;
  for (const auto& list : {finite_where(formula), assumed(formula)}) {
    for (const std::string& condition : list) text += (text.empty() ? "" : ", ") + in_code(condition);
  }
  return text;
}

std::string parameters(const NamedActivation& row) {
  std::string text;
  for (const NamedParameter& parameter : row.parameters) {
    text += (text.empty() ? "" : ", ") +
            in_code(std::string(parameter.name) + " = " + std::string(parameter.default_value));
  }
  return text;
}

// GitHub's anchors of headings are in small letters.
std::string anchor(std::string_view name) {
  std::string text(name);
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

struct Entry {
  const NamedActivation* row;
  DualFormula formula;
  double error = 0;
};

Entry checked(const NamedActivation& row) {
  Entry entry{&row, formula_of(row)};
  const NormalForm sigma = normal_form(activation(row.name));
  entry.error = std::fmax(worst_difference(sigma, *entry.formula.value, entry.formula.parameters),
                          worst_difference(derivative(sigma), *entry.formula.derivative, entry.formula.parameters));
  constexpr double largest = 1e-40;
  if (!(entry.error <= largest)) {
    throw DataError("the closed form of " + std::string(row.name),
                    fmt::format("and the integral differ by {:.1e}", entry.error));
  }
  return entry;
}

std::string section(const Entry& entry) {
  const NamedActivation& row = *entry.row;
  std::string text = fmt::format("\n### {}\n{}; {}.", row.name, row.description, row.closed_form_reason);
  if (!row.parameters.empty()) text += " Usual " + parameters(row) + ".";
  text += fmt::format(" Dual: {}. Difference from the integral: at most {}.\n", published_by(row.name),
                      rounded_up(entry.error));
  const std::string command = in_code("nke derive \"" + entry.formula.activation + "\"");
  text += "\n```math\n\\sigma(x) = " + to_latex(*entry.formula.sigma) + "\n```\n```math\n" + emit_latex(entry.formula) +
          "```\n";
  text += command;
  if (const std::string where = conditions(entry.formula); !where.empty()) text += ", for " + where;
  if (entry.formula.jumps) {
    text += ". σ jumps: $\\partial K/\\partial c = \\dot K + " + to_latex(*entry.formula.jumps) + "$";
  }
  return text + "\n";
}

constexpr std::string_view head = R"(# Closed forms

Written by `nke list --format markdown > docs/closed-forms.md`; a test compares. Every formula on this page was derived by nke from the
expression of σ when the page was made, printed, evaluated as printed, and compared with an integral.

- $K(a,b,c) = \mathrm{E}\,\sigma(u)\sigma(v)$ and $\dot K(a,b,c) = \mathrm{E}\,\sigma'(u)\sigma'(v)$ for a centred normal pair
  $(u, v)$ with variances $a$, $b$ and covariance $c$; $\sigma'$ is the almost-everywhere derivative. Where σ jumps,
  $\partial K/\partial c$ is larger than $\dot K$ by what is stated.
- $\Phi$ and $\varphi$ are the distribution function and the density of N(0,1);
  $\Phi_2(h, k, x, y)$ is the probability that two such variables of correlation $x/\sqrt{x^2+y^2}$ are at most $h$ and $k$;
  $\operatorname{atan2}(y, x)$ is the angle of the point $(x, y)$.
- **Difference from the integral**: at (a, b, c) = (1, 1, 1/2), (1/4, 4, −9/10) and (2, 3, 12/5), over K and K̇, parameters at their usual
  values. The integral is one over u with E[σ(v) | u] in closed form, by certified quadrature: it shares nothing with the formula but σ. The
  number bounds the difference, rounding and quadrature included.
- **Dual**: who published it, as far as we know; "derived here" where we know of nobody. [published-formulas.md](published-formulas.md)
  compares the published ones.
- For evaluation these forms are not the best: `--format cpp` and `python` print forms in which ab is never subtracted from c².
)";

}  // namespace

std::string closed_forms_page() {
  std::vector<Entry> entries;
  for (const NamedActivation& row : named_activations()) {
    if (row.closed_form == ClosedFormClass::in) entries.push_back(checked(row));
  }
  std::string text(head);
  text += "\n| activation | σ(x) | class | dual | difference from the integral |\n|---|---|---|---|---|\n";
  for (const Entry& entry : entries) {
    text += fmt::format("| [{}](#{}) | {} | {} | {} | {} |\n", entry.row->name, anchor(entry.row->name),
                        in_code(entry.row->expression), entry.row->closed_form_reason, published_by(entry.row->name),
                        rounded_up(entry.error));
  }
  text += "\n## The formulas\n";
  for (const Entry& entry : entries) text += section(entry);
  return text;
}

}  // namespace nke::cli
