// SPDX-License-Identifier: Apache-2.0
// nke derive: the dual of an activation as a formula, for a reader, a paper or a program.
#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <nke/exact/dual/emit.hpp>
#include <nke/exact/dual/given_dual.hpp>
#include <nke/exact/dual/normal_form.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/verify/version.hpp>

#include "commands.hpp"
#include "output.hpp"

namespace nke::cli {
namespace {

struct DeriveOptions {
  CommonOptions common;
  std::string activation;
  std::string format = "text";
  bool derivative = false;
  bool distributional = false;
  bool all = false;
};

constexpr std::size_t width = 100;

struct Format {
  std::string_view name;
  std::string (*emit)(const DualFormula&);
  bool is_code;
};
// Beside "text", which is for people.
constexpr Format formats[] = {{"latex", emit_latex, false},
                              {"cpp", emit_cpp, true},
                              {"python", emit_numpy, true},
                              {"neural-tangents", emit_neural_tangents, true}};

// The format asked for, or null for text.
const Format* find_format(const std::string& name) {
  if (name == "text") return nullptr;
  std::string names = "text";
  for (const Format& format : formats) {
    if (format.name == name) return &format;
    names += ", " + std::string(format.name);
  }
  throw DomainError("--format " + name + " is none of " + names);
}

std::string list(const std::vector<std::string>& parts, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? std::string(last) : ", ";
    text += parts[i];
  }
  return text;
}

void print_paragraph(const std::string& text) {
  print(wrapped(text, width, 0) + "\n");
}

// A formula in a sentence or on one line.
std::string brief(const Expr& e) {
  constexpr std::uint64_t longest = 400;
  return e.tree_size() > longest ? "an expression of " + std::to_string(node_count(e)) + " operations" : to_text(e);
}

// Null for what is only written with names for its parts ("text").
nlohmann::ordered_json json_formula(const Expr& e) {
  return e.tree_size() > print_size_limit ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(to_text(e));
}

// Formulas first, then what they mean and where they hold.
void print_text(const DualFormula& formula, const DeriveOptions& options) {
  if (formula.sigma) print(fmt::format("sigma(x)  = {}\n", to_text(*formula.sigma)));
  for (const std::string& line : emit_text(formula)) print(line + "\n");
  if (options.all && formula.mean) print(fmt::format("E sigma(u)   = {}\n", brief(*formula.mean)));
  if (options.all && formula.diagonal) print(fmt::format("E sigma(u)^2 = {}\n", brief(*formula.diagonal)));
  print("\n");
  if (formula.sigma) {
    std::vector<std::string> meaning;
    if (formula.value) meaning.emplace_back("K(a,b,c) = E[sigma(u) sigma(v)]");
    if (formula.derivative) meaning.emplace_back("K'(a,b,c) = E[sigma'(u) sigma'(v)]");
    print_paragraph(list(meaning, ", ") + " for (u,v) ~ N(0, [[a,c],[c,b]]), a, b >= 0, c^2 <= a*b.");
  } else {
    print_paragraph("K' = dK/dc, for a, b >= 0, c^2 <= a*b.");
  }
  if (const auto where = finite_where(formula); !where.empty()) {
    const auto& all = formula.integrable_where_positive;
    const bool with_d = std::any_of(all.begin(), all.end(), [](const Expr& e) { return depends_on(e, "d"); });
    print_paragraph("Finite where " + list(where, " and ") + (with_d ? ", d = a*b - c^2." : "."));
  }
  if (const auto conditions = assumed(formula); !conditions.empty()) {
    print_paragraph("Holds for " + list(conditions, " and ") + ".");
  }
  if (!formula.jumps || !formula.derivative) return;
  if (formula.distributional) {
    print_paragraph("sigma jumps, and K' includes the jumps: K' = dK/dc.");
  } else {
    print_paragraph("sigma jumps: dK/dc = K' + " + brief(*formula.jumps) + " (--distributional adds it to K').");
  }
}

nlohmann::ordered_json object_of(const DualFormula& formula, const DeriveOptions& options) {
  nlohmann::ordered_json object;
  object["activation"] = options.activation;
  if (formula.sigma) object["sigma"] = to_text(*formula.sigma);
  auto parameters = nlohmann::ordered_json::array();
  for (const FormulaParameter& parameter : formula.parameters) {
    nlohmann::ordered_json entry;
    entry["name"] = parameter.name;
    entry["default"] = parameter.usual ? nlohmann::ordered_json(to_text(*parameter.usual)) : nullptr;
    parameters.push_back(std::move(entry));
  }
  object["parameters"] = std::move(parameters);
  object["distributional"] = formula.distributional;
  if (formula.value) object["value"] = json_formula(*formula.value);
  if (formula.derivative) object["derivative"] = json_formula(*formula.derivative);
  object["jumps"] = formula.jumps ? json_formula(*formula.jumps) : "0";
  if (formula.mean) object["mean"] = json_formula(*formula.mean);
  if (formula.diagonal) object["diagonal"] = json_formula(*formula.diagonal);
  object["finite_where"] = finite_where(formula);
  object["assumptions"] = assumed(formula);
  if (formula.error) object["error_measured"] = *formula.error;
  std::string text;
  for (const std::string& line : emit_text(formula)) text += line + "\n";
  object["text"] = text;
  const bool both = formula.value && formula.derivative;
  for (const Format& format : formats) {
    if (both || format.emit != emit_neural_tangents) object[std::string(format.name)] = format.emit(formula);
  }
  return object;
}

// A dual given as an expression in a, b, c is a formula already: what is added is K' = dK/dc, and the other formats.
DualFormula given_formula(const GivenDual& given) {
  DualFormula formula;
  formula.name = "given";
  formula.activation = given.name;
  formula.value = formula.stable_value = given.value;
  formula.derivative = formula.stable_derivative = given.derivative;
  return formula;
}

DualFormula formula_of(const DeriveOptions& options, const Format* format) {
  DualFormula formula;
  try {
    const auto given = read_given_dual(options.activation);
    formula = given ? given_formula(*given) : derive_formula(options.activation, options.distributional);
  } catch (const NoClosedForm& refusal) {
    throw DomainError(std::string(refusal.what()) +
                      "; for proven values without a formula: nke dual ACT --a A --b B --c C --mode reference");
  }
  formula.version = version();
  if (options.derivative && (format == nullptr || format->emit != emit_neural_tangents)) {
    formula.value.reset();
    formula.stable_value.reset();
  }
  if (options.common.json || (format != nullptr && format->is_code)) formula.error = measure_dual_error(formula);
  return formula;
}

Exit run_derive(const DeriveOptions& options) {
  const Format* format = find_format(options.format);
  const DualFormula formula = formula_of(options, format);
  if (options.common.json) {
    print_json(object_of(formula, options));
  } else if (format != nullptr) {
    print(format->emit(formula));
  } else {
    print_text(formula, options);
  }
  return Exit::done;
}

}  // namespace

void add_derive(CommandLine& line) {
  auto options = std::make_shared<DeriveOptions>();
  line.verb("derive", "the formula of the dual: text, LaTeX, C++, numpy, Neural Tangents",
            [options] { return run_derive(*options); })
      .argument("ACT", options->activation, "a name or an expression in x; other symbols stay symbols")
      .flag("--derivative", options->derivative, "K' alone")
      .option("--format", "FORMAT", options->format, "text (default), latex, cpp, python or neural-tangents")
      .flag("--distributional", options->distributional, "let K' include the jumps of sigma")
      .flag("--all", options->all, "also E sigma(u) and E sigma(u)^2 (text)")
      .common(options->common)
      .footer(
          "Examples:\n"
          "  nke derive gelu\n"
          "  nke derive \"leaky_relu(alpha)\" --format latex\n"
          "  nke derive \"x*Phi(p*x)\" --format cpp > gated.hpp");
}

}  // namespace nke::cli
